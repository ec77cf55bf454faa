import { emptyArray, numbersOf, type HostArray } from '../../core/host-array'
import { inferLoss, lossAttributes, lossOf, lowerLoss } from '../likelihood'
import { formulaFor } from '../elementwise'
import { lossGradients } from '../likelihood-gradient'
import { defineOperator, FLOAT32, differentiable } from '../op'
import { around } from '../shapes'
import { logSoftmaxRow } from '../softmax-rows'

/** Logarithm of the softmax over classes (axis 1), in double precision. */
function logProbabilities(scores: HostArray): HostArray {
  const { outer, size, inner } = around(scores.shape, 1)
  const values = numbersOf(scores)
  const result = emptyArray(scores.dtype, scores.shape, true)
  const row = new Float64Array(size)
  for (let n = 0; n < outer; n++) {
    for (let d = 0; d < inner; d++) {
      const start = n * size * inner + d
      for (let c = 0; c < size; c++) row[c] = values[start + c * inner]!
      logSoftmaxRow(row)
      for (let c = 0; c < size; c++) result.values[start + c * inner] = row[c]!
    }
  }
  return result
}

/** −w[label] · log softmax(scores)[label] over classes (axis 1), averaged by weight unless told otherwise; and the log-probabilities. */
export const softmaxCrossEntropyLoss = defineOperator({
  name: 'SoftmaxCrossEntropyLoss',
  domain: '',
  attributes: lossAttributes,
  inputs: [2, 3],
  infer: (context) => [inferLoss(context), { dtype: context.dtype(0), shape: context.shape(0) }],
  reference(context, scores, labels, weights) {
    const found = logProbabilities(scores!)
    const shown = context.empty(scores!.dtype, scores!.shape)
    shown.values.set(found.values as never)
    return [lossOf(context, found, labels!, weights), shown]
  },
  gradient: differentiable<typeof lossAttributes>((context) => {
    const { write } = context
    const [found, dLoss, shown] = [context.output(1), context.gradient(0), context.gradient(1)]
    const f = formulaFor(context, found)
    const loss = dLoss ? lossGradients(context, found, dLoss) : undefined
    const dFound = loss && shown ? f.add(loss.ofScores, shown) : (loss?.ofScores ?? shown!)
    // back through the logarithm of the softmax
    const rows = write.add('ReduceSum', [dFound, write.integers([1])])
    return [f.sub(dFound, f.mul(f.exp(found), rows)), undefined, loss?.ofWeights]
  }),
  lower(context) {
    const input = context.input(0)
    if (input.dtype !== 'float32') return null
    const output = context.wants(1) ? context.output(1) : context.scratch('float32', input.shape)
    const calls = lowerLoss(context, output)
    return calls && [{ kernel: 'softmax', isLog: true, input, output, ...around(input.shape, 1) }, ...calls]
  },
  tolerance: FLOAT32,
})
