/** Back-propagation through time as kernel calls: a product and a few formulas per step, all gates' values at once. */
import type { Expression, KernelCall, Operand } from '../../backends/kernel-calls'
import { elementCount } from '../../core/dtypes'
import { binary, constant, unary } from '../elementwise'
import type { LowerContext } from '../op'
import { stridesOf } from '../shapes'
import { GATES, type attributes } from './attributes'

type Context = LowerContext<typeof attributes>

const USUAL = { LSTM: 'Sigmoid,Tanh,Tanh', GRU: 'Sigmoid,Tanh', RNN: 'Tanh' } as const

/** @returns null where only the reference does it: peepholes, lengths, other activations */
export function lowerSteps(context: Context): readonly KernelCall[] | null {
  const { kind, activations, clip, input_forget } = context.attributes
  const isUsual = activations.join().toLowerCase() === USUAL[kind].toLowerCase()
  const isPlain = isUsual && clip === undefined && !input_forget && !context.has(5) && !context.has(6)
  const before = context.input(2)
  if (!isPlain || before.dtype !== 'float32' || elementCount(before.shape) === 0) return null
  const way = new Way(context)
  LOWERINGS[kind](way)
  return way.calls
}

// Formulas.
const [a, b, c, d]: readonly Expression[] = [0, 1, 2, 3].map((input) => ({ input }))
const times = (...terms: readonly Expression[]) => terms.reduce((product, term) => binary('mul', product, term))
const plus = (...terms: readonly Expression[]) => terms.reduce((sum, term) => binary('add', sum, term))
const minus = (left: Expression, right: Expression) => binary('sub', left, right)
/** 1 − x, and the derivatives of sigmoid and tanh from their values. */
const rest = (x: Expression) => minus(constant(1), x)
const sigmoidSlope = (y: Expression) => times(y, rest(y))
const tanhSlope = (y: Expression) => rest(times(y, y))

/** Calls of one direction, from its last step to its first. */
class Way {
  readonly calls: KernelCall[] = []
  readonly context: Context
  readonly order: readonly number[]
  readonly #batch: number
  readonly #size: number
  readonly #rows: number
  readonly #steps: number

  constructor(context: Context) {
    this.context = context
    const [steps, batch, size] = context.input(2).shape as [number, number, number]
    ;[this.#steps, this.#batch, this.#size] = [steps, batch, size]
    this.#rows = GATES[context.attributes.kind] * size
    const order = Array.from({ length: steps }, (_, t) => t)
    this.order = context.attributes.is_reverse ? order.reverse() : order
  }

  map(expression: Expression, inputs: readonly Operand[], output = this.state()): Operand {
    this.calls.push({ kernel: 'map', expression, inputs, output })
    return output
  }

  /** Memory for [B, H]. */
  state(): Operand {
    return this.context.scratch('float32', [this.#batch, this.#size])
  }

  zeros(): Operand {
    const output = this.state()
    this.calls.push({ kernel: 'fill', output, value: 0 })
    return output
  }

  #copy(input: Operand, output: Operand, how: { sizes: readonly number[]; from: Strided; to: Strided }): void {
    this.calls.push({
      ...{ kernel: 'copy', input, output, sizes: how.sizes },
      ...{ inputStrides: how.from.strides, inputOffset: how.from.offset },
      ...{ outputStrides: how.to.strides, outputOffset: how.to.offset },
    })
  }

  /** Step t of [T, B, H]. */
  at(whole: Operand, t: number): Operand {
    const output = this.state()
    const length = this.#batch * this.#size
    const to = { strides: [1], offset: 0 }
    this.#copy(whole, output, { sizes: [length], from: { strides: [1], offset: t * length }, to })
    return output
  }

  /** Step t of an input that may be absent. */
  given(input: number, t: number): Operand | undefined {
    return this.context.has(input) ? this.at(this.context.input(input), t) : undefined
  }

  /** A function of one gate's arguments in all steps, [T, B, H]. */
  gate(index: number, activation: 'sigmoid' | 'tanh' | 'none'): Operand {
    const shape = [this.#steps, this.#batch, this.#size]
    const column = this.context.scratch('float32', shape)
    const from = { strides: [this.#rows, 1], offset: index * this.#size }
    const sizes = [this.#steps * this.#batch, this.#size]
    this.#copy(this.context.input(0), column, { sizes, from, to: { strides: stridesOf(sizes), offset: 0 } })
    if (activation === 'none') return column
    return this.map(unary(activation, a!), [column], this.context.scratch('float32', shape))
  }

  /** Gradients of the gates' arguments of step t, in their order. */
  put(parts: readonly Operand[], t: number): void {
    const output = this.context.output(0)
    parts.forEach((part, gate) => {
      const to = { strides: [this.#rows, 1], offset: t * this.#batch * this.#rows + gate * this.#size }
      this.#copy(part, output, { sizes: part.shape, from: { strides: stridesOf(part.shape), offset: 0 }, to })
    })
  }

  putInner(part: Operand, t: number): void {
    const length = this.#batch * this.#size
    const to = { strides: [1], offset: t * length }
    this.#copy(part, this.context.output(2), { sizes: [length], from: { strides: [1], offset: 0 }, to })
  }

  /** Gradients of some gates times their rows of R, added to `sum`. */
  throughRecurrent(
    gates: { readonly of: Operand; readonly offset: number; readonly first: number; readonly rows: number },
    sum: Operand | undefined,
    output = this.state(),
  ): Operand {
    this.calls.push({
      ...{ kernel: 'gemm', a: gates.of, b: this.context.input(1), output },
      ...{ m: this.#batch, n: this.#size, k: gates.rows, transposeA: false, transposeB: false, alpha: 1 },
      batches: [{ a: gates.offset, b: gates.first * this.#size }],
      ...(sum && { bias: { operand: sum, along: 'mn' as const } }),
    })
    return output
  }

  /** All gates of step t times R. */
  throughAll(t: number, sum: Operand | undefined, output?: Operand): Operand {
    const all = { of: this.context.output(0), offset: t * this.#batch * this.#rows, first: 0, rows: this.#rows }
    return this.throughRecurrent(all, sum, output)
  }

  /** Where the gradient of a first state goes. */
  result(output: number): Operand | undefined {
    return this.context.outputCount > output && this.context.wants(output) ? this.context.output(output) : undefined
  }

  /** Of the hidden state after the last step. */
  last(): Operand {
    const t = this.order.at(-1) as number
    const parts = [this.given(7, t), this.context.has(8) ? this.context.input(8) : undefined]
    const [first, second] = parts.filter((part) => part !== undefined)
    if (first && second) return this.map(plus(a!, b!), [first, second])
    return first ?? this.zeros()
  }

  get size(): number {
    return this.#size
  }
}

interface Strided {
  readonly strides: readonly number[]
  readonly offset: number
}

const LOWERINGS: Record<keyof typeof GATES, (way: Way) => void> = { LSTM: lstm, GRU: gru, RNN: rnn }

function lstm(way: Way): void {
  const { context, order } = way
  const gates = (['sigmoid', 'sigmoid', 'sigmoid', 'tanh'] as const).map((kind, gate) => way.gate(gate, kind))
  const firstCell = context.has(4) ? context.input(4) : way.zeros()
  let cell = firstCell
  const steps = order.map((t) => {
    const [input, output, forget, candidate] = gates.map((gate) => way.at(gate, t)) as [
      Operand,
      Operand,
      Operand,
      Operand,
    ]
    const before = cell
    cell = way.map(plus(times(a!, b!), times(c!, d!)), [forget, before, input, candidate])
    return { t, input, output, forget, candidate, before, cell }
  })
  let [dHidden, dCell] = [way.last(), context.has(9) ? context.input(9) : undefined]
  for (const [back, { t, input, output, forget, candidate, before, cell: after }] of steps.toReversed().entries()) {
    const next = order[steps.length - 2 - back]
    const seen = way.map(unary('tanh', a!), [after])
    const own = times(a!, b!, tanhSlope(c!))
    const through = way.map(dCell ? plus(d!, own) : own, [dHidden, output, seen, ...(dCell ? [dCell] : [])])
    const slope = (value: Operand, factor: Operand, rule: typeof tanhSlope) =>
      way.map(times(a!, b!, rule(c!)), [through, factor, value])
    way.put(
      [
        slope(input, candidate, sigmoidSlope),
        way.map(times(a!, b!, sigmoidSlope(c!)), [dHidden, seen, output]),
        slope(forget, before, sigmoidSlope),
        slope(candidate, input, tanhSlope),
      ],
      t,
    )
    const isFirst = next === undefined
    dCell = way.map(times(a!, b!), [through, forget], isFirst ? way.result(2) : undefined)
    dHidden = way.throughAll(t, isFirst ? undefined : way.given(7, next), isFirst ? way.result(1) : undefined)
  }
}

function gru(way: Way): void {
  const { context, order } = way
  const isLinearFirst = context.attributes.linear_before_reset
  const [update, reset, own] = [way.gate(0, 'sigmoid'), way.gate(1, 'sigmoid'), way.gate(2, 'none')]
  const argument = isLinearFirst ? plus(a!, times(b!, c!)) : plus(a!, b!)
  const candidates = way.map(
    unary('tanh', argument),
    [own, ...(isLinearFirst ? [reset] : []), context.input(3)],
    context.scratch('float32', own.shape),
  )
  let dHidden = way.last()
  for (const [back, t] of order.toReversed().entries()) {
    const next = order[order.length - 2 - back]
    const [z, r, n] = [update, reset, candidates].map((whole) => way.at(whole, t)) as [Operand, Operand, Operand]
    const [before, inner] = [way.at(context.input(2), t), way.at(context.input(3), t)]
    const dCandidate = way.map(times(a!, rest(b!), tanhSlope(c!)), [dHidden, z, n])
    const dUpdate = way.map(times(a!, minus(b!, c!), sigmoidSlope(d!)), [dHidden, before, n, z])
    const dInner = isLinearFirst ? way.map(times(a!, b!), [dCandidate, r]) : dCandidate
    way.putInner(dInner, t)
    const candidateRows = { of: dInner, offset: 0, first: 2 * way.size, rows: way.size }
    const through = way.throughRecurrent(candidateRows, undefined)
    const dReset = isLinearFirst
      ? way.map(times(a!, b!, sigmoidSlope(c!)), [dCandidate, inner, r])
      : way.map(times(a!, b!, sigmoidSlope(c!)), [through, before, r])
    way.put([dUpdate, dReset, dCandidate], t)
    const kept = isLinearFirst
      ? way.map(plus(times(a!, b!), c!), [dHidden, z, through])
      : way.map(plus(times(a!, b!), times(c!, d!)), [dHidden, z, through, r])
    const isFirst = next === undefined
    const slope = isFirst ? undefined : way.given(7, next)
    const sum = slope ? way.map(plus(a!, b!), [kept, slope]) : kept
    const early = way.throughRecurrent({ of: dUpdate, offset: 0, first: 0, rows: way.size }, sum)
    const target = isFirst ? way.result(1) : undefined
    dHidden = way.throughRecurrent({ of: dReset, offset: 0, first: way.size, rows: way.size }, early, target)
  }
}

function rnn(way: Way): void {
  const { order } = way
  const hidden = way.gate(0, 'tanh')
  let dHidden = way.last()
  for (const [back, t] of order.toReversed().entries()) {
    const next = order[order.length - 2 - back]
    way.put([way.map(times(a!, tanhSlope(b!)), [dHidden, way.at(hidden, t)])], t)
    const isFirst = next === undefined
    dHidden = way.throughAll(t, isFirst ? undefined : way.given(7, next), isFirst ? way.result(1) : undefined)
  }
}
