// Arithmetic that wraps to WIDTH bits, or, where 64-bit integers are NARROWED, ends the run when it leaves 32 bits.
//#include fault
//#include wide
//#include integers-exact

fn checked(x: integer, leaves: bool) -> integer {
  if (NARROWED && leaves) { raise_overflow(); }
  return wrap(x);
}

fn is_negative(x: integer) -> bool {
  return SIGNED && x < integer(0);
}

fn integer_add(a: integer, b: integer) -> integer {
  let sum = a + b;
  return checked(sum, select(sum < a, i32((a ^ sum) & (b ^ sum)) < 0, SIGNED));
}

fn integer_sub(a: integer, b: integer) -> integer {
  let difference = a - b;
  return checked(difference, select(a < b, i32((a ^ b) & (a ^ difference)) < 0, SIGNED));
}

fn integer_mul(a: integer, b: integer) -> integer {
  let wide = multiply_wide(u32(abs(a)), u32(abs(b)));
  let most = select(0xffffffffu, 0x7fffffffu + u32(is_negative(a) != is_negative(b)), SIGNED);
  return checked(a * b, wide.x != 0u || wide.y > most);
}

fn integer_shift_left(a: integer, b: integer) -> integer {
  let by = u32(b);
  if (by >= WIDTH) { return checked(integer(0), by < 64u && a != integer(0)); }
  return checked(a << by, by > 0u && (u32(a) >> (32u - by)) != 0u);
}

fn integer_div(a: integer, b: integer) -> integer {
  if (b == integer(0)) {
    raise_division(false);
    return integer(0);
  }
  return checked(a / b, SIGNED && b == ~integer(0) && u32(a) == 0x80000000u);
}

fn integer_remainder(a: integer, b: integer) -> integer {
  if (b == integer(0)) {
    raise_division(false);
    return integer(0);
  }
  return a % b;
}

fn integer_mod(a: integer, b: integer) -> integer {
  let rest = integer_remainder(a, b);
  return select(rest, rest + b, rest != integer(0) && is_negative(rest) != is_negative(b));
}

fn integer_pow(a: integer, b: integer) -> integer {
  if (is_negative(b)) {
    if (a == integer(0)) { raise_division(true); }
    // 1, -1, or cut to 0
    let unit = integer_of(a == integer(1) || (a == ~integer(0) && (b & integer(1)) == integer(0)));
    return select(unit, ~integer(0), a == ~integer(0) && (b & integer(1)) == integer(1));
  }
  var result = integer(1);
  var square = a;
  var rest = u32(b);
  loop {
    if ((rest & 1u) == 1u) { result = integer_mul(result, square); }
    rest >>= 1u;
    if (rest == 0u) { break; }
    square = integer_mul(square, square);
  }
  return result;
}
