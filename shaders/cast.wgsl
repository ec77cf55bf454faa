// y[i] = x[i] as a number of another type.
// x, y: one shape, any types; the slot says which conversions of convert.wgsl and round.wgsl follow each other.
// One invocation computes one element, or one word of packed ones; a workgroup computes 64. No workgroup memory.
// Rules: src/ops/convert.ts and src/core/minifloat.ts; results are equal bit by bit.
//#include convert
//#include round
fn element(i: u32) -> y_element {
  //#slot result
}
//#include each
