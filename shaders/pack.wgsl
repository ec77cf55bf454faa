// y = elements of `bits` (2 or 4) each, low bits first: the low bits of the bytes of x.
// x bytes [count], four a word, padded with zeros to whole words of y; y words of 32 / bits elements.
// One invocation computes one word of y, of 8 / bits words of x; a workgroup computes 64. No workgroup memory.
// Source: src/backends/README.md; ONNX raw_data of 4- and 2-bit types.
//#include grid
@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let word = invocation(id, groups);
  if (word >= sizes.words) { return; }
  let mask = (1u << sizes.bits) - 1u;
  let sources = 8u / sizes.bits;
  var packed = 0u;
  for (var k = 0u; k < sources; k++) {
    let bytes = x[word * sources + k];
    let four = (bytes & mask) | (((bytes >> 8u) & mask) << sizes.bits) |
      (((bytes >> 16u) & mask) << (2u * sizes.bits)) | (((bytes >> 24u) & mask) << (3u * sizes.bits));
    packed |= four << (k * 4u * sizes.bits);
  }
  y[word] = packed;
}
