/** What Cast and CastLike share. */
import type { KernelCall, Operand } from '../backends/kernel-calls'
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

const isNarrow = (dtype: KnownDType): boolean => isFloat(dtype) && dtype !== 'float32' && dtype !== 'float64'

/** Floats narrower than their slots are rounded; those that machines keep unrounded between nodes, before anything else. */
export function lowerCast<S extends AttributeSchema>(
  context: LowerContext<S>,
  to: KnownDType,
  given: Given,
): readonly KernelCall[] {
  const [input, output, from] = [context.input(0), context.output(0), context.dtype(0)]
  if (from === to) return [{ kernel: 'alias', input, output }]
  const rounds = { to, saturates: given.saturate, rounding: given.round_mode }
  const castFrom = (seen: Operand): KernelCall => ({
    ...{ kernel: 'cast', input: seen, output },
    ...(isNarrow(to) && { rounds }),
  })
  if (input.dtype === from) return [castFrom(input)]
  const isLast = to === input.dtype
  const rounded = isLast ? output : context.scratch(input.dtype, input.shape)
  const first: KernelCall = { kernel: 'cast', input, output: rounded, rounds: { ...rounds, to: from } }
  return isLast ? [first] : [first, castFrom(rounded)]
}
