// Which taps of a window lie inside of an axis: those k with 0 <= start + k·dilation < size are first_tap <= k < end_tap.
// Pure functions: no buffers, no workgroup memory. Axes that a call does not have come first and are of size 1.

fn first_tap(start: i32, dilation: i32) -> i32 {
  return (max(-start, 0) + dilation - 1) / dilation;
}

fn end_tap(start: i32, size: i32, kernel: i32, dilation: i32) -> i32 {
  return min(kernel, (max(size - start, 0) + dilation - 1) / dilation);
}

// Depth, row and column of the window of a flat output place.
fn place_of(place: i32) -> vec3<i32> {
  let row = place / sizes.out_w;
  return vec3<i32>(row / sizes.out_h, row % sizes.out_h, place % sizes.out_w);
}

// Where the window of a place begins in the input.
fn start_of(place: vec3<i32>) -> vec3<i32> {
  let stride = vec3<i32>(sizes.stride_d, sizes.stride_h, sizes.stride_w);
  return place * stride - vec3<i32>(sizes.pad_d, sizes.pad_h, sizes.pad_w);
}
