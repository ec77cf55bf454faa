// mean and Σ (x − mean)² of one part of each row (rms: 0 and Σ x²): elements p, p + parts, p + 2·parts, …
// x [rows, size]; keep stores what was found at its place in [rows, parts]. Sums are taken in blocks of 64;
// with vectors of four (UNIT) all counts are in vectors.
// One invocation computes one part of one row in two loops; a workgroup computes 64. No workgroup memory.
// Source: T. F. Chan, G. H. Golub and R. J. LeVeque, "Algorithms for computing the sample variance", Am. Stat. 37 (1983).
//#include grid
//#slot keep

// Distances from an element of the row: their sum loses nothing to a mean that is far from zero.
fn sum_of(start: u32, first: u32, span: u32, origin: f32) -> f32 {
  var sum = x_element();
  let end = min(sizes.size, first + span);
  for (var i = first; i < end; i += sizes.parts) { sum += x_at(start + i) - origin; }
  return total_of(sum);
}

fn squares_of(start: u32, first: u32, span: u32, mean: f32) -> f32 {
  var sum = x_element();
  let end = min(sizes.size, first + span);
  for (var i = first; i < end; i += sizes.parts) {
    let distance = x_at(start + i) - mean;
    sum += distance * distance;
  }
  return total_of(sum);
}

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let at = invocation(id, groups);
  if (at >= sizes.count) { return; }
  let start = at / sizes.parts * sizes.size;
  let part = at % sizes.parts;
  let span = 64u * sizes.parts;
  var mean = 0.0;
  if (!IS_RMS) {
    let origin = first_of(x_at(start + part));
    for (var i = part; i < sizes.size; i += span) { mean += sum_of(start, i, span, origin); }
    mean = origin + mean / f32((sizes.size - part + sizes.parts - 1u) / sizes.parts * UNIT);
  }
  var squares = 0.0;
  for (var i = part; i < sizes.size; i += span) { squares += squares_of(start, i, span, mean); }
  keep(at, mean, squares);
}
