// Quotient and remainder by one division, which is dear.
// Pure function: no buffers, no workgroup memory.
fn split(i: i32, size: i32) -> vec2<i32> {
  let quotient = i / size;
  return vec2<i32>(quotient, i - quotient * size);
}
