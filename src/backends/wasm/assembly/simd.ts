// What all families share.

/** a · b + c. One rounding with relaxed SIMD, two without: results of the two modules differ in the last bit. */
// @ts-ignore: decorator
@inline
export function fma(a: v128, b: v128, c: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return f32x4.relaxed_madd(a, b, c)
  return f32x4.add(f32x4.mul(a, b), c)
}

/** Scratch memory of the running command: as many bytes as the encoder asked for, 64-byte aligned, contents undefined. */
export let scratch: usize = 0

export function setScratch(address: usize): void {
  scratch = address
}

/** The index that made the last command fail; a family that returns an error calls `setFault` first. */
export let fault: f64 = 0

export function setFault(index: f64): void {
  fault = index
}

/** The i-th argument word of a command. */
// @ts-ignore: decorator
@inline
export function word(args: usize, i: usize): i32 {
  return load<i32>(args + (i << 2))
}

// @ts-ignore: decorator
@inline
export function addressAt(args: usize, i: usize): usize {
  return load<u32>(args + (i << 2))
}

// @ts-ignore: decorator
@inline
export function float(args: usize, i: usize): f32 {
  return load<f32>(args + (i << 2))
}

/** Writes the first `count` lanes, 1 to 4. */
// @ts-ignore: decorator
@inline
export function storeLanes(target: usize, v: v128, count: i32): void {
  if (count >= 4) v128.store(target, v)
  else {
    if (count & 2) {
      v128.store64_lane(target, v, 0)
      if (count & 1) v128.store32_lane(target, v, 2, 8)
    } else v128.store32_lane(target, v, 0)
  }
}
