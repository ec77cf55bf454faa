// y[r, i] = affine((x[r, i] − means[r]) · factors[r]): scaled and shifted by the entry of the element or of its channel.
// x, y [rows, size]; means, factors [rows]; scale, bias: one entry per element of a row, or per channel.
// All counts are in vectors of four where rows and runs of channels are made of whole ones.
// One invocation computes one element or vector; a workgroup computes 64. No workgroup memory.
// Source: ONNX LayerNormalization-17, InstanceNormalization-22, GroupNormalization-21, RMSNormalization-23.
//#include each
//#slot affine

fn element(i: u32) -> y_element {
  let row = i / sizes.size;
  let normal = (x_at(i) - means_at(row)) * factors_at(row);
  if (BY_ELEMENT) { return affine(normal, i % sizes.size); }
  return affine(normal, i / sizes.spread % sizes.channels);
}
