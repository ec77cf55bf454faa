// y[part, o, k] = Σ dy[b, o, p] · x[b, c, p·stride − pad + t·dilation] with k = (c, t) over channels and taps of o's group,
// over the places p of all images that belong to a part.
// x [batch, groups·C, D, H, W], dy [batch, groups·O, D', H', W'], y [parts, groups·O, C·TAPS].
// One invocation computes 4 channels × 4 terms, a workgroup a square tile of 4·SIDE.
// Workgroup memory: a tile of each matrix, about 32·SIDE² bytes: 2.2 KiB for SIDE 8.
// The idea: an implicit product of matrices [O, places] · [places, K]; every loaded element is used 4·SIDE times.
//#include window

var<workgroup> slope_tile: array<vec4<f32>, SIDE * (SIDE + 1)>;
var<workgroup> x_tile: array<vec4<f32>, SIDE * (SIDE + 1)>;

fn slopes(group: i32, o: i32, place: i32, end: i32) -> vec4<f32> {
  var found = vec4<f32>();
  if (place >= end) { return found; }
  let out_size = sizes.out_d * sizes.out_h * sizes.out_w;
  let at = split(place, out_size);
  let row = (at.x * sizes.groups + group) * sizes.out_per_group;
  for (var j = 0; j < 4; j++) {
    if (o + j < sizes.out_per_group) { found[j] = dy_at(u32((row + o + j) * out_size + at.y)); }
  }
  return found;
}

// What term k sees where windows begin at `start`.
fn seen(first: i32, start: vec3<i32>, k: i32) -> f32 {
  if (k >= sizes.terms) { return 0.0; }
  let t = k % i32(TAPS);
  let row = t / i32(KERNEL_W);
  let tap = vec3<i32>(row / i32(KERNEL_H), row % i32(KERNEL_H), t % i32(KERNEL_W));
  let at = start + tap * vec3<i32>(sizes.dilation_d, sizes.dilation_h, sizes.dilation_w);
  let size = vec3<i32>(sizes.in_d, sizes.in_h, sizes.in_w);
  if (any(at < vec3<i32>()) || any(at >= size)) { return 0.0; }
  return x_at(u32((((first + k / i32(TAPS)) * size.x + at.x) * size.y + at.y) * size.z + at.z));
}

fn image(group: i32, k: i32, place: i32, end: i32) -> vec4<f32> {
  if (place >= end) { return vec4<f32>(); }
  let at = split(place, sizes.out_d * sizes.out_h * sizes.out_w);
  let start = start_of(place_of(at.y));
  let first = (at.x * sizes.groups + group) * sizes.in_per_group;
  return vec4<f32>(seen(first, start, k), seen(first, start, k + 1), seen(first, start, k + 2), seen(first, start, k + 3));
}

fn store(sums: vec4<f32>, o: i32, group: i32, part: i32, k: i32) {
  if (o >= sizes.out_per_group) { return; }
  let row = ((part * sizes.groups + group) * sizes.out_per_group + o) * sizes.terms;
  for (var j = 0; j < 4; j++) {
    if (k + j < sizes.terms) { y_put(u32(row + k + j), sums[j]); }
  }
}

@compute @workgroup_size(SIDE * SIDE)
fn main(
  @builtin(workgroup_id) workgroup: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) local: u32,
) {
  let tile = workgroup.x + workgroup.y * groups.x;
  if (tile >= sizes.tiles) { return; }
  let by_channel = split(i32(tile), sizes.channel_tiles);
  let by_term = split(by_channel.x, sizes.term_tiles);
  let by_group = split(by_term.x, sizes.groups);
  let side = i32(SIDE);
  let low = i32(local) % side;
  let high = i32(local) / side;
  let group = by_group.y;
  let part = by_group.x;
  let o = (by_channel.y * side + high) * 4;
  let k = (by_term.y * side + low) * 4;
  let begin = part * sizes.places_per_part;
  let end = min(sizes.places, begin + sizes.places_per_part);
  var c0 = vec4<f32>(); var c1 = vec4<f32>(); var c2 = vec4<f32>(); var c3 = vec4<f32>();
  for (var place = begin; place < end; place += side) {
    slope_tile[low * (side + 1) + high] = slopes(group, o, place + low, end);
    x_tile[high * (side + 1) + low] = image(group, k, place + high, end);
    workgroupBarrier();
    for (var j = 0; j < side; j++) {
      let s = slope_tile[j * (side + 1) + high];
      let v = x_tile[j * (side + 1) + low];
      c0 += v * s.x; c1 += v * s.y; c2 += v * s.z; c3 += v * s.w;
    }
    workgroupBarrier();
  }
  store(c0, o, group, part, k);
  store(c1, o + 1, group, part, k);
  store(c2, o + 2, group, part, k);
  store(c3, o + 3, group, part, k);
}
