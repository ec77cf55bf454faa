// quotient(x, y) = x / y rounded to the nearest float32, ties to even, of float32 given as bits, and as bits.
// Pure functions: no buffers, no workgroup memory. Long division of whole numbers: WGSL's own division may be off by 2.5 units
// in the last place and may take denormals for 0, which would show where a quotient becomes an integer.
// Source: IEEE 754-2019, 4.3.1 and 5.4.1; WGSL specification, "Accuracy of concrete floating point expressions".
struct Unpacked {
  // 2^23 <= fraction < 2^24: the number is fraction · 2^(exponent - 23)
  fraction: u32,
  exponent: i32,
}

fn unpacked(bits: u32) -> Unpacked {
  let magnitude = bits & 0x7fffffffu;
  if (magnitude >= 0x800000u) {
    return Unpacked((magnitude & 0x7fffffu) | 0x800000u, i32(magnitude >> 23u) - 127);
  }
  let shift = countLeadingZeros(magnitude) - 8u;
  return Unpacked(magnitude << shift, -126 - i32(shift));
}

fn quotient(x: u32, y: u32) -> u32 {
  let sign = (x ^ y) & 0x80000000u;
  let a = x & 0x7fffffffu;
  let b = y & 0x7fffffffu;
  let infinity = 0x7f800000u;
  if (a > infinity || b > infinity || (a == infinity && b == infinity) || (a == 0u && b == 0u)) { return 0x7fc00000u; }
  if (a == infinity || b == 0u) { return sign | infinity; }
  if (a == 0u || b == infinity) { return sign; }
  return sign | finite_quotient(unpacked(a), unpacked(b));
}

fn exact_quotient(x: f32, step: f32) -> f32 {
  return bitcast<f32>(quotient(bitcast<u32>(x), bitcast<u32>(step)));
}

fn finite_quotient(a: Unpacked, b: Unpacked) -> u32 {
  let isBelow = a.fraction < b.fraction;
  var rest = select(a.fraction, a.fraction << 1u, isBelow);
  let exponent = a.exponent - b.exponent - select(0, 1, isBelow);
  // 25 digits, the first of them 1
  var digits = 0u;
  for (var i = 0u; i < 25u; i++) {
    let digit = u32(rest >= b.fraction);
    digits = (digits << 1u) | digit;
    rest = (rest - digit * b.fraction) << 1u;
  }
  if (exponent > 127) { return 0x7f800000u; }
  // one digit too many, and those that a denormal has no room for
  let dropped = 1u + u32(clamp(-126 - exponent, 0, 26));
  if (dropped > 26u) { return 0u; }
  let half = 1u << (dropped - 1u);
  let tail = digits & ((half << 1u) - 1u);
  let whole = digits >> dropped;
  let isUp = tail > half || (tail == half && (rest != 0u || (whole & 1u) == 1u));
  // a carry goes into the exponent, where it belongs
  let base = select(0u, u32(exponent + 126) << 23u, exponent >= -126);
  return base + whole + u32(isUp);
}
