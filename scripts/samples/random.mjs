/**
 * Seeded random numbers for the samples: sfc32 (public domain, PractRand). Only integer operations, divisions and
 * square roots are used anywhere in this folder, because Math.exp and its like differ in the last bit by engine.
 */
export function seeded(seed) {
  let [a, b, c, counter] = [seed | 0, 0x9e3779b9 | 0, 0x243f6a88 | 0, 1]
  const uint32 = () => {
    const t = (((a + b) | 0) + counter++) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = ((c << 21) | (c >>> 11)) + t
    c |= 0
    return t >>> 0
  }
  for (let i = 0; i < 16; i++) uint32()
  return {
    uniform: () => uint32() / 4294967296,
    below: (limit) => Math.floor((uint32() / 4294967296) * limit),
    between: (low, high) => low + (uint32() / 4294967296) * (high - low),
  }
}
