// y[i] = a number in [0, 1) from the key and the counter (i / 2, stream): its word i % 2, the upper 24 bits.
// key [2]; y any shape.
// One invocation computes one element; a workgroup computes 64. No workgroup memory.
// Source: Threefry2x32 with 20 rounds, Salmon et al., SC 2011 (doi 10.1145/2063384.2063405), section 3.4.
fn turned(y: u32, turn: u32) -> u32 {
  return (y << turn) | (y >> (32u - turn));
}
fn mixed(given: vec2<u32>, turns: vec4<u32>) -> vec2<u32> {
  var v = given;
  for (var i = 0u; i < 4u; i++) {
    v.x += v.y;
    v.y = turned(v.y, turns[i]) ^ v.x;
  }
  return v;
}
fn element(i: u32) -> y_element {
  let a = bitcast<u32>(key_at(0u));
  let b = bitcast<u32>(key_at(1u));
  let c = a ^ b ^ 0x1bd11bdau;
  let odd = vec4<u32>(13u, 15u, 26u, 6u);
  let even = vec4<u32>(17u, 29u, 16u, 24u);
  var v = vec2<u32>(i / 2u + a, sizes.stream + b);
  v = mixed(v, odd) + vec2<u32>(b, c + 1u);
  v = mixed(v, even) + vec2<u32>(c, a + 2u);
  v = mixed(v, odd) + vec2<u32>(a, b + 3u);
  v = mixed(v, even) + vec2<u32>(b, c + 4u);
  v = mixed(v, odd) + vec2<u32>(c, a + 5u);
  return f32(v[i % 2u] >> 8u) * 5.9604644775390625e-8;
}
//#include each
