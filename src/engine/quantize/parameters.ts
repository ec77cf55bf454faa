import type { ScaleLayout } from '../../backends/blocks'
import { assert } from '../../core/errors'
import { roundHalfEven } from '../../core/tensor'
import { limitsOf, middleOf, storageOf, type IntegerStorage, type IntegerType } from './integers'

/** How values are quantized: x ≈ (q − zeroPoint) · scale, channel by channel. */
export interface Parameters {
  readonly type: IntegerType
  readonly layout: ScaleLayout
  readonly dtype: IntegerStorage
  /** [channels] */
  readonly scale: Float32Array<ArrayBuffer>
  /** [channels], fround(1 / scale); 0 for a channel that counts as zero. */
  readonly reciprocal: Float32Array<ArrayBuffer>
  /** [channels] */
  readonly zeroPoint: Int32Array<ArrayBuffer>
}

/** Smallest normal float32: a scale below it would be denormal, which some devices flush to zero. */
export const SMALLEST_SCALE = 2 ** -126

/** Its reciprocal is the smallest normal float32. Only values near the largest float32 would want a larger one. */
const LARGEST_SCALE = 2 ** 126

/**
 * Scales, reciprocals and zero points from ranges; on the host, so that no device decides a byte.
 *
 * @param layout which elements share a scale
 * @param range [channels] least and greatest value of each scale, finite; what lies outside when quantizing is clamped
 *
 * symmetric:    scale = max(|min|, |max|) / high, zero point in the middle.
 * asymmetric:   scale = (max − min) / (high − low) over a range that holds 0, zero point = low + round(−min / scale).
 * power-of-two: the symmetric scale, rounded up to a power of two.
 * A channel whose scale would be denormal counts as zero: scale 1, all elements at the zero point.
 */
export function chooseParameters(
  type: IntegerType,
  layout: ScaleLayout,
  range: { readonly min: ArrayLike<number>; readonly max: ArrayLike<number> },
): Parameters {
  const { channels } = layout
  const { low, high } = limitsOf(type)
  const middle = middleOf(type)
  assert(type.bits >= 2 && type.bits <= 16 && high > middle, `${type.bits} bits hold no ${type.scheme} integers`)
  const scale = new Float32Array(channels).fill(1)
  const reciprocal = new Float32Array(channels)
  const zeroPoint = new Int32Array(channels).fill(type.scheme === 'asymmetric' ? low : middle)
  for (let c = 0; c < channels; c++) {
    const min = Math.min(0, range.min[c] as number)
    const max = Math.max(0, range.max[c] as number)
    assert(Number.isFinite(max - min), `a range of ${min} … ${max}`)
    const steps = type.scheme === 'asymmetric' ? (max - min) / (high - low) : Math.max(-min, max) / (high - middle)
    const wished = Math.fround(Math.min(LARGEST_SCALE, type.scheme === 'power-of-two' ? nextPowerOfTwo(steps) : steps))
    if (wished < SMALLEST_SCALE) continue
    scale[c] = wished
    reciprocal[c] = Math.fround(1 / wished)
    if (type.scheme === 'asymmetric') {
      zeroPoint[c] = Math.min(high, low + roundHalfEven(Math.fround(-min * (reciprocal[c] as number))))
    }
  }
  return { type, layout, dtype: storageOf(type), scale, reciprocal, zeroPoint }
}

/** Least power of two that is not below `value`; 0 for 0. */
export function nextPowerOfTwo(value: number): number {
  if (value <= 0) return 0
  const power = 2 ** Math.ceil(Math.log2(value))
  return power / 2 >= value ? power / 2 : power < value ? power * 2 : power
}
