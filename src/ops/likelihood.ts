/** What NegativeLogLikelihoodLoss and SoftmaxCrossEntropyLoss have in common. Letters: N batch, C classes, D all other axes. */
import { integersOf, numbersOf, type HostArray } from '../core/host-array'
import { choice, int, optional } from './attributes'
import { requireKind } from './dtype-kinds'
import type { InferContext, MaybeArray, ReferenceContext, TensorType } from './op'
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
