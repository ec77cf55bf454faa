// y[i] = value.
// y: any shape and type; value: `sizes.value`, of the type that the device computes it with.
// One invocation computes one element, or one word of packed ones; a workgroup computes 64. No workgroup memory.
fn element(i: u32) -> y_element {
  return sizes.value;
}
//#include each
