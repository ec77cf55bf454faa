// y[b, o, p] = finish(Σ_k x[b, g, p·stride − pad + k·dilation] · w[o, k]) where every group has one input channel.
// x [batch, groups, D, H, W], w [groups·O, KD, KH, KW], bias [groups·O] in the slot, y [batch, groups·O, D', H', W'].
// One invocation computes four neighbours of a row of y; a workgroup computes 64 times that. No workgroup memory.
// The idea: neighbours whose windows lie one apart (SLIDES) share what they read, so a tap costs one element of x.
//#include grid
//#include window
//#include math
//#slot finish

fn column(row: i32, at: i32) -> f32 {
  let is_inside = at >= 0 && at < sizes.in_w;
  return select(0.0, x_at(u32(row + clamp(at, 0, sizes.in_w - 1))), is_inside);
}

fn columns(row: i32, at: i32) -> vec4<f32> {
  let step = sizes.stride_w;
  return vec4<f32>(column(row, at), column(row, at + step), column(row, at + 2 * step), column(row, at + 3 * step));
}

fn row_sum(row: i32, taps: i32, start: i32) -> vec4<f32> {
  var sum = vec4<f32>();
  if (SLIDES) {
    var seen = columns(row, start - 1);
    for (var kw = 0; kw < sizes.kernel_w; kw++) {
      seen = vec4<f32>(seen.yzw, column(row, start + kw + 3));
      sum += seen * w_at(u32(taps + kw));
    }
  } else {
    for (var kw = 0; kw < sizes.kernel_w; kw++) {
      sum += columns(row, start + kw * sizes.dilation_w) * w_at(u32(taps + kw));
    }
  }
  return sum;
}

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let i = invocation(id, groups);
  if (i >= sizes.count) { return; }
  let quads = (sizes.out_w + 3) / 4;
  let at = split(i32(i), quads);
  let line = at.x;
  let first = at.y * 4;
  let row_of = split(line, sizes.out_h);
  let depth_of = split(row_of.x, sizes.out_d);
  let image = split(depth_of.x, sizes.out_channels);
  let o = image.y;
  let channel = image.x * sizes.groups + o / sizes.out_per_group;
  let start = start_of(vec3<i32>(depth_of.y, row_of.y, first));
  let end_h = end_tap(start.y, sizes.in_h, sizes.kernel_h, sizes.dilation_h);
  let end_d = end_tap(start.x, sizes.in_d, sizes.kernel_d, sizes.dilation_d);
  var sum = vec4<f32>();
  for (var kd = first_tap(start.x, sizes.dilation_d); kd < end_d; kd++) {
    let depth = channel * sizes.in_d + start.x + kd * sizes.dilation_d;
    for (var kh = first_tap(start.y, sizes.dilation_h); kh < end_h; kh++) {
      let row = (depth * sizes.in_h + start.y + kh * sizes.dilation_h) * sizes.in_w;
      sum += row_sum(row, ((o * sizes.kernel_d + kd) * sizes.kernel_h + kh) * sizes.kernel_w, start.z);
    }
  }
  let goal = u32(line * sizes.out_w + first);
  for (var k = 0u; k < min(4u, u32(sizes.out_w - first)); k++) {
    y_put(goal + k, finish(sum[k], u32(o)));
  }
}
