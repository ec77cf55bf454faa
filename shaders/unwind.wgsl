// Which windows reach an output place in transposed convolutions: taps k and beginnings q with q·stride + k·dilation = edge.
// Along one axis these are tap, tap + step, … and at, at − back, …, where step and back depend on stride and dilation alone.
// Pure functions: no buffers, no workgroup memory. Axes that a call does not have come first and are of size 1.

//#include split

struct Source {
  tap: i32,
  at: i32,
}

fn source_of(edge: i32, stride: i32, dilation: i32, step: i32) -> Source {
  var tap = edge % stride;
  if (dilation != 1) {
    tap = 0;
    while (tap < step && (edge - tap * dilation) % stride != 0) { tap++; }
    // no tap at all: beyond the end of every kernel
    if (tap == step) { return Source(0x7fffffff, 0); }
  }
  return Source(tap, (edge - tap * dilation) / stride);
}

// How far a flat place lies from the beginning of the padded output, along depth, rows and columns.
fn edge_of(place: i32) -> vec3<i32> {
  let row = split(place, sizes.out_w);
  let depth = split(row.x, sizes.out_h);
  return vec3<i32>(depth.x, depth.y, row.y) + vec3<i32>(sizes.pad_d, sizes.pad_h, sizes.pad_w);
}

fn depth_source(edge: vec3<i32>) -> Source {
  return source_of(edge.x, sizes.stride_d, sizes.dilation_d, sizes.step_d);
}

fn row_source(edge: vec3<i32>) -> Source {
  return source_of(edge.y, sizes.stride_h, sizes.dilation_h, sizes.step_h);
}

fn column_source(edge: vec3<i32>) -> Source {
  return source_of(edge.z, sizes.stride_w, sizes.dilation_w, sizes.step_w);
}

fn is_inside(d: i32, h: i32, w: i32) -> bool {
  return min(d, min(h, w)) >= 0 && d < sizes.in_d && h < sizes.in_h && w < sizes.in_w;
}
