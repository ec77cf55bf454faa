import { inferLoss, lossAttributes, lossOf, lowerLoss } from '../likelihood'
import { defineOperator, FLOAT32, notYetDifferentiable } from '../op'

/** −w[label] · x[label] over classes (axis 1), averaged by weight unless told otherwise. */
export const negativeLogLikelihoodLoss = defineOperator({
  name: 'NegativeLogLikelihoodLoss',
  domain: '',
  attributes: lossAttributes,
  inputs: [2, 3],
  infer: (context) => [inferLoss(context)],
  reference: (context, x, labels, weights) => [lossOf(context, x!, labels!, weights)],
  gradient: notYetDifferentiable,
  lower: (context) => lowerLoss(context, context.input(0)),
  tolerance: FLOAT32,
})
