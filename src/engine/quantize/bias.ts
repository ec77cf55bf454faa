import { assert, UnsupportedError } from '../../core/errors'
import { roundHalfEven } from '../../core/tensor'
import { nextPowerOfTwo, SMALLEST_SCALE, type Parameters } from './parameters'

const INT32 = { low: -(2 ** 31), high: 2 ** 31 - 1 }

/** Half of int32's range: the other half is left to the sum of products that the bias is added to. */
const MOST_STEPS = 2 ** 30

/** Scales beyond it are no use to anybody: a GPU's dequantized values would overflow. */
const LARGEST_SCALE = 2 ** 117

/** A bias in the units of the sum of products that it is added to. */
export interface QuantizedBias {
  /** [N], zero point 0 */
  readonly values: Int32Array<ArrayBuffer>
  /** [N] or [1], fround(activation scale · weight scale): what a runtime multiplies by, so nothing else may be stored. */
  readonly scale: Float32Array<ArrayBuffer>
  /** Channels whose bias lies beyond int32 and was clamped; `fitToBias` raises weight scales so that there is none. */
  readonly saturated: readonly number[]
}

/**
 * q = clamp(roundHalfEven(bias / scale)) as int32, scale = fround(activation scale · weight scale).
 * @param bias [N]
 * @param weightScales [N], or [1] for a weight with one scale
 * @throws UnsupportedError naming the first NaN or infinity of the bias
 * Source: ONNX QLinearConv ("scale = x_scale · w_scale and zero_point = 0").
 */
export function quantizeBias(
  bias: ArrayLike<number>,
  activationScale: number,
  weightScales: ArrayLike<number>,
  name = 'bias',
): QuantizedBias {
  assert(
    weightScales.length === 1 || weightScales.length === bias.length,
    `${weightScales.length} scales for a bias of ${bias.length}`,
  )
  const scale = Float32Array.from(weightScales, (weightScale) => activationScale * weightScale)
  const values = new Int32Array(bias.length)
  const saturated: number[] = []
  for (let n = 0; n < bias.length; n++) {
    const value = bias[n] as number
    if (!Number.isFinite(value)) throw nonFiniteBias(name, n, value)
    const steps = roundHalfEven(value / (scale[scale.length === 1 ? 0 : n] as number))
    if (steps < INT32.low || steps > INT32.high) saturated.push(n)
    values[n] = Math.min(INT32.high, Math.max(INT32.low, steps))
  }
  return { values, scale, saturated }
}

/**
 * Smallest scale of each weight channel with which its bias fits int32 and the bias scale is a normal float32. Biases that no
 * sane scale fits (beyond 2¹⁴⁷ times the activation scale) stay too large, which `quantizeBias` then tells.
 * @param bias [N]
 * @returns [N]; a weight with one scale takes the largest of them
 */
export function leastWeightScale(bias: ArrayLike<number>, activationScale: number): Float32Array<ArrayBuffer> {
  return Float32Array.from(bias, (value) => {
    const wished = Math.max(Math.abs(value) / MOST_STEPS, SMALLEST_SCALE) / activationScale
    const least = Math.min(LARGEST_SCALE, Math.max(SMALLEST_SCALE, Math.fround(wished)))
    // The product is what is stored, and it may have been rounded down.
    return Math.fround(least * activationScale) < SMALLEST_SCALE ? least * (1 + 2 ** -22) : least
  })
}

/**
 * Weight parameters whose bias fits: channels below `leastWeightScale` are raised to it, which costs their weights
 * precision but not their bias. A channel that counts as zero has no scale of its own (1 is what stands there) and takes the
 * least one, so that its bias, all that is left of it, is exact to 2⁻²⁴. Where layers share a weight, fit to one after the other.
 * @param bias [N], N = channels of the weight; any length where the weight has one scale
 * @returns the parameters, and the channels that were raised and hold weights that are not zero
 */
export function fitToBias(
  parameters: Parameters,
  bias: ArrayLike<number>,
  activationScale: number,
): { parameters: Parameters; raised: readonly number[] } {
  const { channels } = parameters.layout
  const each = leastWeightScale(bias, activationScale)
  const least = channels === 1 ? new Float32Array([each.reduce((a, b) => Math.max(a, b), 0)]) : each
  assert(least.length === channels, `a bias of ${bias.length} for ${channels} channels`)
  const scale = parameters.scale.slice()
  const reciprocal = parameters.reciprocal.slice()
  const raised: number[] = []
  for (let c = 0; c < channels; c++) {
    const isZero = reciprocal[c] === 0
    const hasBias = channels === 1 ? each.some((_, n) => bias[n] !== 0) : bias[c] !== 0
    const isTooSmall = (scale[c] as number) < (least[c] as number)
    if (!isTooSmall && !(isZero && hasBias && scale[c] === 1)) continue
    const wished = least[c] as number
    scale[c] = parameters.type.scheme === 'power-of-two' ? nextPowerOfTwo(wished) : wished
    if (isZero) continue
    reciprocal[c] = Math.fround(1 / (scale[c] as number))
    raised.push(c)
  }
  return { parameters: { ...parameters, scale, reciprocal }, raised }
}

function nonFiniteBias(name: string, index: number, value: number): UnsupportedError {
  return new UnsupportedError(
    `Tensor "${name}" holds ${value} at [${index}] (element ${index}). Weights must be finite to be quantized. ` +
      `Train or export the model again, or leave the tensor out with exclude=${name}.`,
  )
}
