// Arithmetic of 32-bit integers that raises a fault where the exact result leaves 32 bits; see fault.wgsl.
// Pure functions of one invocation, no workgroup memory. Source: H. S. Warren, "Hacker's Delight", 2-13.
//#include wide

fn whole_add(a: i32, b: i32) -> i32 {
  let sum = a + b;
  if (((a ^ sum) & (b ^ sum)) < 0) { raise_overflow(); }
  return sum;
}

fn whole_add_unsigned(a: u32, b: u32) -> u32 {
  let sum = a + b;
  if (sum < a) { raise_overflow(); }
  return sum;
}

fn whole_multiply_unsigned(a: u32, b: u32) -> u32 {
  if (multiply_wide(a, b).x != 0u) { raise_overflow(); }
  return a * b;
}

fn whole_magnitude(a: i32) -> u32 {
  return select(u32(a), 0u - u32(a), a < 0);
}

fn whole_multiply(a: i32, b: i32) -> i32 {
  let wide = multiply_wide(whole_magnitude(a), whole_magnitude(b));
  let limit = select(0x7fffffffu, 0x80000000u, (a ^ b) < 0);
  if (wide.x != 0u || wide.y > limit) { raise_overflow(); }
  return a * b;
}

fn whole_absolute(a: i32) -> i32 {
  if (a == i32(0x80000000u)) { raise_overflow(); }
  return abs(a);
}

// The root, cut towards zero.
fn whole_root(a: u32) -> u32 {
  var root = min(u32(sqrt(f32(a))), 65535u);
  while (root * root > a) { root--; }
  while (root < 65535u && (root + 1u) * (root + 1u) <= a) { root++; }
  return root;
}
