import type { Bytes } from '../../core/bytes'
import { storageBytes } from '../../core/dtypes'
import { assert } from '../../core/errors'
import { attribute, tensorFromBytes, type Attribute, type LazyTensor } from '../../graph/model'
import { scaleShapeOf, type Granularity } from './granularity'
import type { IntegerStorage } from './integers'
import type { Parameters } from './parameters'

/** What DequantizeLinear takes beside the integers. */
export interface Scaling {
  /** float32, [], [C], or the tensor's shape with the blocked axis divided by the block size, rounded up. */
  readonly scale: LazyTensor
  /** The integers' dtype, shaped as the scale; null where all are zero, which is what an absent one means. */
  readonly zeroPoint: LazyTensor | null
  /** `axis` where it is not 1, the default; `block_size` of groups, which needs opset 21. */
  readonly attributes: readonly Attribute[]
  /** Lowest opset whose DequantizeLinear takes these: 10 for one scale, 13 along an axis, 21 for groups, 4 and 16 bits. */
  readonly opset: 10 | 13 | 21
}

/**
 * Scales and zero points of a tensor of this shape as constants `<name>_scale` and `<name>_zero`.
 * @param granularity the one that the parameters were chosen with; blocks over several axes have no ONNX form
 * Source: ONNX DequantizeLinear, versions 10, 13 and 21.
 */
export function scalingOf(
  name: string,
  shape: readonly number[],
  granularity: Granularity,
  parameters: Parameters,
): Scaling {
  assert(granularity.kind !== 'block', 'DequantizeLinear has blocks along one axis only')
  const { scale, zeroPoint, dtype } = parameters
  const scaleShape = scaleShapeOf(shape, granularity)
  const bytes = new Uint8Array(scale.buffer, scale.byteOffset, scale.byteLength)
  const zeros = zeroPoint.some((point) => point !== 0) ? integerBytes(dtype, zeroPoint) : null
  const isGroup = granularity.kind === 'group'
  return {
    scale: tensorFromBytes(`${name}_scale`, 'float32', scaleShape, bytes),
    zeroPoint: zeros && tensorFromBytes(`${name}_zero`, dtype, scaleShape, zeros),
    attributes: [
      ...('axis' in granularity && granularity.axis !== 1 ? [attribute.int('axis', granularity.axis)] : []),
      ...(isGroup ? [attribute.int('block_size', granularity.size)] : []),
    ],
    opset: isGroup || !dtype.endsWith('8') ? 21 : granularity.kind === 'channel' ? 13 : 10,
  }
}

/** Integers as their dtype stores them: 4 bits low nibble first, the last byte padded with zero; 16 bits little-endian. */
export function integerBytes(dtype: IntegerStorage, values: ArrayLike<number>): Bytes {
  if (dtype.endsWith('16')) return new Uint8Array(Uint16Array.from(values).buffer)
  if (dtype.endsWith('8')) return Uint8Array.from(values)
  const bytes = new Uint8Array(storageBytes(dtype, values.length) as number)
  for (let i = 0; i < values.length; i++) {
    bytes[i >> 1] = (bytes[i >> 1] as number) | (((values[i] as number) & 15) << (4 * (i & 1)))
  }
  return bytes
}
