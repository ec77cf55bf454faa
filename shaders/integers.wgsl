// Arithmetic that wraps to WIDTH bits; `integer` is i32 or u32.
//#include integers-exact

fn integer_add(a: integer, b: integer) -> integer {
  return wrap(a + b);
}

fn integer_sub(a: integer, b: integer) -> integer {
  return wrap(a - b);
}

fn integer_mul(a: integer, b: integer) -> integer {
  return wrap(a * b);
}

fn integer_shift_left(a: integer, b: integer) -> integer {
  return wrap(select(integer(0), a << (u32(b) & 31u), u32(b) < WIDTH));
}
