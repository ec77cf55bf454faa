// y[o, p, j] = finish(combine over i = p, p + parts, p + 2·parts, … of load(x[o, i, j])): one part of each line, in float32.
// x [outer, size, inner], y [outer, parts, inner]; a second dispatch with parts = 1 combines the parts.
// Rows that are made of vectors of four are read by them: then size counts vectors and inner is 1.
// One invocation computes one element of y in blocks of 64, so that errors grow with the number of blocks; a workgroup
// computes 64. No workgroup memory.
// Source: N. J. Higham, "The accuracy of floating point summation", SIAM J. Sci. Comput. 14 (1993), blocked summation.
//#include math
//#include lines
//#slot formulas

fn element(at: u32) -> y_element {
  return finish(joined(line(at)));
}
