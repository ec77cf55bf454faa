// Functions of integers that cannot fail, whether their type is checked (integers-checked.wgsl) or wraps (integers.wgsl).
fn wrap(x: integer) -> integer {
  return extractBits(x, 0u, WIDTH);
}

fn integer_of(condition: bool) -> integer {
  return select(integer(0), integer(1), condition);
}

fn integer_abs(x: integer) -> integer {
  if (SIGNED && x < integer(0)) { return integer_sub(integer(0), x); }
  return x;
}

fn integer_sign(x: integer) -> integer {
  return select(integer_of(x > integer(0)), ~integer(0), SIGNED && x < integer(0));
}

fn integer_shift_right(a: integer, b: integer) -> integer {
  return select(integer(0), a >> (u32(b) & 31u), u32(b) < WIDTH);
}

// An unsigned exponent from 2^31 on, as one below it: powers of odd numbers repeat after 2^30, those of even ones are 0.
fn exponent_of(x: u32) -> integer {
  return integer(select(x, (x & 0x3fffffffu) | 0x40000000u, x > 0x7fffffffu));
}
