// y[b, i, j] = activate(alpha · Σ_k op(A[b])[i, k] · op(B[b])[k, j] + bias) with the matrix units of a GPU.
// A, B: matrices from origins(b) on, rounded to float16; y [batches, m, n] and all sums float32.
// One workgroup of four subgroups of 32 computes a tile of 4·SIDE × 4·SIDE, 16 of k at a time; a subgroup two by two
// fragments of SIDE × SIDE. Workgroup memory: 256·SIDE bytes for the tiles, 16·SIDE² for fragments on their way to y.
// Source: dawn.googlesource.com/dawn/+/refs/heads/main/docs/tint/extensions/subgroup_matrix.md
//#include gemm-right
//#include gemm-left
//#include gemm-finish

const TILE = 4u * SIDE;
const DEPTH = 16u;
alias left_fragment = subgroup_matrix_left<f16, SIDE, SIDE>;
alias right_fragment = subgroup_matrix_right<f16, SIDE, SIDE>;
alias sums = subgroup_matrix_result<f32, SIDE, SIDE>;
// rows of op(A), and rows of op(B)
var<workgroup> a_tile: array<f16, TILE * DEPTH>;
var<workgroup> b_tile: array<f16, DEPTH * TILE>;
var<workgroup> fragments: array<f32, 4u * SIDE * SIDE>;

// (line quad, k quad) of the block that an invocation brings: neighbours read neighbouring memory.
fn brought(local: u32, is_along_k: bool) -> vec2<u32> {
  return select(vec2<u32>(local % SIDE, local / SIDE), vec2<u32>(local / 4u, local % 4u), is_along_k);
}

fn put_a(at: vec2<u32>, block: mat4x4<f32>) {
  var rows = block;
  for (var i = 0u; i < 16u; i++) {
    a_tile[(4u * at.x + i % 4u) * DEPTH + 4u * at.y + i / 4u] = f16(rows[i / 4u][i % 4u]);
  }
}

fn put_b(at: vec2<u32>, block: mat4x4<f32>) {
  var rows = block;
  for (var i = 0u; i < 16u; i++) {
    b_tile[(4u * at.y + i / 4u) * TILE + 4u * at.x + i % 4u] = f16(rows[i / 4u][i % 4u]);
  }
}

// local / 32 is one number in a subgroup of 32, which the language cannot know
@compute @workgroup_size(128) @diagnostic(off, chromium.subgroup_matrix_uniformity)
fn main(
  @builtin(local_invocation_index) local: u32,
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
) {
  let task = group.x + group.y * groups.x;
  if (task >= sizes.tasks) { return; }
  let across = (sizes.n + TILE - 1u) / TILE;
  let down = (sizes.m + TILE - 1u) / TILE;
  let batch = task / (across * down);
  let row = (task / across) % down * TILE;
  let column = task % across * TILE;
  let origin = origins(batch);
  let subgroup = local / 32u;
  let own_row = (subgroup / 2u) * 2u * SIDE;
  let own_column = (subgroup % 2u) * 2u * SIDE;
  var c00 = sums();
  var c01 = sums();
  var c10 = sums();
  var c11 = sums();
  for (var k = 0u; k < sizes.k; k += DEPTH) {
    if (local < TILE) {
      let at = brought(local, A_ALONG_K);
      put_a(at, a_block(origin.x, row + 4u * at.x, k + 4u * at.y));
    } else if (local >= 64u && local < 64u + TILE) {
      let at = brought(local - 64u, B_ALONG_K);
      put_b(at, b_block(origin.y, column + 4u * at.x, k + 4u * at.y));
    }
    workgroupBarrier();
    for (var i = 0u; i < DEPTH; i += SIDE) {
      let a0 = subgroupMatrixLoad<left_fragment, row_major>(&a_tile, own_row * DEPTH + i, DEPTH);
      let a1 = subgroupMatrixLoad<left_fragment, row_major>(&a_tile, (own_row + SIDE) * DEPTH + i, DEPTH);
      let b0 = subgroupMatrixLoad<right_fragment, row_major>(&b_tile, i * TILE + own_column, TILE);
      let b1 = subgroupMatrixLoad<right_fragment, row_major>(&b_tile, i * TILE + own_column + SIDE, TILE);
      c00 = subgroupMatrixMultiplyAccumulate(a0, b0, c00);
      c01 = subgroupMatrixMultiplyAccumulate(a0, b1, c01);
      c10 = subgroupMatrixMultiplyAccumulate(a1, b0, c10);
      c11 = subgroupMatrixMultiplyAccumulate(a1, b1, c11);
    }
    workgroupBarrier();
  }
  for (var i = 0u; i < 4u; i++) {
    let place = subgroup * SIDE * SIDE;
    switch i {
      case 0u: { subgroupMatrixStore<row_major>(&fragments, place, c00, SIDE); }
      case 1u: { subgroupMatrixStore<row_major>(&fragments, place, c01, SIDE); }
      case 2u: { subgroupMatrixStore<row_major>(&fragments, place, c10, SIDE); }
      default: { subgroupMatrixStore<row_major>(&fragments, place, c11, SIDE); }
    }
    workgroupBarrier();
    for (var quad = local % 32u; quad < SIDE * SIDE / 4u; quad += 32u) {
      let at = place + 4u * quad;
      let sum = vec4<f32>(fragments[at], fragments[at + 1u], fragments[at + 2u], fragments[at + 3u]);
      let down_by = (i / 2u) * SIDE + 4u * quad / SIDE;
      let right_by = (i % 2u) * SIDE + 4u * quad % SIDE;
      finish(batch, row + own_row + down_by, column + own_column + right_by, sum);
    }
    workgroupBarrier();
  }
}
