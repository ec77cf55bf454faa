import { integersOf } from '../../core/host-array'
import { attribute, type Dim } from '../../graph/model'
import { int, optional } from '../attributes'
import { sizesOf } from '../dims'
import { boxMove, copyOrAlias, moveElements } from '../movement'
import { zerosLike } from '../gradient'
import { defineOperator, EXACT, differentiable, type NodeView } from '../op'
import { normalizeAxis, type Dims } from '../shapes'

const attributes = { axis: int(0), num_outputs: optional(int()) }
type Context = Pick<NodeView<typeof attributes>, 'attributes' | 'fail' | 'outputCount'>

/** Size of each part: as given, or equal ones of which the last is smaller where they do not come out even. */
function partsOf(context: Context, size: Dim, given: Dims | undefined): Dim[] {
  const count = context.outputCount
  if (given) {
    if (given.length !== count) context.fail(`${given.length} sizes are given for ${count} outputs`)
    if (given.some((part) => typeof part === 'number' && part < 0)) context.fail('a part has a negative size')
    const isKnown = typeof size === 'number' && given.every((part) => typeof part === 'number')
    const sum = isKnown ? given.reduce<number>((total, part) => total + (part as number), 0) : size
    if (sum !== size) context.fail(`the parts [${given.join(', ')}] add up to ${sum} and not to ${size}`)
    return [...given]
  }
  const { num_outputs: wanted } = context.attributes
  if (wanted !== undefined && wanted !== count)
    context.fail(`num_outputs is ${wanted} and the node has ${count} outputs`)
  if (typeof size !== 'number') return new Array<Dim>(count).fill(count === 1 ? size : null)
  const part = Math.ceil(size / count)
  if (part * (count - 1) > size) context.fail(`the size ${size} cannot be cut into ${count} parts`)
  return Array.from({ length: count }, (_, i) => (i < count - 1 ? part : size - part * (count - 1)))
}

/** Cuts an array along an axis into several. */
export const split = defineOperator({
  name: 'Split',
  domain: '',
  attributes,
  inputs: [1, 2],
  infer(context) {
    const dtype = context.dtype(0)
    const shape = context.shape(0)
    if (!shape) return Array.from({ length: context.outputCount }, () => ({ dtype, shape: undefined }))
    const axis = normalizeAxis(context, context.attributes.axis, shape.length)
    const given = context.has(1) ? (sizesOf(context, 1) ?? new Array<Dim>(context.outputCount).fill(null)) : undefined
    return partsOf(context, shape[axis]!, given).map((part) => ({ dtype, shape: shape.with(axis, part) }))
  },
  reference(context, x, given) {
    const { dtype, shape } = x!
    const axis = normalizeAxis(context, context.attributes.axis, shape.length)
    let at = 0
    return partsOf(context, shape[axis]!, given && integersOf(given)).map((part, i) => {
      const start = at
      at += part as number
      if (!context.wants(i)) return undefined
      const result = context.empty(dtype, shape.with(axis, part as number))
      const zeros = shape.map(() => 0)
      const from = { shape, starts: zeros.with(axis, start) }
      moveElements(x!, result, boxMove(result.shape, from, { shape: result.shape, starts: zeros }))
      return result
    })
  },
  gradient: differentiable<typeof attributes>((context) => {
    const parts = Array.from({ length: context.outputCount }, (_, i) => {
      const gradient = context.gradient(i)
      return gradient ?? zerosLike(context.write, context.output(i))
    })
    return [context.write.add('Concat', parts, [attribute.int('axis', context.attributes.axis)])]
  }),
  lower(context) {
    const input = context.input(0)
    const axis = normalizeAxis(context, context.attributes.axis, input.shape.length)
    const zeros = input.shape.map(() => 0)
    const given = context.constant(1)
    if (context.has(1) && !given) return null
    let at = 0
    return partsOf(context, input.shape[axis]!, given && integersOf(given)).flatMap((part, i) => {
      const from = { shape: input.shape, starts: zeros.with(axis, at) }
      at += part as number
      if (!context.wants(i)) return []
      const output = context.output(i)
      return [copyOrAlias(input, output, boxMove(output.shape, from, { shape: output.shape, starts: zeros }))]
    })
  },
  tolerance: EXACT,
})
