// y[i] = x[i] as a 64-bit integer, of which the device holds 32 bits: others end the run with a fault.
// x, y: one shape; x any type, y int64 or uint64.
// One invocation computes one element; a workgroup computes 64. No workgroup memory.
// Rules: src/ops/convert.ts.
//#include fault
//#include convert

fn narrowed_signed(x: f32) -> i32 {
  if (x >= 2147483648.0 || x < -2147483648.0) { raise_overflow(); }
  return cut_signed(x);
}

fn narrowed_unsigned(x: f32) -> u32 {
  if (x >= 4294967296.0) { raise_overflow(); }
  return cut_unsigned(x);
}

// -1 becomes 2^64 - 1, which 32 bits do not hold; 2^31 is no int64 of 32 bits.
fn signed_to_unsigned(x: i32) -> u32 {
  if (x < 0) { raise_overflow(); }
  return bitcast<u32>(x);
}

fn unsigned_to_signed(x: u32) -> i32 {
  if (x > 0x7fffffffu) { raise_overflow(); }
  return bitcast<i32>(x);
}

fn element(i: u32) -> y_element {
  //#slot result
}
//#include each
