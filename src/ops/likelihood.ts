/** What NegativeLogLikelihoodLoss and SoftmaxCrossEntropyLoss have in common. Letters: N batch, C classes, D all other axes. */
import type { KernelCall, Operand } from '../backends/kernel-calls'
import type { PickCall } from '../backends/row-calls'
import { elementCount } from '../core/dtypes'
import { hostArray, integersOf, numbersOf, type HostArray } from '../core/host-array'
import { choice, int, optional } from './attributes'
import { requireKind } from './dtype-kinds'
import { binary, constant } from './elementwise'
import type { InferContext, LowerContext, MaybeArray, ReferenceContext, TensorType } from './op'
import { reduceCalls } from './reduce'
import { around, mergeDims } from './shapes'

export const lossAttributes = {
  ignore_index: optional(int()),
  reduction: choice(['none', 'sum', 'mean'], 'mean'),
}
type Schema = typeof lossAttributes

/** Scores [N, C, …D], labels [N, …D], weights [C]; the loss is a scalar unless nothing is reduced. */
export function inferLoss(context: InferContext<Schema>): TensorType {
  const [scores, labels] = [context.shape(0), context.shape(1)]
  const dtype = context.dtype(0)
  requireKind(context, 0, 'float')
  requireKind(context, 1, 'integer')
  if (scores && scores.length < 2) context.fail('the scores must have at least two axes, batch and class')
  const expected = scores?.filter((_, axis) => axis !== 1)
  if (expected && labels) {
    const fits =
      expected.length === labels.length && expected.every((dim, i) => mergeDims(dim, labels[i]!) !== undefined)
    if (!fits) context.fail(`the labels must have the shape [${expected.map((dim) => dim ?? '?').join(', ')}]`)
  }
  const weights = context.has(2) ? context.shape(2) : undefined
  if (weights && (weights.length !== 1 || (scores && mergeDims(weights[0]!, scores[1]!) === undefined)))
    context.fail('there must be one weight per class')
  return { dtype, shape: context.attributes.reduction === 'none' ? (expected ?? labels) : [] }
}

/**
 * Σ −w[label] · logProbabilities[n, label, d], left alone, summed, or divided by the sum of the weights.
 * @param logProbabilities [N, C, …D]
 */
export function lossOf(
  context: ReferenceContext<Schema>,
  logProbabilities: HostArray,
  labels: HostArray,
  weights: MaybeArray,
): HostArray {
  const { ignore_index: ignored, reduction } = context.attributes
  const { outer, size: classes, inner } = around(logProbabilities.shape, 1)
  const values = numbersOf(logProbabilities)
  const targets = integersOf(labels)
  const scale = weights && numbersOf(weights)
  const losses = context.empty(logProbabilities.dtype, labels.shape)
  let [sum, total] = [0, 0]
  for (let n = 0; n < outer; n++) {
    for (let d = 0; d < inner; d++) {
      const at = n * inner + d
      const label = targets[at]!
      if (label === ignored) continue
      if (label < 0 || label >= classes) context.fail(`the label ${label} must lie in [0, ${classes - 1}]`)
      const weight = scale ? scale[label]! : 1
      const loss = -weight * values[(n * classes + label) * inner + d]!
      losses.values[at] = loss
      sum += loss
      total += weight
    }
  }
  if (reduction === 'none') return losses
  const result = context.empty(logProbabilities.dtype, [])
  result.values[0] = reduction === 'sum' ? sum : sum / total
  return result
}

type Lowering = LowerContext<Schema>

/** One number per label: of log-probabilities [N, C, …D], or of weights [C] that all labels share. */
function pickCall(context: Lowering, input: Operand, classes: readonly number[]): PickCall {
  const { ignore_index: ignored } = context.attributes
  const { outer, size, inner } = around(classes, 1)
  const isShared = input.shape.length === 1
  return {
    kernel: 'pick',
    input,
    indices: context.input(1),
    output: context.scratch('float32', context.input(1).shape),
    ...{ outer, size, inner },
    strides: isShared ? { outer: 0, size: 1, inner: 0 } : { outer: size * inner, size: inner, inner: 1 },
    ...(ignored !== undefined && { ignored }),
  }
}

/** Weights [C] where labels count differently: those given, or ones where a label is ignored and a mean is asked for. */
function weightsOf(context: Lowering, classes: number): Operand | undefined {
  if (context.has(2)) return context.input(2)
  const { ignore_index: ignored, reduction } = context.attributes
  if (ignored === undefined || reduction !== 'mean') return undefined
  return context.store(hostArray('float32', [classes], new Array<number>(classes).fill(1)))
}

/** What `lossOf` computes, as kernel calls; null where there is no kernel. */
export function lowerLoss(context: Lowering, logProbabilities: Operand): readonly KernelCall[] | null {
  const { shape } = logProbabilities
  const { reduction } = context.attributes
  const [labels, output] = [context.input(1), context.output(0)]
  const isFloat = [logProbabilities, ...(context.has(2) ? [context.input(2)] : [])].every(
    ({ dtype }) => dtype === 'float32',
  )
  if (!isFloat || elementCount(shape) === 0) return null
  const picked = pickCall(context, logProbabilities, shape)
  const weights = weightsOf(context, shape[1]!)
  const weighed = weights && pickCall(context, weights, shape)
  const losses = reduction === 'none' ? output : context.scratch('float32', labels.shape)
  const loss = binary('sub', constant(0), { input: 0 })
  const calls: KernelCall[] = [
    picked,
    ...(weighed ? [weighed] : []),
    {
      kernel: 'map',
      expression: weighed ? binary('mul', loss, { input: 1 }) : loss,
      inputs: [picked.output, ...(weighed ? [weighed.output] : [])],
      output: losses,
    },
  ]
  if (reduction === 'none') return calls
  const all = labels.shape.map((_, axis) => axis)
  if (reduction === 'sum' || !weighed) return [...calls, ...reduceCalls(context, reduction, [losses, output], all)!]
  const [sum, total] = [context.scratch('float32', []), context.scratch('float32', [])]
  return [
    ...calls,
    ...reduceCalls(context, 'sum', [losses, sum], all)!,
    ...reduceCalls(context, 'sum', [weighed.output, total], all)!,
    { kernel: 'map', expression: binary('div', { input: 0 }, { input: 1 }), inputs: [sum, total], output },
  ]
}
