// y[i] = saturate(roundHalfEven(x[i] / scale[s]) + zero[s]), the quotient rounded as float32 and then as the slot says; NaN gives 0.
// x [outer, channels, inner]; scale, zero [channels], or one per `block` channels: [outer, ceil(channels / block), inner].
// One invocation computes one element, or one word of packed ones; a workgroup computes 64. No workgroup memory.
// A quotient that is not near a half is rounded as WGSL's division has it, within 2.5 units in the last place; others exactly.
// Source: ONNX QuantizeLinear, opset 25; src/ops/quantize-linear/quantize-linear.ts.
//#include scale-place
//#include quotient
//#include round
const MOST_STEPS = 4194304i;
const NO_NUMBER = -0x7fffffffi;

// Rounded to a whole number; beyond ±2²² clamped.
fn whole_of(value: f32) -> i32 {
  let bits = bitcast<u32>(value);
  let magnitude = bits & 0x7fffffffu;
  if (magnitude > 0x7f800000u) { return NO_NUMBER; }
  if (magnitude >= 0x4a800000u) { return select(MOST_STEPS, -MOST_STEPS, bits >> 31u == 1u); }
  return i32(round(value));
}

fn saturated(whole: i32, zero: i32) -> i32 {
  if (whole == NO_NUMBER) { return 0; }
  return clamp(whole + zero, sizes.low, sizes.high);
}

fn whole_quotient(x: f32, step: f32) -> i32 {
  let a = (bitcast<u32>(x) >> 23u) & 255u;
  let b = (bitcast<u32>(step) >> 23u) & 255u;
  let difference = i32(a) - i32(b);
  if (a > 0u && a < 255u && b > 0u && b < 252u && difference >= -2 && difference < 18) {
    let estimate = x / step;
    let whole = round(estimate);
    if (abs(abs(estimate - whole) - 0.5) > abs(estimate) * 0x1p-20f) { return i32(whole); }
  }
  return whole_of(exact_quotient(x, step));
}

fn shifted(value: f32, zero: f32) -> f32 {
  return select(value + zero, value, zero == 0.0);
}

fn element(i: u32) -> y_element {
  let s = scale_place(i);
  //#slot result
}
//#include each
