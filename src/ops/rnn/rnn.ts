import { defineOperator, FLOAT32, notYetDifferentiable } from '../op'
import {
  inferRecurrent,
  recurrentAttributes,
  runRecurrent,
  timesRecurrent,
  type RecurrentKind,
  type RecurrentStep,
} from '../recurrent'
import { lowerRecurrent } from '../recurrent-lower'

const KIND: RecurrentKind = { gates: 1, activations: ['Tanh'], hasCell: false }

/** h ← f(W·x + R·h + Wb + Rb) */
const step: RecurrentStep = (direction, x, hidden) => {
  const { size, inputBias, recurrentBias, activations, clip } = direction
  const r = timesRecurrent(direction, hidden, 0, size)
  for (let i = 0; i < size; i++) hidden[i] = activations[0]!(clip(x[i]! + r[i]! + inputBias[i]! + recurrentBias[i]!))
}

/** One layer of a simple recurrent network. Shapes: see `recurrent.ts`. */
export const rnn = defineOperator({
  name: 'RNN',
  domain: '',
  attributes: recurrentAttributes,
  inputs: [3, 6],
  infer: (context) => inferRecurrent(context, KIND),
  reference: (context, ...inputs) => runRecurrent(context, KIND, inputs, step),
  gradient: notYetDifferentiable,
  lower: (context) => lowerRecurrent(context, KIND, 'rnn'),
  tolerance: FLOAT32,
})
