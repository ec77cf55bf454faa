// y[i] = element(i), for every i below sizes.count, where PER_WORD elements share a word of y.
// One invocation computes one word; a workgroup computes 64. No workgroup memory. The last word is padded with zeros.
//#include grid
@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let word = invocation(id, groups);
  let first = word * PER_WORD;
  if (first >= sizes.count) { return; }
  let mask = (1u << (32u / PER_WORD)) - 1u;
  var packed = 0u;
  for (var lane = 0u; lane < min(PER_WORD, sizes.count - first); lane++) {
    packed |= (u32(element(first + lane)) & mask) << (lane * (32u / PER_WORD));
  }
  y[word] = packed;
}
