// y[o, p, j] = finish(combine over i = p, p + parts, p + 2·parts, … of load(x[o, i, j])), in integers of 32 bits.
// x [outer, size, inner], y [outer, parts, inner]. Where 32 bits do not hold what the type does, a fault ends the run.
// One invocation computes one element of y (packed: those of one word); a workgroup computes 64. No workgroup memory.
// Source: ONNX ReduceSum-13 and its relatives; the checks: H. S. Warren, "Hacker's Delight", 2-13.
//#include fault
//#include whole
//#include lines
//#slot formulas

fn element(at: u32) -> y_element {
  return finish(joined(line(at)));
}
