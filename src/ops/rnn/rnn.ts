import { defineOperator, differentiable, FLOAT32 } from '../op'
import {
  inferRecurrent,
  recurrentAttributes,
  runRecurrent,
  timesRecurrent,
  type RecurrentAttributes,
  type RecurrentKind,
  type RecurrentStep,
} from '../recurrent'
import { recurrentRule } from '../recurrent-gradients'
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
  gradient: differentiable<RecurrentAttributes>((context) => recurrentRule(context, { kind: 'RNN', of: KIND })),
  lower: (context) => lowerRecurrent(context, KIND, 'rnn'),
  tolerance: FLOAT32,
})
