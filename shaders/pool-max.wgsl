// y[plane, p] = max_k x[plane, p·stride − pad + k·dilation] over the taps that lie inside; NaN if one of them is.
// x [planes, D, H, W], y [planes, D', H', W'], of any type; a window with nothing inside gives LOWEST.
// One invocation computes one element of y (or a word of packed ones); a workgroup computes 64. No workgroup memory.
// Source: ONNX MaxPool-22.
//#include each
//#include window
//#include math

fn element(i: u32) -> y_element {
  let out_size = sizes.out_d * sizes.out_h * sizes.out_w;
  let at = split(i32(i), out_size);
  let plane = at.x;
  let start = start_of(place_of(at.y));
  let first_w = first_tap(start.z, sizes.dilation_w);
  let end_w = end_tap(start.z, sizes.in_w, sizes.kernel_w, sizes.dilation_w);
  let end_h = end_tap(start.y, sizes.in_h, sizes.kernel_h, sizes.dilation_h);
  let end_d = end_tap(start.x, sizes.in_d, sizes.kernel_d, sizes.dilation_d);
  var best = y_element(LOWEST);
  if (IS_FLOAT) { best = y_element(-math_infinity()); }
  for (var kd = first_tap(start.x, sizes.dilation_d); kd < end_d; kd++) {
    let depth = plane * sizes.in_d + start.x + kd * sizes.dilation_d;
    for (var kh = first_tap(start.y, sizes.dilation_h); kh < end_h; kh++) {
      let row = (depth * sizes.in_h + start.y + kh * sizes.dilation_h) * sizes.in_w + start.z;
      for (var kw = first_w; kw < end_w; kw++) {
        let value = x_at(u32(row + kw * sizes.dilation_w));
        if (value > best || (IS_FLOAT && math_is_nan(f32(value)))) { best = value; }
      }
    }
  }
  return best;
}
