// The order of elements: the one with the larger key stands first, and of equals the one that stands first in its line.
// key_of maps a value of x to a u32: larger for what comes earlier, NaN above all numbers, zeros of both signs alike.
// Pure functions of one invocation, no workgroup memory.
//#slot order

fn is_before(a: u32, i: u32, b: u32, k: u32) -> bool {
  return a > b || (a == b && i < k);
}

// Flat index of the first element of a line of [outer, size, inner].
fn line_start(row: u32) -> u32 {
  return row / sizes.inner * sizes.size * sizes.inner + row % sizes.inner;
}
