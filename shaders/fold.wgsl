// y[plane, p] = finish(Σ x[plane, k, q]) over all q, k with q·stride − pad + k·dilation = p.
// x [planes, taps, D, H, W] of blocks, y [planes, D', H', W'], of which it computes those from sizes.first_plane on.
// One invocation computes one element of y; a workgroup computes 64. No workgroup memory.
// Source: ONNX Col2Im-18; with a product of matrices before it, ONNX ConvTranspose-22.
//#include grid
//#include unwind
//#include math
//#slot finish

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let i = invocation(id, groups);
  if (i >= sizes.count) { return; }
  let out_size = sizes.out_d * sizes.out_h * sizes.out_w;
  let in_size = sizes.in_d * sizes.in_h * sizes.in_w;
  let at = split(i32(i), out_size);
  let plane = at.x;
  let edge = edge_of(at.y);
  var sum = y_element(0);
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
          let tap = ((plane * sizes.kernel_d + kd) * sizes.kernel_h + kh) * sizes.kernel_w + kw;
          sum += x_at(u32(tap * in_size + (d * sizes.in_h + h) * sizes.in_w + w));
        }
        w -= sizes.back_w;
      }
      h -= sizes.back_h;
    }
    d -= sizes.back_d;
  }
  y_put(u32(sizes.first_plane * out_size) + i, finish(sum, u32(sizes.first_plane + plane)));
}
