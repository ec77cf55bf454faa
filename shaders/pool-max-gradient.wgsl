// dx[plane, p] = Σ dy[plane, q] over the windows q whose largest element stands at p, the first of equals.
// x and y (dx) [planes, D, H, W], dy [planes, D', H', W'].
// One invocation computes one element of dx; a workgroup computes 64. No workgroup memory.
// Source: the derivative of ONNX MaxPool-22; every window that covers p is looked at, so that nothing is added atomically.
//#include each
//#include window

fn is_largest(image: i32, q: vec3<i32>, p: vec3<i32>, value: f32) -> bool {
  let stride = vec3<i32>(sizes.stride_d, sizes.stride_h, sizes.stride_w);
  let start = q * stride - vec3<i32>(sizes.pad_d, sizes.pad_h, sizes.pad_w);
  let end_d = end_tap(start.x, sizes.in_d, sizes.kernel_d, sizes.dilation_d);
  let end_h = end_tap(start.y, sizes.in_h, sizes.kernel_h, sizes.dilation_h);
  let end_w = end_tap(start.z, sizes.in_w, sizes.kernel_w, sizes.dilation_w);
  let here = (p.x * sizes.in_h + p.y) * sizes.in_w + p.z;
  for (var kd = first_tap(start.x, sizes.dilation_d); kd < end_d; kd++) {
    let depth = (start.x + kd * sizes.dilation_d) * sizes.in_h;
    for (var kh = first_tap(start.y, sizes.dilation_h); kh < end_h; kh++) {
      let row = (depth + start.y + kh * sizes.dilation_h) * sizes.in_w + start.z;
      for (var kw = first_tap(start.z, sizes.dilation_w); kw < end_w; kw++) {
        let at = row + kw * sizes.dilation_w;
        let other = x_at(u32(image + at));
        if (other > value || (other == value && at < here)) { return false; }
      }
    }
  }
  return true;
}

// The window that sees place p with tap k along one axis; −1: none.
fn window_of(p: i32, k: i32, pad: i32, dilation: i32, stride: i32, size: i32) -> i32 {
  let edge = p + pad - k * dilation;
  if (edge < 0 || edge % stride != 0 || edge / stride >= size) { return -1; }
  return edge / stride;
}

fn element(i: u32) -> y_element {
  let in_size = sizes.in_d * sizes.in_h * sizes.in_w;
  let at = split(i32(i), in_size);
  let row = split(at.y, sizes.in_w);
  let depth = split(row.x, sizes.in_h);
  let p = vec3<i32>(depth.x, depth.y, row.y);
  let image = at.x * in_size;
  let slopes = at.x * sizes.out_d * sizes.out_h * sizes.out_w;
  let value = x_at(i);
  var sum = 0.0;
  for (var kd = 0; kd < sizes.kernel_d; kd++) {
    let d = window_of(p.x, kd, sizes.pad_d, sizes.dilation_d, sizes.stride_d, sizes.out_d);
    if (d < 0) { continue; }
    for (var kh = 0; kh < sizes.kernel_h; kh++) {
      let h = window_of(p.y, kh, sizes.pad_h, sizes.dilation_h, sizes.stride_h, sizes.out_h);
      if (h < 0) { continue; }
      for (var kw = 0; kw < sizes.kernel_w; kw++) {
        let w = window_of(p.z, kw, sizes.pad_w, sizes.dilation_w, sizes.stride_w, sizes.out_w);
        if (w < 0) { continue; }
        if (is_largest(image, vec3<i32>(d, h, w), p, value)) {
          sum += dy_at(u32(slopes + (d * sizes.out_h + h) * sizes.out_w + w));
        }
      }
    }
  }
  return sum;
}
