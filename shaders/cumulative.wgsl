// y[o, i, j] = Σ x[o, k, j] over k <= i (exclusive: k < i), in float32; see running.wgsl.
// x, y [outer, size, inner], or the sums of chunks [outer · inner, chunks].
// One invocation walks one chunk of a line; a workgroup walks 64. No workgroup memory.
// Source: ONNX CumSum-14.
//#include running

fn add(a: f32, b: f32) -> f32 {
  return a + b;
}
