// The entry that element i of `indices` names on an axis of `size` entries: counted from the end where it is negative.
// One that lies outside ends the run with the operator's error; 0 stands for it until then.
// Pure of buffers but `indices`; no workgroup memory.
//#include fault
fn place(i: u32, size: u32) -> u32 {
  let index = indices_at(i);
  let counted = select(index, index + i32(size), index < 0);
  if (counted >= 0 && counted < i32(size)) { return u32(counted); }
  raise_outside(index, size);
  return 0u;
}
