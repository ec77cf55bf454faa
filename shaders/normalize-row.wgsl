// y[r, i] = affine((x[r, i] − mean) / √(variance + ε)), mean and variance of the row (rms: 0 and the mean of x²).
// x, y [rows, size]; scale, bias: one entry per element of a row, or per channel.
// One workgroup computes one row: a tree for the mean, one for the squares, then its elements; after the first pass they are
// in the cache. Workgroup memory: WIDTH words, at most 1024 bytes.
// Source: ONNX LayerNormalization-17, InstanceNormalization-22, GroupNormalization-21, RMSNormalization-23.
alias Part = f32;
//#include across
//#slot affine

fn combine(a: f32, b: f32) -> f32 {
  return a + b;
}

@compute @workgroup_size(WIDTH)
fn main(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) lane: u32,
) {
  let row = group.x + group.y * groups.x;
  if (row >= sizes.rows) { return; }
  let start = row * sizes.size;
  var mean = 0.0;
  if (!IS_RMS) {
    // distances from an element of the row: their sum loses nothing to a mean that is far from zero
    let origin = x_at(start);
    var sum = 0.0;
    for (var i = lane; i < sizes.size; i += WIDTH) { sum += x_at(start + i) - origin; }
    mean = origin + across(sum, lane) / f32(sizes.size);
  }
  var squares = 0.0;
  for (var i = lane; i < sizes.size; i += WIDTH) {
    let distance = x_at(start + i) - mean;
    squares += distance * distance;
  }
  let factor = 1.0 / sqrt(across(squares, lane) / f32(sizes.size) + sizes.epsilon);
  for (var i = lane; i < sizes.size; i += WIDTH) {
    let normal = (x_at(start + i) - mean) * factor;
    let entry = select((start + i) / sizes.spread % sizes.channels, i, BY_ELEMENT);
    y_put(start + i, affine(normal, entry));
  }
}
