// y[o, d, k] = values[1] where x[o, k] is d or d - size, else values[0]. x is cut towards zero.
// x [outer, inner]; values [2]; y [outer, size, inner].
// One invocation computes one element, or one word of packed ones; a workgroup computes 64.
// No workgroup memory.
// Source: ONNX, OneHot-11.
fn element(i: u32) -> y_element {
  let row = i / sizes.inner;
  var index = x_at(row / sizes.size * sizes.inner + i % sizes.inner);
  if (IS_FLOAT) { index = x_element(trunc(f32(index))); }
  let entry = row % sizes.size;
  let isOn = index == x_element(entry) || (index < x_element(0) && index + x_element(sizes.size) == x_element(entry));
  return values_at(u32(isOn));
}
//#include each
