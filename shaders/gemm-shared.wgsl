// y[b, i, j] = activate(alpha · Σ_k op(A[b])[i, k] · op(B[b])[k, j] + bias), for GPUs.
// A, B: matrices from origins(b) on; y [batches, m, n]; bias per column, per row, whole or one number.
// One workgroup computes a tile of TILE_M × TILE_N, 16 of k at a time; one invocation 8×8 of it: two by two blocks of 4×4
// that stand half a tile apart, so that neighbours read neighbouring vectors. The next 16 are on their way meanwhile.
// Workgroup memory: (TILE_M + TILE_N) · 16 elements, float32 or float16 (the sums stay float32): 8 KB for 64×64.
// Source: V. Volkov and J. Demmel, "Benchmarking GPUs to tune dense linear algebra", SC08.
//#include gemm-right
//#include gemm-left
//#include gemm-finish
//#slot tile_element

const A_QUADS = TILE_M / 4u;
const B_QUADS = TILE_N / 4u;
var<workgroup> a_tile: array<vec4<tile_element>, A_QUADS * 16u>;
var<workgroup> b_tile: array<vec4<tile_element>, B_QUADS * 16u>;

// (line quad, k quad) of the block that an invocation brings: neighbours read neighbouring memory.
fn brought(local: u32, quads: u32, is_along_k: bool) -> vec2<u32> {
  return select(vec2<u32>(local % quads, local / quads), vec2<u32>(local / 4u, local % 4u), is_along_k);
}

fn add_outer(c: mat4x4<f32>, b: vec4<f32>, a: vec4<f32>) -> mat4x4<f32> {
  return mat4x4<f32>(fma(b, a.xxxx, c[0]), fma(b, a.yyyy, c[1]), fma(b, a.zzzz, c[2]), fma(b, a.wwww, c[3]));
}

@compute @workgroup_size(TILE_M * TILE_N / 64u)
fn main(
  @builtin(local_invocation_index) local: u32,
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
) {
  let task = group.x + group.y * groups.x;
  if (task >= sizes.tasks) { return; }
  let across = (sizes.n + TILE_N - 1u) / TILE_N;
  let down = (sizes.m + TILE_M - 1u) / TILE_M;
  let batch = task / (across * down);
  let row = (task / across) % down * TILE_M;
  let column = task % across * TILE_N;
  let origin = origins(batch);
  let from_a = brought(local, A_QUADS, A_ALONG_K);
  let from_b = brought(local, B_QUADS, B_ALONG_K);
  let brings_a = local < TILE_M;
  let brings_b = local < TILE_N;
  let own_a = local / (TILE_N / 8u);
  let own_b = local % (TILE_N / 8u);
  var next_a = mat4x4<f32>();
  var next_b = mat4x4<f32>();
  if (brings_a) { next_a = a_block(origin.x, row + 4u * from_a.x, 4u * from_a.y); }
  if (brings_b) { next_b = b_block(origin.y, column + 4u * from_b.x, 4u * from_b.y); }
  var c00 = mat4x4<f32>();
  var c01 = mat4x4<f32>();
  var c10 = mat4x4<f32>();
  var c11 = mat4x4<f32>();
  for (var k = 0u; k < sizes.k; k += 16u) {
    for (var q = 0u; q < 4u; q++) {
      if (brings_a) { a_tile[(4u * from_a.y + q) * A_QUADS + from_a.x] = vec4<tile_element>(next_a[q]); }
      if (brings_b) { b_tile[(4u * from_b.y + q) * B_QUADS + from_b.x] = vec4<tile_element>(next_b[q]); }
    }
    workgroupBarrier();
    if (k + 16u < sizes.k) {
      if (brings_a) { next_a = a_block(origin.x, row + 4u * from_a.x, k + 16u + 4u * from_a.y); }
      if (brings_b) { next_b = b_block(origin.y, column + 4u * from_b.x, k + 16u + 4u * from_b.y); }
    }
    for (var i = 0u; i < 16u; i++) {
      let a0 = vec4<f32>(a_tile[i * A_QUADS + own_a]);
      let a1 = vec4<f32>(a_tile[i * A_QUADS + own_a + A_QUADS / 2u]);
      let b0 = vec4<f32>(b_tile[i * B_QUADS + own_b]);
      let b1 = vec4<f32>(b_tile[i * B_QUADS + own_b + B_QUADS / 2u]);
      c00 = add_outer(c00, b0, a0);
      c01 = add_outer(c01, b1, a0);
      c10 = add_outer(c10, b0, a1);
      c11 = add_outer(c11, b1, a1);
    }
    workgroupBarrier();
  }
  let rows = vec2<u32>(row + 4u * own_a, row + 4u * own_a + TILE_M / 2u);
  let columns = vec2<u32>(column + 4u * own_b, column + 4u * own_b + TILE_N / 2u);
  finish_blocks(batch, rows, columns, array(c00, c01, c10, c11));
}
