// y[b, o, p] = finish(Σ_c Σ_k x[b, c, q] · w[c, o, k]) over all q, k with q·stride − pad + k·dilation = p, c in o's group.
// x [batch, groups·C, D, H, W], w [groups·C, O, KD, KH, KW], bias [groups·O] in the slot, y [batch, groups·O, D', H', W'].
// One invocation computes one element of y; a workgroup computes 64. No workgroup memory.
// Source: ONNX ConvTranspose-22; what the other variant is tested against.
//#include each
//#include unwind
//#include math
//#slot finish

fn element(i: u32) -> y_element {
  let out_size = sizes.out_d * sizes.out_h * sizes.out_w;
  let in_size = sizes.in_d * sizes.in_h * sizes.in_w;
  let taps = sizes.kernel_d * sizes.kernel_h * sizes.kernel_w;
  let at = split(i32(i), out_size);
  let plane = at.x;
  let o = plane % sizes.out_channels;
  let group = o / sizes.out_per_group;
  let image = (plane / sizes.out_channels * sizes.groups + group) * sizes.in_per_group * in_size;
  let kernel = (group * sizes.in_per_group * sizes.out_per_group + o % sizes.out_per_group) * taps;
  let edge = edge_of(at.y);
  var sum = 0.0;
  let depth = depth_source(edge);
  let row = row_source(edge);
  let column = column_source(edge);
  var d = depth.at;
  for (var kd = depth.tap; kd < sizes.kernel_d; kd += sizes.step_d) {
    var h = row.at;
    for (var kh = row.tap; kh < sizes.kernel_h; kh += sizes.step_h) {
      var w = column.at;
      for (var kw = column.tap; kw < sizes.kernel_w; kw += sizes.step_w) {
        if (is_inside(d, h, w)) {
          var image_place = image + (d * sizes.in_h + h) * sizes.in_w + w;
          var tap = kernel + (kd * sizes.kernel_h + kh) * sizes.kernel_w + kw;
          for (var c = 0; c < sizes.in_per_group; c++) {
            sum += x_at(u32(image_place)) * w_at(u32(tap));
            image_place += in_size;
            tap += sizes.out_per_group * taps;
          }
        }
        w -= sizes.back_w;
      }
      h -= sizes.back_h;
    }
    d -= sizes.back_d;
  }
  return finish(sum, u32(o));
}
