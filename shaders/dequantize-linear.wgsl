// y[i] = fround(x[i] − zero[s]) · scale[s].
// x [outer, channels, inner] of integers or narrow floats; scale, zero as in quantize-linear.wgsl; y float32.
// One invocation computes one element; a workgroup computes 64. No workgroup memory.
// Source: ONNX DequantizeLinear, opset 25; src/ops/dequantize-linear/dequantize-linear.ts.
//#include scale-place
fn element(i: u32) -> y_element {
  let s = scale_place(i);
  //#slot result
}
//#include each
