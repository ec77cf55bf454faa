import { ortCpu } from './ort-cpu'
import { S8, type Target } from './target'

/**
 * ONNX Runtime's CPU provider compiled to WebAssembly: the same graph passes, and sums of products in 32 bits (i32x4.dot_i16x8
 * of extended operands), so weights take all 8 bits.
 * https://github.com/WebAssembly/simd/blob/main/proposals/simd/SIMD.md (integer dot product)
 */
export const ortWeb: Target = { ...ortCpu, weights: S8 }
