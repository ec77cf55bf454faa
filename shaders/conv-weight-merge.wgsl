// y[i] = Σ x[part, i]. x [parts, count], y [count].
// One invocation computes one element of y; a workgroup computes 64. No workgroup memory.
//#include each

fn element(i: u32) -> y_element {
  var sum = 0.0;
  for (var part = 0u; part < sizes.parts; part++) { sum += x_at(part * sizes.count + i); }
  return sum;
}
