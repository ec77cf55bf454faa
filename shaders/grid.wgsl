// The flat index of an invocation in a one-dimensional grid of workgroups of 64: index = x + 64·groups.x·y.
// A grid of more than 65 535 workgroups is folded into y by `gridOf` (src/backends/webgpu/shader.ts).
fn invocation(id: vec3<u32>, groups: vec3<u32>) -> u32 {
  return id.x + id.y * groups.x * 64u;
}
