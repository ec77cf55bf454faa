// y[b, o, p] = finish(Σ_c Σ_k x[b, c, p·stride − pad + k·dilation] · w[o, c, k]) over the channels c of o's group.
// x [batch, groups·C, D, H, W], w [groups·O, C, KD, KH, KW], bias [groups·O] in the slot, y [batch, groups·O, D', H', W'].
// One invocation computes one element of y; a workgroup computes 64. No workgroup memory.
// Source: ONNX Conv-22; what the other variants are tested against.
//#include each
//#include window
//#include math
//#slot finish

fn element(i: u32) -> y_element {
  let out_size = sizes.out_d * sizes.out_h * sizes.out_w;
  let in_size = sizes.in_d * sizes.in_h * sizes.in_w;
  let at = split(i32(i), out_size);
  let plane = at.x;
  let batch = plane / sizes.out_channels;
  let o = plane % sizes.out_channels;
  let group = o / sizes.out_per_group;
  let start = start_of(place_of(at.y));
  let first_w = first_tap(start.z, sizes.dilation_w);
  let end_w = end_tap(start.z, sizes.in_w, sizes.kernel_w, sizes.dilation_w);
  let end_h = end_tap(start.y, sizes.in_h, sizes.kernel_h, sizes.dilation_h);
  let end_d = end_tap(start.x, sizes.in_d, sizes.kernel_d, sizes.dilation_d);
  let channels = sizes.in_per_group;
  var sum = 0.0;
  for (var c = 0; c < channels; c++) {
    let image = ((batch * sizes.groups + group) * channels + c) * in_size;
    let kernel = (o * channels + c) * sizes.kernel_d;
    for (var kd = first_tap(start.x, sizes.dilation_d); kd < end_d; kd++) {
      let depth = image + (start.x + kd * sizes.dilation_d) * sizes.in_h * sizes.in_w;
      for (var kh = first_tap(start.y, sizes.dilation_h); kh < end_h; kh++) {
        let row = depth + (start.y + kh * sizes.dilation_h) * sizes.in_w + start.z;
        let taps = ((kernel + kd) * sizes.kernel_h + kh) * sizes.kernel_w;
        for (var kw = first_w; kw < end_w; kw++) {
          sum += x_at(u32(row + kw * sizes.dilation_w)) * w_at(u32(taps + kw));
        }
      }
    }
  }
  return finish(sum, u32(o));
}
