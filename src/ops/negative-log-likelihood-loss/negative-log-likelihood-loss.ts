import { inferLoss, lossAttributes, lossOf, lowerLoss } from '../likelihood'
import { lossGradients } from '../likelihood-gradient'
import { defineOperator, FLOAT32, differentiable } from '../op'

/** −w[label] · x[label] over classes (axis 1), averaged by weight unless told otherwise. */
export const negativeLogLikelihoodLoss = defineOperator({
  name: 'NegativeLogLikelihoodLoss',
  domain: '',
  attributes: lossAttributes,
  inputs: [2, 3],
  infer: (context) => [inferLoss(context)],
  reference: (context, x, labels, weights) => [lossOf(context, x!, labels!, weights)],
  gradient: differentiable<typeof lossAttributes>((context) => {
    const { ofScores, ofWeights } = lossGradients(context, context.input(0), context.gradient(0)!)
    return [ofScores, undefined, ofWeights]
  }),
  lower: (context) => lowerLoss(context, context.input(0)),
  tolerance: FLOAT32,
})
