// y[i] = formula(x0[…], x1[…], …) in integers; inputs broadcast to the shape of y.
// x: any shapes, integers or bool (0 and 1); y: integers, or bool as "not 0". Results wrap to WIDTH bits.
// One invocation computes one element, or one word of packed ones; a workgroup computes 64. No workgroup memory.
// The slots are written by kernels/map-integer.ts: `type` names what `integer` is, i32 or u32 (SIGNED or not).
//#include broadcast
//#slot type
//#include integers
//#slot formula

fn element(i: u32) -> y_element {
  //#slot result
}
//#include each
