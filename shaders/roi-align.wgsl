// y[box, c, row, column] = mean, or with is_max the largest weighted neighbour, of points interpolated in a cell of a box.
// x [images, channels, H, W], boxes [boxes, 4] of x1, y1, x2, y2, image_of [boxes], y [boxes, channels, rows, columns].
// One invocation computes one element of y; a workgroup computes 64. No workgroup memory. Raises images that are not there.
// Source: ONNX RoiAlign-22; He et al., "Mask R-CNN" (2017).
//#include each
//#include fault
//#include math
//#include quotient

// Points of a cell along one axis.
struct Points {
  start: f32,
  step: f32,
  count: i32,
}

fn points_of(low: f32, high: f32, cell: u32, cells: u32) -> Points {
  let shift = select(0.0, 0.5, sizes.is_half != 0u);
  let start = low * sizes.scale - shift;
  let span = high * sizes.scale - shift - start;
  // its last place decides how many points there are
  let step = exact_quotient(select(max(span, 1.0), span, sizes.is_half != 0u), f32(cells));
  let count = select(i32(sizes.points), max(0, i32(ceil(step))), sizes.points == 0u);
  return Points(start + f32(cell) * step, step, count);
}

// Two neighbours of a point and how much of the second; −1 beyond the rim.
struct Pair {
  low: i32,
  high: i32,
  ratio: f32,
}

fn pair_at(points: Points, k: i32, size: i32) -> Pair {
  let position = points.start + (f32(k) + 0.5) * points.step / f32(points.count);
  if (!(position >= -1.0 && position <= f32(size))) { return Pair(-1, -1, 0.0); }
  let at = max(0.0, position);
  let low = i32(floor(at));
  if (low >= size - 1) { return Pair(size - 1, size - 1, 0.0); }
  return Pair(low, low + 1, at - f32(low));
}

fn element(i: u32) -> y_element {
  let column = i % sizes.columns;
  let row = i / sizes.columns % sizes.rows;
  let plane = i / sizes.columns / sizes.rows;
  let channel = i32(plane % sizes.channels);
  let box = plane / sizes.channels;
  let image = i32(image_of_at(box));
  if (image < 0 || image >= sizes.images) {
    raise_outside(image, u32(sizes.images));
    return 0.0;
  }
  let xs = points_of(boxes_at(4u * box), boxes_at(4u * box + 2u), column, sizes.columns);
  let ys = points_of(boxes_at(4u * box + 1u), boxes_at(4u * box + 3u), row, sizes.rows);
  let first = (image * i32(sizes.channels) + channel) * sizes.height;
  var sum = 0.0;
  var most = -math_infinity();
  for (var j = 0; j < ys.count; j++) {
    let y = pair_at(ys, j, sizes.height);
    for (var k = 0; k < xs.count; k++) {
      let x_pair = pair_at(xs, k, sizes.width);
      if (y.low < 0 || x_pair.low < 0) {
        most = max(most, 0.0);
        continue;
      }
      let upper = (first + y.low) * sizes.width;
      let lower = (first + y.high) * sizes.width;
      let a = (1.0 - y.ratio) * (1.0 - x_pair.ratio) * x_at(u32(upper + x_pair.low));
      let b = (1.0 - y.ratio) * x_pair.ratio * x_at(u32(upper + x_pair.high));
      let c = y.ratio * (1.0 - x_pair.ratio) * x_at(u32(lower + x_pair.low));
      let d = y.ratio * x_pair.ratio * x_at(u32(lower + x_pair.high));
      sum += a + b + c + d;
      most = max(most, max(max(a, b), max(c, d)));
    }
  }
  let count = ys.count * xs.count;
  if (sizes.is_max != 0u) { return select(most, 0.0, count == 0); }
  return sum / f32(max(1, count));
}
