// Epilogue: what is applied to a result before the next kernel reads it. Codes as in ../encode/activation.ts.
import { fma, storeLanes } from './simd'
import { sigmoid4, tanh4 } from './math'

/** Of a whole stretch of floats, in place. 0: nothing. */
export function activate(at: usize, count: i32, type: i32, a: f32, b: f32): void {
  if (type == 0) return
  const va = f32x4.splat(a)
  const vb = f32x4.splat(b)
  const end = at + (<usize>count << 2)
  for (; at + 16 <= end; at += 16) v128.store(at, activation4(v128.load(at), type, va, vb))
  if (at < end) storeLanes(at, activation4(v128.load(at), type, va, vb), <i32>((end - at) >> 2))
}

// @ts-ignore: decorator
@inline
function activation4(x: v128, type: i32, a: v128, b: v128): v128 {
  const zero = f32x4.splat(0)
  switch (type) {
    case 1: // relu
      return f32x4.max(x, zero)
    case 2: // clip
      return f32x4.min(f32x4.max(x, a), b)
    case 3: // leakyRelu
      return v128.bitselect(f32x4.mul(x, a), x, f32x4.lt(x, zero))
    case 4: // hardSigmoid
      return f32x4.min(f32x4.max(fma(x, a, b), zero), f32x4.splat(1))
    case 5: // sigmoid
      return sigmoid4(x)
    case 6: // tanh
      return tanh4(x)
    case 7: // silu
      return f32x4.mul(x, sigmoid4(x))
    default: {
      // hardSwish: x · clip(x / 6 + 1/2, 0, 1)
      const gate = fma(x, f32x4.splat(1.0 / 6.0), f32x4.splat(0.5))
      return f32x4.mul(x, f32x4.min(f32x4.max(gate, zero), f32x4.splat(1)))
    }
  }
}
