/** What Cast and CastLike share. */
import type { KernelCall } from '../backends/kernel-calls'
import type { KnownDType } from '../core/dtypes'
import { isFloat, setValue, type HostArray } from '../core/host-array'
import { choice, flag, type AttributeSchema } from './attributes'
import { converter } from './convert'
import type { InferContext, LowerContext, ReferenceContext } from './op'

export const CAST_ATTRIBUTES = { round_mode: choice(['up', 'down', 'nearest'], 'up'), saturate: flag(true) }

interface Given {
  readonly round_mode: 'up' | 'down' | 'nearest'
  readonly saturate: boolean
}

/** Every element of `x` as one of `to`. */
export function castTo(
  context: Pick<ReferenceContext<AttributeSchema>, 'empty'>,
  x: HostArray,
  to: KnownDType,
  given: Given,
): HostArray {
  const result = context.empty(to, x.shape)
  const convert = converter(x.dtype, to, { saturates: given.saturate, rounding: given.round_mode })
  for (let i = 0; i < x.values.length; i++) setValue(result, i, convert(x.values[i] as number | bigint))
  return result
}

/** Sizes stay what they are between integers that can hold them. */
export const castDims = <S extends AttributeSchema>(context: InferContext<S>, to: KnownDType) =>
  ['int32', 'int64'].includes(to) && !isFloat(context.dtype(0)) ? context.dims(0) : undefined

const HAS_KERNEL = new Set<KnownDType>(['float32', 'int32', 'int64', 'uint8', 'int8', 'bool'])

export function lowerCast<S extends AttributeSchema>(context: LowerContext<S>): readonly KernelCall[] | null {
  const input = context.input(0)
  const output = context.output(0)
  if (input.dtype === output.dtype) return [{ kernel: 'alias', input, output }]
  return HAS_KERNEL.has(input.dtype) && HAS_KERNEL.has(output.dtype) ? [{ kernel: 'cast', input, output }] : null
}
