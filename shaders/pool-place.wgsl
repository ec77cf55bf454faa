// y[plane, p] = where in x the largest element of the window of p stands; the first of equals.
// x [planes, D, H, W] of any type, y [planes, D', H', W'] int64: plane · D·H·W + the place in rows, or in columns.
// One invocation computes one element of y; a workgroup computes 64. No workgroup memory.
// Source: ONNX MaxPool-22, its second output, storage_order included.
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
  var best = x_element(0);
  var found = vec3<i32>(-1);
  for (var kd = first_tap(start.x, sizes.dilation_d); kd < end_d; kd++) {
    let d = start.x + kd * sizes.dilation_d;
    for (var kh = first_tap(start.y, sizes.dilation_h); kh < end_h; kh++) {
      let h = start.y + kh * sizes.dilation_h;
      for (var kw = first_w; kw < end_w; kw++) {
        let w = start.z + kw * sizes.dilation_w;
        let value = x_at(u32(((plane * sizes.in_d + d) * sizes.in_h + h) * sizes.in_w + w));
        if (found.x < 0 || value > best || (IS_FLOAT && math_is_nan(f32(value)))) {
          best = value;
          found = vec3<i32>(d, h, w);
        }
      }
    }
  }
  found = max(found, vec3<i32>());
  let rows = (found.x * sizes.in_h + found.y) * sizes.in_w + found.z;
  let columns = found.x + sizes.in_d * (found.y + sizes.in_h * found.z);
  return plane * sizes.in_d * sizes.in_h * sizes.in_w + select(rows, columns, sizes.by_columns != 0);
}
