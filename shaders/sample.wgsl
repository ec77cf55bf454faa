// y[n, c, p] = Σ x[n, c, element] · weight over the elements around position p, `taps` along each of `axes` axes.
// x [images, channels, D, H, W], positions [images, places, axes], the last axis first, y [images, channels, places].
// One invocation computes one element of y; a workgroup computes 64. No workgroup memory.
// taps 1: the nearest, ties to even; 2: linear; 4: cubic with Keys' −0.75. unit 0: elements; 1: −1 to 1 between centers;
// 2: between edges. padding 0: zeros; 1: border; 2: reflection. In sizes: one pipeline for all. Source: ONNX GridSample-22; src/ops/sampling.ts.
//#include each
//#include math

// The elements around a position along one axis: `count` from `first` on, 0 where nothing is read.
struct Around {
  first: i32,
  ratio: f32,
  count: i32,
}

fn low_of() -> f32 {
  return select(0.0, -0.5, sizes.unit == 2u);
}

fn high_of(size: i32) -> f32 {
  return f32(size) - select(1.0, 0.5, sizes.unit == 2u);
}

// Thrown back at both ends, as often as needed.
fn reflect_at(x: f32, size: i32) -> f32 {
  let low = low_of();
  let range = high_of(size) - low;
  if (range <= 0.0) { return low; }
  let distance = abs(x - low) % (2.0 * range);
  return low + min(distance, 2.0 * range - distance);
}

fn element_of(position: f32, size: i32) -> f32 {
  if (sizes.unit == 0u) { return position; }
  if (sizes.unit == 1u) { return (position + 1.0) * 0.5 * f32(size - 1); }
  return ((position + 1.0) * f32(size) - 1.0) * 0.5;
}

fn around(position: f32, size: i32) -> Around {
  var x = element_of(position, size);
  if (sizes.taps == 1u) { x = round(x); }
  if (math_is_nan(x) || math_is_infinite(x)) {
    if (sizes.padding == 0u) { return Around(0, 0.0, 0); }
    x = select(low_of(), high_of(size), math_is_infinite(x) && x > 0.0);
  }
  if (sizes.padding == 2u && (x < low_of() || x > high_of(size))) { x = reflect_at(x, size); }
  if (sizes.taps == 1u) { x = round(x); }
  let first = floor(x);
  let at = i32(clamp(first, -8.0, f32(size + 8)));
  return Around(select(at, at - 1, sizes.taps == 4u), x - first, i32(sizes.taps));
}

// R. G. Keys, "Cubic convolution interpolation for digital image processing" (1981), equation 4.
fn cubic(distance: f32) -> f32 {
  let t = abs(distance);
  if (t <= 1.0) { return (1.25 * t - 2.25) * t * t + 1.0; }
  return ((-0.75 * t + 3.75) * t - 6.0) * t + 3.0;
}

fn weight(place: Around, i: i32) -> f32 {
  if (place.count == 1) { return 1.0; }
  if (place.count == 2) { return select(place.ratio, 1.0 - place.ratio, i == 0); }
  return cubic(place.ratio - f32(i - 1));
}

// −1 for an element that is not read.
fn inside(index: i32, size: i32) -> i32 {
  if (index >= 0 && index < size) { return index; }
  if (sizes.padding == 0u) { return -1; }
  if (sizes.padding == 1u) { return clamp(index, 0, size - 1); }
  return clamp(i32(reflect_at(f32(index), size)), 0, size - 1);
}

fn element(i: u32) -> y_element {
  let place = i % sizes.places;
  let plane = i / sizes.places;
  let at = (plane / sizes.channels * sizes.places + place) * sizes.axes;
  var d = Around(0, 0.0, 1);
  var h = Around(0, 0.0, 1);
  let w = around(positions_at(at), sizes.in_w);
  if (sizes.axes > 1u) { h = around(positions_at(at + 1u), sizes.in_h); }
  if (sizes.axes > 2u) { d = around(positions_at(at + 2u), sizes.in_d); }
  var sum = 0.0;
  for (var k = 0; k < d.count; k++) {
    let depth = inside(d.first + k, sizes.in_d);
    let depth_weight = weight(d, k);
    if (depth < 0 || depth_weight == 0.0) { continue; }
    for (var j = 0; j < h.count; j++) {
      let row = inside(h.first + j, sizes.in_h);
      let row_weight = depth_weight * weight(h, j);
      if (row < 0 || row_weight == 0.0) { continue; }
      let first = ((i32(plane) * sizes.in_d + depth) * sizes.in_h + row) * sizes.in_w;
      for (var t = 0; t < w.count; t++) {
        let column = inside(w.first + t, sizes.in_w);
        let share = row_weight * weight(w, t);
        if (column >= 0 && share != 0.0) { sum += share * x_at(u32(first + column)); }
      }
    }
  }
  return sum;
}
