// y[plane, p] = finish(Σ_k term(x[plane, p·stride − pad + k·dilation])) over the taps that lie inside.
// x [planes, D, H, W], y [planes, D', H', W'].
// One invocation computes one element of y; a workgroup computes 64. No workgroup memory.
// NORM 0: the mean, of what lies inside or, with sizes.counts_padding, of the window up to the padding's end.
// NORM p: (Σ |x|^p)^(1/p). Source: ONNX AveragePool-22, LpPool-22.
//#include each
//#include window
//#include math

// Taps before the padding at the end ends, where a window of ceil mode may reach beyond it.
fn counted(start: i32, size: i32, pad_end: i32, kernel: i32, dilation: i32) -> i32 {
  return end_tap(start, size + pad_end, kernel, dilation);
}

fn term(value: f32) -> f32 {
  if (NORM == 0u) { return value; }
  if (NORM == 1u) { return abs(value); }
  var power = value * value;
  for (var n = 2u; n < NORM; n++) { power *= abs(value); }
  return power;
}

fn finish(sum: f32, inside: i32, whole: i32) -> f32 {
  if (NORM == 0u) { return sum / f32(select(inside, whole, sizes.counts_padding != 0)); }
  if (NORM == 1u) { return sum; }
  if (NORM == 2u) { return sqrt(sum); }
  return math_pow(sum, 1.0 / f32(max(NORM, 1u)));
}

fn element(i: u32) -> y_element {
  let out_size = sizes.out_d * sizes.out_h * sizes.out_w;
  let at = split(i32(i), out_size);
  let plane = at.x;
  let start = start_of(place_of(at.y));
  let first = vec3<i32>(
    first_tap(start.x, sizes.dilation_d), first_tap(start.y, sizes.dilation_h), first_tap(start.z, sizes.dilation_w));
  let end = vec3<i32>(
    end_tap(start.x, sizes.in_d, sizes.kernel_d, sizes.dilation_d),
    end_tap(start.y, sizes.in_h, sizes.kernel_h, sizes.dilation_h),
    end_tap(start.z, sizes.in_w, sizes.kernel_w, sizes.dilation_w));
  var sum = 0.0;
  for (var kd = first.x; kd < end.x; kd++) {
    let depth = plane * sizes.in_d + start.x + kd * sizes.dilation_d;
    for (var kh = first.y; kh < end.y; kh++) {
      let row = (depth * sizes.in_h + start.y + kh * sizes.dilation_h) * sizes.in_w + start.z;
      for (var kw = first.z; kw < end.z; kw++) {
        sum += term(x_at(u32(row + kw * sizes.dilation_w)));
      }
    }
  }
  let span = max(end - first, vec3<i32>());
  let whole = counted(start.x, sizes.in_d, sizes.end_d, sizes.kernel_d, sizes.dilation_d)
    * counted(start.y, sizes.in_h, sizes.end_h, sizes.kernel_h, sizes.dilation_h)
    * counted(start.z, sizes.in_w, sizes.end_w, sizes.kernel_w, sizes.dilation_w);
  return finish(sum, span.x * span.y * span.z, whole);
}
