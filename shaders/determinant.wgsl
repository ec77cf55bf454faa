// y[m] = determinant of x[m]: the product of the pivots of an elimination, with the largest of each column as pivot.
// x [count, size, size], work the same (overwritten), y [count].
// One invocation computes one matrix; a workgroup computes 64. No workgroup memory.
// Source: N. J. Higham, "Accuracy and Stability of Numerical Algorithms", 2nd ed., chapter 9.
//#include grid

fn swap_rows(start: u32, a: u32, b: u32) {
  for (var i = 0u; i < sizes.size; i++) {
    let kept = work_at(start + a * sizes.size + i);
    work_put(start + a * sizes.size + i, work_at(start + b * sizes.size + i));
    work_put(start + b * sizes.size + i, kept);
  }
}

// The row at or below column whose element there has the largest magnitude.
fn pivot_of(start: u32, column: u32) -> u32 {
  var best = column;
  for (var row = column + 1u; row < sizes.size; row++) {
    let value = abs(work_at(start + row * sizes.size + column));
    if (value > abs(work_at(start + best * sizes.size + column))) { best = row; }
  }
  return best;
}

fn eliminate(start: u32, column: u32) {
  let top = start + column * sizes.size;
  for (var row = column + 1u; row < sizes.size; row++) {
    let own = start + row * sizes.size;
    let factor = work_at(own + column) / work_at(top + column);
    for (var i = column + 1u; i < sizes.size; i++) {
      work_put(own + i, work_at(own + i) - factor * work_at(top + i));
    }
  }
}

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let matrix = invocation(id, groups);
  if (matrix >= sizes.count) { return; }
  let start = matrix * sizes.size * sizes.size;
  for (var i = 0u; i < sizes.size * sizes.size; i++) { work_put(start + i, x_at(start + i)); }
  var found = 1.0;
  for (var column = 0u; column < sizes.size; column++) {
    let pivot = pivot_of(start, column);
    if (pivot != column) {
      swap_rows(start, pivot, column);
      found = -found;
    }
    let value = work_at(start + column * sizes.size + column);
    found *= value;
    if (value == 0.0) { break; }
    eliminate(start, column);
  }
  y_put(matrix, found);
}
