// y[b, o, p] = finish(Σ_k Σ_c x[b, c, p·stride − pad + k·dilation] · w[o, c, k]) over the channels c of o's group.
// x [batch, groups·C, D, H, W], packed [groups, taps, C, OUTS] (conv-pack.wgsl), bias in the slot, y [batch, groups·O, …].
// One invocation computes 8 (with QUADS 1: 4) channels × 8 places of y from storage; a workgroup computes 64 such tiles. No workgroup memory.
// The idea: ten loads for 64 multiply-adds, sums in named registers; what lies outside is decided once per tap.
//#include grid
//#include window
//#include math
//#slot finish

// Of eight places along one axis: where the tap falls.
struct Eight {
  low: vec4<i32>,
  high: vec4<i32>,
}

struct Inside {
  low: vec4<bool>,
  high: vec4<bool>,
}

fn within(at: Eight, size: i32) -> Inside {
  let zero = vec4<i32>();
  let end = vec4<i32>(size);
  return Inside((at.low >= zero) & (at.low < end), (at.high >= zero) & (at.high < end));
}

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let i = invocation(id, groups);
  if (i >= sizes.count) { return; }
  let out_size = sizes.out_d * sizes.out_h * sizes.out_w;
  let in_size = sizes.in_d * sizes.in_h * sizes.in_w;
  let place_tiles = (out_size + 7) / 8;
  let first = (i32(i) % place_tiles) * 8;
  let rest = i32(i) / place_tiles;
  let tile = rest % sizes.channel_tiles;
  let part = rest / sizes.channel_tiles;
  let group = part % sizes.groups;
  let p0 = start_of(place_of(first));
  let p1 = start_of(place_of(first + 1));
  let p2 = start_of(place_of(first + 2));
  let p3 = start_of(place_of(first + 3));
  let p4 = start_of(place_of(first + 4));
  let p5 = start_of(place_of(first + 5));
  let p6 = start_of(place_of(first + 6));
  let p7 = start_of(place_of(first + 7));
  let ds = Eight(vec4<i32>(p0.x, p1.x, p2.x, p3.x), vec4<i32>(p4.x, p5.x, p6.x, p7.x));
  let hs = Eight(vec4<i32>(p0.y, p1.y, p2.y, p3.y), vec4<i32>(p4.y, p5.y, p6.y, p7.y));
  let ws = Eight(vec4<i32>(p0.z, p1.z, p2.z, p3.z), vec4<i32>(p4.z, p5.z, p6.z, p7.z));
  var a0 = vec4<f32>(); var a1 = vec4<f32>(); var a2 = vec4<f32>(); var a3 = vec4<f32>();
  var a4 = vec4<f32>(); var a5 = vec4<f32>(); var a6 = vec4<f32>(); var a7 = vec4<f32>();
  var b0 = vec4<f32>(); var b1 = vec4<f32>(); var b2 = vec4<f32>(); var b3 = vec4<f32>();
  var b4 = vec4<f32>(); var b5 = vec4<f32>(); var b6 = vec4<f32>(); var b7 = vec4<f32>();
  let taps = sizes.kernel_d * sizes.kernel_h * sizes.kernel_w;
  for (var k = 0; k < taps; k++) {
    let tap_row = k / sizes.kernel_w;
    let dd = (tap_row / sizes.kernel_h) * sizes.dilation_d;
    let dh = (tap_row % sizes.kernel_h) * sizes.dilation_h;
    let dw = (k % sizes.kernel_w) * sizes.dilation_w;
    let d = Eight(ds.low + dd, ds.high + dd);
    let h = Eight(hs.low + dh, hs.high + dh);
    let w = Eight(ws.low + dw, ws.high + dw);
    let in_d = within(d, sizes.in_d);
    let in_h = within(h, sizes.in_h);
    let in_w = within(w, sizes.in_w);
    let has_low = in_d.low & in_h.low & in_w.low;
    let has_high = in_d.high & in_h.high & in_w.high;
    let image = part * sizes.in_per_group * in_size;
    let none = vec4<i32>(image);
    var low = select(none, (d.low * sizes.in_h + h.low) * sizes.in_w + w.low + image, has_low);
    var high = select(none, (d.high * sizes.in_h + h.high) * sizes.in_w + w.high + image, has_high);
    var at = ((group * taps + k) * sizes.in_per_group * sizes.channel_tiles + tile) * i32(QUADS);
    for (var c = 0; c < sizes.in_per_group; c++) {
      let wa = packed[at];
      let seen_low = vec4<f32>(x[low.x], x[low.y], x[low.z], x[low.w]);
      let seen_high = vec4<f32>(x[high.x], x[high.y], x[high.z], x[high.w]);
      let xa = select(vec4<f32>(), seen_low, has_low);
      let xb = select(vec4<f32>(), seen_high, has_high);
      a0 += wa * xa.x; a1 += wa * xa.y; a2 += wa * xa.z; a3 += wa * xa.w;
      a4 += wa * xb.x; a5 += wa * xb.y; a6 += wa * xb.z; a7 += wa * xb.w;
      if (QUADS == 2u) {
        let wb = packed[at + 1];
        b0 += wb * xa.x; b1 += wb * xa.y; b2 += wb * xa.z; b3 += wb * xa.w;
        b4 += wb * xb.x; b5 += wb * xb.y; b6 += wb * xb.z; b7 += wb * xb.w;
      }
      low += in_size;
      high += in_size;
      at += i32(QUADS) * sizes.channel_tiles;
    }
  }
  var sums = array<vec4<f32>, 16>(a0, a1, a2, a3, a4, a5, a6, a7, b0, b1, b2, b3, b4, b5, b6, b7);
  let channels = i32(QUADS) * 4;
  let places = min(8, out_size - first);
  for (var o = 0; o < min(channels, sizes.out_per_group - tile * channels); o++) {
    let channel = group * sizes.out_per_group + tile * channels + o;
    let row = ((part / sizes.groups) * sizes.out_channels + channel) * out_size + first;
    for (var p = 0; p < places; p++) {
      y_put(u32(row + p), finish(sums[(o / 4) * 8 + p][o % 4], u32(channel)));
    }
  }
}
