// mean = mean_0 + Σ n_p · (mean_p − mean_0) / size, squares = Σ squares_p + n_p · (mean_p − mean)², n_p the elements of part p.
// part_means, part_squares [rows, parts]; keep stores what was found for each row.
// One invocation computes one row; a workgroup computes 64. No workgroup memory.
// Source: T. F. Chan, G. H. Golub and R. J. LeVeque, "Algorithms for computing the sample variance", Am. Stat. 37 (1983).
//#include grid
//#slot keep

fn elements_of(part: u32) -> f32 {
  return f32((sizes.size - part + sizes.parts - 1u) / sizes.parts * UNIT);
}

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let row = invocation(id, groups);
  if (row >= sizes.count) { return; }
  let start = row * sizes.parts;
  let origin = part_means_at(start);
  var mean = 0.0;
  for (var p = 1u; p < sizes.parts; p++) {
    mean += (part_means_at(start + p) - origin) * (elements_of(p) / f32(sizes.size * UNIT));
  }
  mean += origin;
  var squares = 0.0;
  for (var p = 0u; p < sizes.parts; p++) {
    let distance = part_means_at(start + p) - mean;
    squares += part_squares_at(start + p) + elements_of(p) * distance * distance;
  }
  keep(row, mean, squares);
}
