// What query i may see of key j, and the score that it gives: scale · q · k, capped, with the mask; −∞ where it must not look.
// Query i stands at p = i + offset and looks at p − sizes.left <= j <= p + sizes.right; padding: j < valid[b].
// The slots are for the forms of mask and valid: kernels/attention.ts.
//#include math

// (keys that batch entry b has, how far queries stand behind their index)
fn cache_of(b: u32) -> vec2<i32> {
  //#slot cache
}

fn mask_of(b: u32, h: u32, i: u32, j: u32) -> f32 {
  //#slot mask
}

fn may_see(cache: vec2<i32>, i: u32, j: u32) -> bool {
  let p = i32(i) + cache.y;
  return i32(j) < cache.x && i32(j) >= p - sizes.left && i32(j) <= p + sizes.right;
}

fn score(cache: vec2<i32>, place: vec4<u32>, product: f32) -> f32 {
  if (!may_see(cache, place.z, place.w)) { return -math_infinity(); }
  var s = product * sizes.scale;
  if (HAS_CAP) { s = sizes.cap * math_tanh(s / sizes.cap); }
  return s + mask_of(place.x, place.y, place.z, place.w);
}

// −∞, told by its bits: a compiler may believe that there are no infinities.
fn is_blocked(s: f32) -> bool {
  return bitcast<u32>(s) == 0xff800000u;
}

// e^(s − most), 0 for what must not be seen.
fn weight(s: f32, most: f32) -> f32 {
  return select(math_exp(s - most), 0.0, is_blocked(s));
}
