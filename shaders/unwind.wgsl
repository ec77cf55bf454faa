// Which window's beginning a tap of an output place belongs to, in transposed convolutions: q with q·stride = distance.
// Pure functions: no buffers, no workgroup memory. Axes that a call does not have come first and are of size 1.

// −1 where there is none.
fn source(distance: i32, stride: i32, size: i32) -> i32 {
  let q = distance / stride;
  return select(-1, q, distance >= 0 && q * stride == distance && q < size);
}

// How far a flat place lies from the beginning of the padded output, along depth, rows and columns.
fn edge_of(place: i32) -> vec3<i32> {
  let row = place / sizes.out_w;
  let at = vec3<i32>(row / sizes.out_h, row % sizes.out_h, place % sizes.out_w);
  return at + vec3<i32>(sizes.pad_d, sizes.pad_h, sizes.pad_w);
}
