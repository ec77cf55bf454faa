/** What LSTM and DynamicQuantizeLSTM have in common. */
import { timesRecurrent, type Direction, type RecurrentKind } from './recurrent'

export const LSTM: RecurrentKind = { gates: 4, activations: ['Sigmoid', 'Tanh', 'Tanh'], hasCell: true }

/**
 * i = f(Wi·x + Ri·h + Pi ⊙ c + biases), likewise the forget gate (1 − i when coupled); n = g(Wc·x + Rc·h + biases),
 * c ← forget ⊙ c + i ⊙ n, o = f(Wo·x + Ro·h + Po ⊙ c + biases), h ← o ⊙ h(c). Order of the gates: i o f c, of the peepholes: i o f.
 */
export function lstmStep(
  direction: Direction,
  x: Float64Array,
  [hidden, cell]: readonly [Float64Array, Float64Array],
  isCoupled: boolean,
): void {
  const { size, inputBias, recurrentBias, peephole, clip } = direction
  const [f, g, h] = direction.activations as [(x: number) => number, (x: number) => number, (x: number) => number]
  const r = timesRecurrent(direction, hidden, 0, 4 * size)
  const sum = (row: number) => x[row]! + r[row]! + inputBias[row]! + recurrentBias[row]!
  for (let i = 0; i < size; i++) {
    const before = cell[i]!
    const input = f(clip(sum(i) + peephole[i]! * before))
    const forget = isCoupled ? 1 - input : f(clip(sum(2 * size + i) + peephole[2 * size + i]! * before))
    const now = forget * before + input * g(clip(sum(3 * size + i)))
    cell[i] = now
    hidden[i] = f(clip(sum(size + i) + peephole[size + i]! * now)) * h(clip(now))
  }
}
