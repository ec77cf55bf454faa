/** Derivatives of NegativeLogLikelihoodLoss and SoftmaxCrossEntropyLoss. Letters: N batch, C classes, D all other axes. */
import { hostArray } from '../core/host-array'
import { attribute } from '../graph/model'
import { formulaFor } from './elementwise'
import { shapeOf, sizeAlong, type GradientContext, type ValueName } from './gradient'
import type { lossAttributes } from './likelihood'

type Context = GradientContext<typeof lossAttributes>

export interface LossGradients {
  /** With respect to the log-probabilities, [N, C, …D]. */
  readonly ofScores: ValueName
  /** With respect to the weights of classes, [C]; only where asked for. */
  readonly ofWeights?: ValueName
}

/**
 * The loss is Σ −w[label] · logProbabilities[n, label, d], left alone, summed, or divided by Σ w[label]: only the
 * labels' own entries have a gradient.
 * @param logProbabilities [N, C, …D]
 */
export function lossGradients(context: Context, logProbabilities: ValueName, dy: ValueName): LossGradients {
  const { write } = context
  const f = formulaFor(context, dy)
  const hits = chosen(context)
  const weights = context.has(2) ? weightsAlong(context, context.input(2)) : undefined
  const weighted = weights ? f.mul(hits, weights) : hits
  const isMean = context.attributes.reduction === 'mean'
  const total = isMean ? write.add('ReduceSum', [weighted], [attribute.int('keepdims', 0)]) : undefined
  const share = total ? f.div(dy, total) : dy
  const spread = context.attributes.reduction === 'none' ? write.add('Unsqueeze', [dy, write.integers([1])]) : share
  const ofScores = f.neg(f.mul(weighted, spread))
  if (!context.needs(2)) return { ofScores }
  // a weight also stands in the total of a mean
  const lacking = isMean ? f.add(logProbabilities, context.output(0)) : logProbabilities
  const parts = f.neg(f.mul(f.mul(hits, lacking), spread))
  const rank = shapeOf(context, parts).length
  const axes = write.integers(Array.from({ length: rank }, (_, axis) => axis).filter((axis) => axis !== 1))
  return { ofScores, ofWeights: write.add('ReduceSum', [parts, axes], [attribute.int('keepdims', 0)]) }
}

/** 1 at the label of each place, 0 at all other classes and where the label is ignored: [N, C, …D]. */
function chosen(context: Context): ValueName {
  const { write } = context
  const [scores, labels] = [context.input(0), context.input(1)]
  const { dtype } = write.type(scores)
  const classes = sizeAlong(context, scores, 1)
  const zeroOne = write.constant(hostArray(dtype, [2], [0, 1]))
  const hits = write.add('OneHot', [labels, classes, zeroOne], [attribute.int('axis', 1)])
  const { ignore_index: ignored } = context.attributes
  if (ignored === undefined) return hits
  const isIgnored = write.add('Equal', [labels, write.number(ignored, write.type(labels).dtype)])
  const along = write.add('Unsqueeze', [isIgnored, write.integers([1])])
  return write.add('Where', [along, write.number(0, dtype), hits])
}

/** [C] as [C, 1, …], so that it broadcasts to [N, C, …D]. */
function weightsAlong(context: Context, weights: ValueName): ValueName {
  const rank = shapeOf(context, context.input(0)).length
  const behind = Array.from({ length: rank - 2 }, (_, i) => i + 1)
  return behind.length === 0 ? weights : context.write.add('Unsqueeze', [weights, context.write.integers(behind)])
}
