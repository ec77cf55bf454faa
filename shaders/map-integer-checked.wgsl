// As map-integer.wgsl, for formulas that can fail: divisions by zero, negative powers of it, and 64-bit integers (NARROWED)
// that leave the 32 bits in which the device holds them.
// x: any shapes, integers or bool (0 and 1); y: integers, or bool as "not 0". Other results wrap to WIDTH bits.
// One invocation computes one element, or one word of packed ones; a workgroup computes 64. No workgroup memory.
// The slots are written by kernels/map-integer.ts: `type` names what `integer` is, i32 or u32 (SIGNED or not).
//#include broadcast
//#slot type
//#include integers-checked
//#slot formula

fn element(i: u32) -> y_element {
  //#slot result
}
//#include each
