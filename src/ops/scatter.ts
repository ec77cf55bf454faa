/** How ScatterElements and ScatterND put updates into an array. */
import type { KernelCall } from '../backends/kernel-calls'
import type { Blocks, ScatterReduction } from '../backends/place-calls'
import { elementCount } from '../core/dtypes'
import type { HostArray, Values } from '../core/host-array'
import { choice } from './attributes'
import type { AttributeSchema } from './attributes'
import { requireKind } from './dtype-kinds'
import { aliasCall } from './movement'
import type { InferContext, LowerContext } from './op'

const REDUCTIONS = ['none', 'add', 'mul', 'max', 'min'] as const satisfies readonly ScatterReduction[]
export const reductionAttribute = choice(REDUCTIONS, 'none')

type Element = Values[number]

/** Both elements are of one kind, numbers or bigints. */
const COMBINE: Record<ScatterReduction, (old: Element, update: Element) => Element> = {
  none: (_, update) => update,
  add: (old, update) => (old as number) + (update as number),
  mul: (old, update) => (old as number) * (update as number),
  max: (old, update) => (isNaN(old) || old > update ? old : update),
  min: (old, update) => (isNaN(old) || old < update ? old : update),
}

const isNaN = (value: Element) => typeof value === 'number' && Number.isNaN(value)

/** Products of 32-bit integers may have more bits than a double holds. */
const multiplyWords = (old: Element, update: Element) => Math.imul(old as number, update as number)

/** array[at] = combined with update; types wrap or round by themselves. */
export function putElement(array: HostArray, at: number, update: Element, reduction: ScatterReduction): void {
  const { values } = array
  const isWord = values instanceof Int32Array || values instanceof Uint32Array
  const combine = isWord && reduction === 'mul' ? multiplyWords : COMBINE[reduction]
  values[at] = combine(values[at]!, update)
}

/** A copy that may be written. */
export const copyOf = (array: HostArray): HostArray => ({ ...array, values: array.values.slice() as Values })

/** Refuses updates of another type than the input's, and arithmetic on truth values. */
export function checkUpdates<S extends AttributeSchema>(context: InferContext<S>, reduction: ScatterReduction): void {
  if (context.dtype(0) !== context.dtype(2)) {
    context.fail(`the updates must have the input's type ${context.dtype(0)}, not ${context.dtype(2)}`)
  }
  if (reduction !== 'none') requireKind(context, 0, 'number')
}

/** Input 0 with the updates of input 2 in the blocks that input 1 names. */
export function scatterCalls<S extends AttributeSchema>(
  context: LowerContext<S>,
  reduction: ScatterReduction,
  blocks: Blocks,
): readonly KernelCall[] {
  const [input, indices, updates] = [context.input(0), context.input(1), context.input(2)]
  const output = context.output(0)
  if (elementCount(indices.shape) === 0) return [aliasCall(input, output)]
  return [{ kernel: 'scatterBlocks', reduction, input, indices, updates, output, blocks }]
}
