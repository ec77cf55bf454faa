// The place of element i in an input that broadcasts: i is taken apart along the axes of the output, dims, and put together
// with the strides of the input, 0 where it broadcasts. `strides` has RANK entries for each such input.
fn offset(i: u32, input: u32) -> u32 {
  var rest = i;
  var at = 0u;
  for (var axis = RANK; axis > 0u; axis--) {
    at += (rest % dims(axis - 1u)) * strides(input * RANK + axis - 1u);
    rest /= dims(axis - 1u);
  }
  return at;
}
