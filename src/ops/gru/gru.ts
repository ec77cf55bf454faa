import { flag } from '../attributes'
import { defineOperator, differentiable, FLOAT32 } from '../op'
import {
  inferRecurrent,
  recurrentAttributes,
  runRecurrent,
  timesRecurrent,
  type Direction,
  type RecurrentKind,
} from '../recurrent'
import { recurrentRule } from '../recurrent-gradients'
import { lowerRecurrent } from '../recurrent-lower'

const KIND: RecurrentKind = { gates: 3, activations: ['Sigmoid', 'Tanh'], hasCell: false }

/**
 * z = f(Wz·x + Rz·h + biases), r = f(Wr·x + Rr·h + biases),
 * n = g(Wh·x + Wbh + Rh·(r ⊙ h) + Rbh), or g(Wh·x + Wbh + r ⊙ (Rh·h + Rbh)) with linear_before_reset,
 * h ← (1 − z) ⊙ n + z ⊙ h. Order of the gates: z r h.
 */
function step(direction: Direction, x: Float64Array, hidden: Float64Array, isLinearFirst: boolean): void {
  const { size, inputBias, recurrentBias, activations, clip } = direction
  const [f, g] = activations as [(x: number) => number, (x: number) => number]
  const early = timesRecurrent(direction, hidden, 0, 2 * size)
  const gate = (row: number) => f(clip(x[row]! + early[row]! + inputBias[row]! + recurrentBias[row]!))
  const z = Float64Array.from({ length: size }, (_, i) => gate(i))
  const r = Float64Array.from({ length: size }, (_, i) => gate(size + i))
  const late = timesRecurrent(direction, isLinearFirst ? hidden : hidden.map((h, i) => h * r[i]!), 2 * size, size)
  for (let i = 0; i < size; i++) {
    const row = 2 * size + i
    const inner = late[i]! + recurrentBias[row]!
    const n = g(clip(x[row]! + inputBias[row]! + (isLinearFirst ? r[i]! * inner : inner)))
    hidden[i] = (1 - z[i]!) * n + z[i]! * hidden[i]!
  }
}

const attributes = { ...recurrentAttributes, linear_before_reset: flag(false) }
type Schema = typeof attributes

/** One layer of gated recurrent units. Shapes: see `recurrent.ts`. */
export const gru = defineOperator({
  name: 'GRU',
  domain: '',
  attributes,
  inputs: [3, 6],
  infer: (context) => inferRecurrent(context, KIND),
  reference(context, ...inputs) {
    const { linear_before_reset: isLinearFirst } = context.attributes
    return runRecurrent(context, KIND, inputs, (direction, x, hidden) => step(direction, x, hidden, isLinearFirst))
  },
  gradient: differentiable<Schema>((context) =>
    recurrentRule(context, { kind: 'GRU', of: KIND, isLinearFirst: context.attributes.linear_before_reset }),
  ),
  lower: (context) => lowerRecurrent(context, KIND, 'gru', context.attributes.linear_before_reset),
  tolerance: FLOAT32,
})
