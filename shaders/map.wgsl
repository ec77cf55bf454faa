// y[i] = formula(x0[…], x1[…], …): element-wise operators, chains of them fused; inputs broadcast to the shape of y.
// x: any shapes, float32 or bool (0 and 1); y: float32, or bool as "not 0". Axes that every tensor steps through evenly are one.
// One invocation computes one element; a workgroup computes 64. No workgroup memory.
// The slots are written by src/backends/webgpu/expressions.ts and kernels/map.ts.
//#include math
//#include quotient
//#include broadcast
//#slot formula

fn element(i: u32) -> y_element {
  //#slot result
}
//#include each
