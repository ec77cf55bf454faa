// What the family `quantize` shares.

/** Integers that are read and written, as src/backends/wasm/kernels.ts numbers them. */
export const UINT8: i32 = 0
export const INT8: i32 = 1
export const UINT16: i32 = 2
export const INT16: i32 = 3

// Rounding to nearest even without f32x4.nearest and trunc_sat (several x86 instructions each): after adding 1.5 · 2^23
// the low bits of a float hold the integer. Valid below 2^22, hence a clamp before it.
export const MAGIC: f32 = 12582912
export const MAGIC_BITS: i32 = 0x4b400000

/** Bits of a float without its sign. */
export const MAGNITUDE: i32 = 0x7fffffff
