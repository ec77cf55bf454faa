import { dtypeToOnnx, type KnownDType } from '../../core/dtypes'
import { attribute } from '../../graph/model'
import type { AttributeRule } from '../attributes'
import { formulaFor } from '../elementwise'
import { reshapedLike, shapeOf, zerosLike, type GradientContext, type ValueName } from '../gradient'
import { given, granularityOf } from '../quantization'
import { isKnown } from '../shapes'

type Context = GradientContext<{
  readonly axis: AttributeRule<number>
  readonly block_size: AttributeRule<number>
  readonly output_dtype: AttributeRule<KnownDType | undefined>
}>

/** Of the scale: dy · (x − zero point), summed over the elements that it scales. Integers have no derivative. */
export function scaleGradient(context: Context): readonly (ValueName | undefined)[] {
  const { write, attributes } = context
  const [x, scale, dy] = [context.input(0), context.input(1), context.gradient(0)!]
  if (!context.needs(1)) return []
  const wanted = given(attributes.output_dtype)
  const ones = formulaFor(context, scale).add(zerosLike(write, scale), 1)
  const steps = write.add(
    'DequantizeLinear',
    [x, ones, context.has(2) ? context.input(2) : undefined],
    [
      attribute.int('axis', attributes.axis),
      attribute.int('block_size', attributes.block_size),
      wanted && attribute.int('output_dtype', dtypeToOnnx(wanted)),
    ],
  )
  const summed = sumPerScale(context, formulaFor(context, dy).mul(dy, steps))
  return [undefined, write.add('CastLike', [reshapedLike(context, summed, scale), scale])]
}

function sumPerScale(context: Context, value: ValueName): ValueName {
  const { write, attributes } = context
  const [shape, scale] = [shapeOf(context, value), shapeOf(context, context.input(1))]
  if (!isKnown(scale)) return context.refuse('a derivative for a scale of open size')
  const granularity = granularityOf(shape as readonly number[], scale, attributes)
  const without = attribute.int('keepdims', 0)
  if (granularity.by === 'tensor') return write.add('ReduceSum', [value], [without])
  const { axis } = granularity
  if (granularity.by === 'axis') {
    const others = shape.map((_, i) => i).filter((i) => i !== axis)
    return write.add('ReduceSum', [value, write.integers(others)], [without])
  }
  // the last block may be shorter
  const [size, block] = [shape[axis], granularity.size]
  if (typeof size !== 'number') return context.refuse('a derivative for blocks of an axis of open size')
  const missing = scale[axis]! * block - size
  const filled = write.add('Pad', [value, write.integers([0, missing]), undefined, write.integers([axis])])
  const parts = [
    write.add('Shape', [value], [attribute.int('end', axis)]),
    write.integers([scale[axis]!, block]),
    write.add('Shape', [value], [attribute.int('start', axis + 1)]),
  ]
  const blocks = write.add('Reshape', [filled, write.add('Concat', parts, [attribute.int('axis', 0)])])
  return write.add('ReduceSum', [blocks, write.integers([axis + 1])], [without])
}
