import { inferLoss, lossAttributes, lossOf } from '../likelihood'
import { defineOperator, FLOAT32, notYetDifferentiable, onHost } from '../op'

/** −w[label] · x[label] over classes (axis 1), averaged by weight unless told otherwise. */
export const negativeLogLikelihoodLoss = defineOperator({
  name: 'NegativeLogLikelihoodLoss',
  domain: '',
  attributes: lossAttributes,
  inputs: [2, 3],
  infer: (context) => [inferLoss(context)],
  reference: (context, x, labels, weights) => [lossOf(context, x!, labels!, weights)],
  gradient: notYetDifferentiable,
  lower: onHost('it reads one number per label'),
  tolerance: FLOAT32,
})
