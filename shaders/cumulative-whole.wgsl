// y[o, i, j] = Σ x[o, k, j] over k <= i (exclusive: k < i), in integers of 32 bits; see running.wgsl. A sum that leaves the
// 32 bits of a narrowed type ends the run. x, y [outer, size, inner], or the sums of chunks [outer · inner, chunks].
// One invocation walks one chunk of a line; a workgroup walks 64. No workgroup memory.
// Source: ONNX CumSum-14.
//#include fault
//#include whole
//#include running

fn add(a: x_element, b: x_element) -> x_element {
  //#slot add
}
