// y[part, o, c, k] = Σ dy[b, o, p] · x[b, c, p·stride − pad + k·dilation] over the rows of outputs of a part.
// x [batch, groups·C, D, H, W], dy [batch, groups·O, D', H', W'], y [parts, groups·O, C, KD, KH, KW].
// One invocation computes one tap of 4 neighbouring o; a workgroup computes 64. No workgroup memory.
// Source: the derivative of ONNX Conv-22 by its weight; what the variant with tiles is tested against.
//#include grid
//#include split

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let i = invocation(id, groups);
  if (i >= sizes.count) { return; }
  let taps = sizes.kernel_d * sizes.kernel_h * sizes.kernel_w;
  let by_tap = split(i32(i), taps);
  let by_channel = split(by_tap.x, sizes.in_per_group);
  let by_quad = split(by_channel.x, sizes.quads);
  let by_group = split(by_quad.x, sizes.groups);
  let k = by_tap.y;
  let c = by_channel.y;
  let group = by_group.y;
  let part = by_group.x;
  let kw = k % sizes.kernel_w;
  let kh = k / sizes.kernel_w % sizes.kernel_h;
  let kd = k / (sizes.kernel_w * sizes.kernel_h);
  let shift = kw * sizes.dilation_w - sizes.pad_w;
  let first = max(0, (sizes.stride_w - 1 - shift) / sizes.stride_w);
  let end = min(sizes.out_w, max(0, sizes.in_w - shift + sizes.stride_w - 1) / sizes.stride_w);
  let out_size = sizes.out_d * sizes.out_h * sizes.out_w;
  // channels beyond the group's last one are that one again
  let channel = by_quad.y * 4;
  let apart = min(vec4<i32>(channel) + vec4<i32>(0, 1, 2, 3), vec4<i32>(sizes.out_per_group - 1)) - channel;
  let o = group * sizes.out_per_group + channel;
  var sums = vec4<f32>();
  let last = min(sizes.rows, (part + 1) * sizes.rows_per_part);
  for (var row = part * sizes.rows_per_part; row < last; row++) {
    let by_row = split(row, sizes.out_h);
    let by_depth = split(by_row.x, sizes.out_d);
    let h = by_row.y * sizes.stride_h + kh * sizes.dilation_h - sizes.pad_h;
    let d = by_depth.y * sizes.stride_d + kd * sizes.dilation_d - sizes.pad_d;
    if (h < 0 || h >= sizes.in_h || d < 0 || d >= sizes.in_d) { continue; }
    let image = (by_depth.x * sizes.groups + group) * sizes.in_per_group + c;
    let line = ((image * sizes.in_d + d) * sizes.in_h + h) * sizes.in_w + shift;
    let slopes = (by_depth.x * sizes.groups * sizes.out_per_group + o) * out_size
      + (by_depth.y * sizes.out_h + by_row.y) * sizes.out_w;
    for (var w = first; w < end; w++) {
      let v = x_at(u32(line + w * sizes.stride_w));
      let at = vec4<u32>(slopes + w + apart * out_size);
      sums += v * vec4<f32>(dy_at(at.x), dy_at(at.y), dy_at(at.z), dy_at(at.w));
    }
  }
  let channels = sizes.groups * sizes.out_per_group;
  for (var j = 0; j < min(4, sizes.out_per_group - channel); j++) {
    y_put(u32(((part * channels + o + j) * sizes.in_per_group + c) * taps + k), sums[j]);
  }
}
