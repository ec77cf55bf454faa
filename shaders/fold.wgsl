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
  let plane = i32(i) / out_size;
  let edge = edge_of(i32(i) % out_size);
  var sum = y_element(0);
  for (var kd = 0; kd < sizes.kernel_d; kd++) {
    let d = source(edge.x - kd * sizes.dilation_d, sizes.stride_d, sizes.in_d);
    if (d < 0) { continue; }
    for (var kh = 0; kh < sizes.kernel_h; kh++) {
      let h = source(edge.y - kh * sizes.dilation_h, sizes.stride_h, sizes.in_h);
      if (h < 0) { continue; }
      for (var kw = 0; kw < sizes.kernel_w; kw++) {
        let w = source(edge.z - kw * sizes.dilation_w, sizes.stride_w, sizes.in_w);
        if (w < 0) { continue; }
        let tap = ((plane * sizes.kernel_d + kd) * sizes.kernel_h + kh) * sizes.kernel_w + kw;
        sum += x_at(u32(tap * in_size + (d * sizes.in_h + h) * sizes.in_w + w));
      }
    }
  }
  y_put(u32(sizes.first_plane * out_size) + i, finish(sum, u32(sizes.first_plane + plane)));
}
