/** What Softmax, LogSoftmax and Hardmax have in common: rows along one axis. */
import { numbersOf, type HostArray } from '../core/host-array'
import { int } from './attributes'
import { requireKind } from './dtype-kinds'
import { shapeOf, type GradientContext, type ValueName } from './gradient'
import type { InferContext, LowerContext, NodeView, ReferenceContext, TensorType } from './op'
import type { KernelCall } from '../backends/kernel-calls'
import { around, normalizeAxis } from './shapes'

export const axisAttribute = { axis: int(-1) }
type Schema = typeof axisAttribute

/** A scalar is one row of one element. */
const axisOf = (context: Pick<NodeView<Schema>, 'fail' | 'attributes'>, rank: number): number =>
  rank === 0 ? 0 : normalizeAxis(context, context.attributes.axis, rank)

export function inferRows(context: InferContext<Schema>): readonly TensorType[] {
  requireKind(context, 0, 'float')
  const shape = context.shape(0)
  if (shape) axisOf(context, shape.length)
  return [{ dtype: context.dtype(0), shape }]
}

/** Sums along the axis, which stays with size 1. */
export const sumOfRows = (context: GradientContext<Schema>, value: ValueName): ValueName =>
  shapeOf(context, value).length === 0
    ? value
    : context.write.add('ReduceSum', [value, context.write.integers([context.attributes.axis])])

/** Calls `compute` with every row along the axis; what it leaves in the row is the result. */
export function mapRows(
  context: ReferenceContext<Schema>,
  x: HostArray,
  compute: (row: Float64Array) => void,
): readonly HostArray[] {
  const result = context.empty(x.dtype, x.shape)
  const { outer, size, inner } = around(x.shape, axisOf(context, x.shape.length))
  const values = numbersOf(x)
  const row = new Float64Array(size)
  for (let o = 0; o < outer; o++) {
    for (let i = 0; i < inner; i++) {
      const start = o * size * inner + i
      for (let s = 0; s < size; s++) row[s] = values[start + s * inner]!
      compute(row)
      for (let s = 0; s < size; s++) result.values[start + s * inner] = row[s]!
    }
  }
  return [result]
}

export function lowerSoftmax(context: LowerContext<Schema>, isLog: boolean): readonly KernelCall[] | null {
  const [input, output] = [context.input(0), context.output(0)]
  if (input.dtype !== 'float32') return null
  return [{ kernel: 'softmax', isLog, input, output, ...around(input.shape, axisOf(context, input.shape.length)) }]
}

/** exp(x − max) / Σ exp(x − max), in place. */
export function softmaxRow(row: Float64Array): void {
  let sum = 0
  const max = greatest(row)
  for (let s = 0; s < row.length; s++) sum += row[s] = Math.exp(row[s]! - max)
  for (let s = 0; s < row.length; s++) row[s] = row[s]! / sum
}

/** x − max − log Σ exp(x − max), in place. */
export function logSoftmaxRow(row: Float64Array): void {
  let sum = 0
  const max = greatest(row)
  for (const x of row) sum += Math.exp(x - max)
  const shift = max + Math.log(sum)
  for (let s = 0; s < row.length; s++) row[s] = row[s]! - shift
}

function greatest(row: Float64Array): number {
  let max = -Infinity
  for (const x of row) max = Math.max(max, x)
  return max
}
