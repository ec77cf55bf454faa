// y[b, o, p] = finish(Σ_k x[b, c, p·stride − pad + t·dilation] · w[o, k]) with k = (c, t) over channels and taps of o's group.
// x [batch, groups·C, D, H, W], w [groups·O, C·TAPS], bias [groups·O] in the slot, y [batch, groups·O, D', H', W'].
// One invocation computes 4 channels × 4 places, a workgroup a square tile of 4·SIDE; places of all images are counted on.
// Workgroup memory: a tile of each matrix, about 32·SIDE² bytes: 8.3 KiB for SIDE 16, 2.2 KiB for SIDE 8.
// The idea: an implicit product of matrices [O, K] · [K, places]; every loaded element is used 4·SIDE times.
//#include window
//#include math
//#slot finish

var<workgroup> w_tile: array<vec4<f32>, SIDE * (SIDE + 1)>;
var<workgroup> x_tile: array<vec4<f32>, SIDE * SIDE>;

fn weights(group: i32, o: i32, k: i32) -> vec4<f32> {
  var found = vec4<f32>();
  if (k >= sizes.terms) { return found; }
  let row = group * sizes.out_per_group;
  for (var j = 0; j < 4; j++) {
    if (o + j < sizes.out_per_group) { found[j] = w_at(u32((row + o + j) * sizes.terms + k)); }
  }
  return found;
}

// Where a place's window begins, and its image's first element; images beyond the last are read as the first.
fn begin_of(place: i32, group: i32) -> vec4<i32> {
  let out_size = sizes.out_d * sizes.out_h * sizes.out_w;
  let image = place / out_size % sizes.batch;
  let first = (image * sizes.groups + group) * sizes.in_per_group * sizes.in_d * sizes.in_h * sizes.in_w;
  return vec4<i32>(start_of(place_of(place % out_size)), first);
}

fn seen(begin: vec4<i32>, tap: vec3<i32>, channel: i32) -> f32 {
  let at = begin.xyz + tap;
  let size = vec3<i32>(sizes.in_d, sizes.in_h, sizes.in_w);
  if (any(at < vec3<i32>()) || any(at >= size)) { return 0.0; }
  return x_at(u32(begin.w + ((channel * size.x + at.x) * size.y + at.y) * size.z + at.z));
}

fn store(sums: vec4<f32>, o: i32, group: i32, first: i32) {
  if (o >= sizes.out_per_group) { return; }
  let channel = group * sizes.out_per_group + o;
  let out_size = sizes.out_d * sizes.out_h * sizes.out_w;
  for (var j = 0; j < 4; j++) {
    let place = first + j;
    if (place >= out_size * sizes.batch) { return; }
    let row = (place / out_size) * sizes.out_channels + channel;
    y_put(u32(row * out_size + place % out_size), finish(sums[j], u32(channel)));
  }
}

@compute @workgroup_size(SIDE * SIDE)
fn main(
  @builtin(workgroup_id) workgroup: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) local: u32,
) {
  let tile = workgroup.x + workgroup.y * groups.x;
  if (tile >= sizes.tiles) { return; }
  let channel_tile = i32(tile) % sizes.channel_tiles;
  let place_tile = i32(tile) / sizes.channel_tiles % sizes.place_tiles;
  let group = i32(tile) / sizes.channel_tiles / sizes.place_tiles;
  let side = i32(SIDE);
  let low = i32(local) % side;
  let high = i32(local) / side;
  // loading: channels 4·high and term low of the weights; term high and places 4·low of the image
  let places = (place_tile * side + low) * 4;
  let begin0 = begin_of(places, group);
  let begin1 = begin_of(places + 1, group);
  let begin2 = begin_of(places + 2, group);
  let begin3 = begin_of(places + 3, group);
  let channels = (channel_tile * side + high) * 4;
  var c0 = vec4<f32>(); var c1 = vec4<f32>(); var c2 = vec4<f32>(); var c3 = vec4<f32>();
  for (var start_term = 0; start_term < sizes.terms; start_term += side) {
    w_tile[low * (side + 1) + high] = weights(group, channels, start_term + low);
    let k = start_term + high;
    let channel = k / i32(TAPS);
    let t = k % i32(TAPS);
    let row = t / i32(KERNEL_W);
    let tap = vec3<i32>(row / i32(KERNEL_H), row % i32(KERNEL_H), t % i32(KERNEL_W))
      * vec3<i32>(sizes.dilation_d, sizes.dilation_h, sizes.dilation_w);
    var xs = vec4<f32>();
    if (k < sizes.terms) {
      xs = vec4<f32>(seen(begin0, tap, channel), seen(begin1, tap, channel), seen(begin2, tap, channel), seen(begin3, tap, channel));
    }
    x_tile[high * side + low] = xs;
    workgroupBarrier();
    for (var j = 0; j < side; j++) {
      let w = w_tile[j * (side + 1) + high];
      let v = x_tile[j * side + low];
      c0 += v * w.x; c1 += v * w.y; c2 += v * w.z; c3 += v * w.w;
    }
    workgroupBarrier();
  }
  store(c0, channels, group, places);
  store(c1, channels + 1, group, places);
  store(c2, channels + 2, group, places);
  store(c3, channels + 3, group, places);
}
