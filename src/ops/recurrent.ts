/**
 * What LSTM, GRU and RNN have in common. Letters: T steps, B batch, I input size, H hidden size, D directions, G gates.
 * X [T, B, I], W [D, G·H, I], R [D, G·H, H], B [D, 2·G·H], initial states [D, B, H], Y [T, D, B, H]; with layout 1
 * X [B, T, I], states [B, D, H], Y [B, T, D, H].
 */
import { integersOf, numbersOf, type HostArray } from '../core/host-array'
import type { Dim } from '../graph/model'
import { choice, flag, float, floats, int, optional, texts, type AttributeRule } from './attributes'
import { requireKind } from './dtype-kinds'
import { floatProduct, matrixOf, type Numbers } from './matrix'
import type { InferContext, MaybeArray, NodeView, ReferenceContext, TensorType } from './op'
import { isActivation, makeActivations } from './recurrent-activations'
import { mapDim, mergeDims, type Dims } from './shapes'

export const recurrentAttributes = {
  activation_alpha: floats([]),
  activation_beta: floats([]),
  activations: texts([]),
  clip: optional(float()),
  direction: choice(['forward', 'reverse', 'bidirectional'], 'forward'),
  hidden_size: optional(int()),
  layout: flag(false),
} satisfies Record<string, AttributeRule<unknown>>
export type RecurrentAttributes = typeof recurrentAttributes

/** What tells the three apart. */
export interface RecurrentKind {
  readonly gates: number
  /** Of one direction. */
  readonly activations: readonly string[]
  readonly hasCell: boolean
}

/** One direction while it runs. */
export interface Direction {
  readonly size: number
  /** [G·H, H] */
  readonly recurrent: Numbers
  /** [G·H] each; zeros where there are none. */
  readonly inputBias: Float64Array
  readonly recurrentBias: Float64Array
  /** [3·H]; zeros where there is none. */
  readonly peephole: Float64Array
  readonly activations: readonly ((x: number) => number)[]
  /** To [−clip, clip], where the node asks for it. */
  clip(x: number): number
}

/**
 * One step of one sequence.
 * @param x X·Wᵀ of this step, [G·H]
 * @param hidden [H], replaced
 * @param cell [H], replaced
 */
export type RecurrentStep = (direction: Direction, x: Float64Array, hidden: Float64Array, cell: Float64Array) => void

type View = Pick<NodeView<RecurrentAttributes>, 'attributes' | 'fail'>

export const directionsOf = ({ attributes }: Pick<View, 'attributes'>): number =>
  attributes.direction === 'bidirectional' ? 2 : 1

function checkActivations(context: View, kind: RecurrentKind): void {
  const { activations } = context.attributes
  const wanted = kind.activations.length * directionsOf(context)
  if (activations.length > 0 && activations.length !== wanted)
    context.fail(`it needs ${wanted} activations and names ${activations.length}`)
  const unknown = activations.find((name) => !isActivation(name))
  if (unknown !== undefined) context.fail(`the activation ${unknown} is not known`)
}

/** Merges what is known of one input's shape with what it must be. */
function expectShape(
  context: InferContext<RecurrentAttributes>,
  input: number,
  name: string,
  wanted: Dims,
): readonly Dim[] {
  const shape = context.has(input) ? context.shape(input) : undefined
  if (!shape) return wanted
  const merged = wanted.map((dim, axis) => mergeDims(dim, shape[axis] ?? null))
  if (shape.length !== wanted.length || merged.includes(undefined)) {
    context.fail(`${name} must have the shape [${wanted.map((dim) => dim ?? '?').join(', ')}]`)
  }
  return merged as Dim[]
}

/** Y, Y_h and, with a cell, Y_c. */
export function inferRecurrent(context: InferContext<RecurrentAttributes>, kind: RecurrentKind): readonly TensorType[] {
  checkActivations(context, kind)
  requireKind(context, 0, 'float')
  const others = [1, 2, 3, 5, 6, 7].filter((input) => context.has(input)).map((input) => context.dtype(input))
  const strange = others.find((found) => found !== context.dtype(0))
  if (strange) context.fail(`all inputs must have one type, not ${context.dtype(0)} and ${strange}`)
  const { hidden_size: declared, layout } = context.attributes
  const directions = directionsOf(context)
  const x = expectShape(context, 0, 'X', [null, null, null])
  const [steps, batch] = layout ? [x[1]!, x[0]!] : [x[0]!, x[1]!]
  const r = expectShape(context, 2, 'R', [directions, null, declared ?? null])
  const size = r[2]!
  const rows = mapDim(size, (known) => kind.gates * known)
  const w = expectShape(context, 1, 'W', [directions, rows, x[2]!])
  expectShape(context, 2, 'R', [directions, mergeDims(rows, w[1]!) ?? rows, size])
  expectShape(context, 3, 'B', [directions, mapDim(size, (known) => 2 * kind.gates * known)])
  const lengths = expectShape(context, 4, 'sequence_lens', [batch])
  const entries = mergeDims(batch, lengths[0]!) ?? batch
  const state = layout ? [entries, directions, size] : [directions, entries, size]
  expectShape(context, 5, 'initial_h', state)
  if (kind.hasCell) {
    expectShape(context, 6, 'initial_c', state)
    expectShape(context, 7, 'P', [directions, mapDim(size, (known) => 3 * known)])
  }
  const dtype = context.dtype(0)
  const y = layout ? [entries, steps, directions, size] : [steps, directions, entries, size]
  const outputs = [y, state, ...(kind.hasCell ? [state] : [])]
  return outputs.map((shape) => ({ dtype, shape }))
}

/** Part `index` of an input that is cut along its first axis; zeros where there is none. */
function part(array: MaybeArray, index: number, length: number, start = 0, stride = length): Float64Array {
  if (!array) return new Float64Array(length)
  const from = index * stride + start
  return Float64Array.from(numbersOf(array).subarray(from, from + length))
}

function directionOf(
  context: ReferenceContext<RecurrentAttributes>,
  kind: RecurrentKind,
  index: number,
  inputs: readonly MaybeArray[],
): Direction {
  const { activations, activation_alpha: alphas, activation_beta: betas, clip } = context.attributes
  const [, , r, bias] = inputs
  const size = r!.shape[2]!
  const rows = kind.gates * size
  const directions = directionsOf(context)
  const names = activations.length > 0 ? activations : Array.from({ length: directions }, () => kind.activations).flat()
  const each = kind.activations.length
  return {
    size,
    recurrent: numbersOf(r!).subarray(index * rows * size, (index + 1) * rows * size),
    inputBias: part(bias, index, rows, 0, 2 * rows),
    recurrentBias: part(bias, index, rows, rows, 2 * rows),
    peephole: part(kind.hasCell ? inputs[7] : undefined, index, 3 * size),
    activations: makeActivations(names, alphas, betas).slice(index * each, (index + 1) * each),
    clip: clip === undefined ? (x) => x : (x) => Math.min(Math.max(x, -clip), clip),
  }
}

/** Σₕ recurrent[row, h] · state[h] for `count` rows from `row` on. */
export function timesRecurrent(
  { recurrent, size }: Direction,
  state: Float64Array,
  row: number,
  count: number,
): Float64Array {
  const out = new Float64Array(count)
  for (let i = 0; i < count; i++) {
    const from = (row + i) * size
    let sum = 0
    for (let h = 0; h < size; h++) sum += recurrent[from + h]! * state[h]!
    out[i] = sum
  }
  return out
}

/** @param hidden [H] of each sequence that has such a step; replaced in place */
export type BeforeStep = (hidden: readonly Float64Array[]) => void

/** Runs every direction over every sequence. Steps beyond a sequence's length leave zeros, and its last states are those at its end. */
export function runRecurrent(
  context: ReferenceContext<RecurrentAttributes>,
  kind: RecurrentKind,
  inputs: readonly MaybeArray[],
  step: RecurrentStep,
  beforeStep: BeforeStep = () => undefined,
): readonly HostArray[] {
  const [x, w, r, , lens, initialHidden, initialCell] = inputs
  const { layout, direction } = context.attributes
  const [steps, batch] = layout ? [x!.shape[1]!, x!.shape[0]!] : [x!.shape[0]!, x!.shape[1]!]
  const [directions, size] = [directionsOf(context), r!.shape[2]!]
  const rows = kind.gates * size
  const lengths = lens ? integersOf(lens) : new Array<number>(batch).fill(steps)
  const wrong = lengths.find((length) => length < 0 || length > steps)
  if (wrong !== undefined) context.fail(`the sequence length ${wrong} must lie in [0, ${steps}]`)
  const stateShape = layout ? [batch, directions, size] : [directions, batch, size]
  const y = context.empty(x!.dtype, layout ? [batch, steps, directions, size] : [steps, directions, batch, size])
  const lastHidden = context.empty(x!.dtype, stateShape)
  const lastCell = context.empty(x!.dtype, stateShape)
  for (let d = 0; d < directions; d++) {
    const one = directionOf(context, kind, d, inputs)
    const inputSize = x!.shape[2]!
    const weight = matrixOf(w!, d * rows * inputSize, true)
    const gates = floatProduct(matrixOf(x!), weight, [steps * batch, rows, inputSize])
    const isReverse = direction === 'reverse' || d === 1
    const sequences = lengths
      .map((length, b) => {
        const stateAt = layout ? b * directions + d : d * batch + b
        const hidden = part(initialHidden, stateAt, size)
        const cell = part(kind.hasCell ? initialCell : undefined, stateAt, size)
        return { b, length, stateAt, hidden, cell }
      })
      // as in onnxruntime: a sequence without steps ends in zeros, not in its initial states
      .filter(({ length }) => length > 0)
    for (let done = 0; done < steps; done++) {
      const running = sequences.filter(({ length }) => length > done)
      beforeStep(running.map(({ hidden }) => hidden))
      for (const { b, length, hidden, cell } of running) {
        const t = isReverse ? length - 1 - done : done
        const at = layout ? b * steps + t : t * batch + b
        step(one, gates.subarray(at * rows, (at + 1) * rows), hidden, cell)
        y.values.set(hidden as never, (layout ? at * directions + d : (t * directions + d) * batch + b) * size)
      }
    }
    for (const { stateAt, hidden, cell } of sequences) {
      lastHidden.values.set(hidden as never, stateAt * size)
      lastCell.values.set(cell as never, stateAt * size)
    }
  }
  return [y, lastHidden, ...(kind.hasCell ? [lastCell] : [])]
}
