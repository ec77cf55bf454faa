// y[box, c, row, column] = the largest element of a cell of a grid laid over a box, 0 for empty cells.
// x [images, channels, H, W], boxes [boxes, 5] of image, x1, y1, x2, y2, ends included, y [boxes, channels, rows, columns].
// One invocation computes one element of y; a workgroup computes 64. No workgroup memory. Raises images that are not there.
// Source: ONNX MaxRoiPool-22; Girshick, "Fast R-CNN" (2015).
//#include each
//#include fault
//#include math
//#include quotient

// As C rounds: halves away from zero.
fn rounded(x: f32) -> f32 {
  return sign(x) * floor(abs(x) + 0.5);
}

fn range_of(box_low: f32, box_high: f32, cell: u32, cells: u32, size: i32) -> vec2<i32> {
  let low = rounded(box_low * sizes.scale);
  let extent = max(rounded(box_high * sizes.scale) - low + 1.0, 1.0);
  let step = exact_quotient(extent, f32(cells));
  let ends = vec2<f32>(floor(f32(cell) * step), ceil(f32(cell + 1u) * step)) + low;
  return vec2<i32>(clamp(ends, vec2<f32>(), vec2<f32>(f32(size))));
}

fn element(i: u32) -> y_element {
  let column = i % sizes.columns;
  let row = i / sizes.columns % sizes.rows;
  let plane = i / sizes.columns / sizes.rows;
  let box = plane / sizes.channels * 5u;
  let image = i32(boxes_at(box));
  if (image < 0 || image >= sizes.images || f32(image) != boxes_at(box)) {
    raise_outside(image, u32(sizes.images));
    return 0.0;
  }
  let xs = range_of(boxes_at(box + 1u), boxes_at(box + 3u), column, sizes.columns, sizes.width);
  let ys = range_of(boxes_at(box + 2u), boxes_at(box + 4u), row, sizes.rows, sizes.height);
  if (xs.x >= xs.y || ys.x >= ys.y) { return 0.0; }
  let first = (image * i32(sizes.channels) + i32(plane % sizes.channels)) * sizes.height;
  var best = -math_infinity();
  for (var y = ys.x; y < ys.y; y++) {
    for (var x_place = xs.x; x_place < xs.y; x_place++) {
      best = math_max(best, x_at(u32((first + y) * sizes.width + x_place)));
    }
  }
  return best;
}
