// Which taps of a window lie inside of an axis: those k with 0 <= start + k·dilation < size are first_tap <= k < end_tap.
// Pure functions: no buffers, no workgroup memory. Axes that a call does not have come first and are of size 1.

//#include split

// Divisions are dear, and most windows have none.
fn taps_before(distance: i32, dilation: i32) -> i32 {
  let room = max(distance, 0);
  if (dilation == 1) { return room; }
  return (room + dilation - 1) / dilation;
}

fn first_tap(start: i32, dilation: i32) -> i32 {
  return taps_before(-start, dilation);
}

fn end_tap(start: i32, size: i32, kernel: i32, dilation: i32) -> i32 {
  return min(kernel, taps_before(size - start, dilation));
}

// Depth, row and column of the window of a flat output place.
fn place_of(place: i32) -> vec3<i32> {
  let row = split(place, sizes.out_w);
  let depth = split(row.x, sizes.out_h);
  return vec3<i32>(depth.x, depth.y, row.y);
}

// Where the window of a place begins in the input.
fn start_of(place: vec3<i32>) -> vec3<i32> {
  let stride = vec3<i32>(sizes.stride_d, sizes.stride_h, sizes.stride_w);
  return place * stride - vec3<i32>(sizes.pad_d, sizes.pad_h, sizes.pad_w);
}
