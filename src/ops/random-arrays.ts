/** What the generators of random numbers share. The same seed gives the same numbers on every machine. */
import type { KnownDType } from '../core/dtypes'
import { isFloat, setValue } from '../core/host-array'
import type { Random } from '../core/random'
import { dtype, float, ints, optional, type AttributeSchema } from './attributes'
import {
  defineOperator,
  EXACT,
  notDifferentiable,
  onHost,
  ZERO_DERIVATIVE,
  type Operator,
  type ReferenceContext,
} from './op'

export const RANDOM = {
  gradient: notDifferentiable('random numbers'),
  lower: onHost('random numbers come from the host, so that a seed gives the same ones everywhere'),
  tolerance: EXACT,
} as const

interface GeneratorOptions<S extends AttributeSchema> {
  readonly name: string
  /** Parameters of the distribution. */
  readonly parameters: S
  readonly draw: (random: Random, parameters: { readonly [K in keyof S]: number }) => number
}

const drawAll = (
  context: Pick<ReferenceContext<AttributeSchema>, 'empty'>,
  to: KnownDType,
  shape: readonly number[],
  draw: () => number,
) => {
  const result = context.empty(to, shape)
  for (let i = 0; i < result.values.length; i++) setValue(result, i, draw())
  return [result]
}

/** A tensor of the shape given as attribute; no inputs. */
export const defineGenerator = <const S extends Record<string, ReturnType<typeof float>>>({
  name,
  parameters,
  draw,
}: GeneratorOptions<S>): Operator =>
  defineOperator<AttributeSchema>({
    name,
    domain: '',
    attributes: { ...parameters, dtype: dtype('float32'), seed: optional(float()), shape: ints() },
    inputs: [0, 0],
    infer(context) {
      const { dtype: to, shape } = context.attributes as { dtype: KnownDType; shape: readonly number[] }
      if (!isFloat(to)) context.refuse(`results of type ${to}`)
      if (shape.some((size) => size < 0)) context.fail(`the shape [${shape.join(', ')}] has a negative size`)
      return [{ dtype: to, shape }]
    },
    reference(context) {
      const { dtype: to, shape } = context.attributes as { dtype: KnownDType; shape: readonly number[] }
      return drawAll(context, to, shape, () => draw(context.random, context.attributes as { [K in keyof S]: number }))
    },
    ...RANDOM,
  })

/** A tensor of the input's shape, and of its type unless `dtype` says another. */
export const defineGeneratorLike = <const S extends Record<string, ReturnType<typeof float>>>({
  name,
  parameters,
  draw,
}: GeneratorOptions<S>): Operator =>
  defineOperator<AttributeSchema>({
    name,
    domain: '',
    attributes: { ...parameters, dtype: optional(dtype()), seed: optional(float()) },
    inputs: [1, 1],
    infer(context) {
      const to = (context.attributes['dtype'] as KnownDType | undefined) ?? context.dtype(0)
      if (!isFloat(to)) context.refuse(`results of type ${to}`)
      return [{ dtype: to, shape: context.shape(0) }]
    },
    reference(context, x) {
      const to = (context.attributes['dtype'] as KnownDType | undefined) ?? x!.dtype
      return drawAll(context, to, x!.shape, () =>
        draw(context.random, context.attributes as { [K in keyof S]: number }),
      )
    },
    ...RANDOM,
    gradient: ZERO_DERIVATIVE,
  })
