/**
 * The gradient rule of LSTM, GRU and RNN. Hidden states of all steps are known, so that what the gates' functions were applied to
 * is one product; RecurrentGradient goes back from step to step, and gradients of weights are products over all steps again.
 */
import { attribute, type Attribute } from '../graph/model'
import { formulaFor } from './elementwise'
import type { Formula } from './formula'
import { shapeOf, type GradientContext, type GraphWriter, type ValueName } from './gradient'
import { PLUME } from './gradient-parts'
import { nameActivations } from './recurrent-activations'
import { directionsOf, type RecurrentAttributes, type RecurrentKind } from './recurrent'

type Context = GradientContext<RecurrentAttributes>
type Maybe = ValueName | undefined

export interface RecurrentOptions {
  readonly kind: 'LSTM' | 'GRU' | 'RNN'
  readonly of: RecurrentKind
  readonly isCoupled?: boolean
  readonly isLinearFirst?: boolean
}

/** Gradients of X, W, R, B, initial_h, initial_c and P. */
export function recurrentRule(context: Context, options: RecurrentOptions): readonly Maybe[] {
  const layer = new Layer(context, options)
  const parts = Array.from({ length: directionsOf(context) }, (_, d) => layer.direction(d))
  const { needs } = context
  const joined = (name: keyof DirectionGradients, axis = 0) =>
    layer.joined(
      parts.map((part) => part[name]),
      axis,
    )
  const inputs = parts.map(({ x }) => x).filter((part) => part !== undefined)
  const x = inputs.length === 0 ? undefined : inputs.reduce((sum, part) => context.write.add('Add', [sum, part]))
  return [
    needs(0) && x ? layer.given(x, [1, 0, 2]) : undefined,
    needs(1) ? joined('w') : undefined,
    needs(2) ? joined('r') : undefined,
    needs(3) ? joined('b') : undefined,
    undefined,
    needs(5) ? layer.given(joined('hidden')!, [1, 0, 2]) : undefined,
    needs(6) ? layer.given(joined('cell')!, [1, 0, 2]) : undefined,
    needs(7) ? joined('peephole') : undefined,
  ]
}

interface DirectionGradients {
  readonly x: Maybe
  readonly w: ValueName
  readonly r: ValueName
  readonly b: ValueName
  readonly hidden: ValueName
  readonly cell: ValueName
  readonly peephole: ValueName
}

class Layer {
  readonly #context: Context
  readonly #write: GraphWriter
  readonly #options: RecurrentOptions
  readonly #f: Formula
  readonly #size: number
  readonly #directions: number
  readonly #x: ValueName

  constructor(context: Context, options: RecurrentOptions) {
    this.#context = context
    this.#write = context.write
    this.#options = options
    this.#f = formulaFor(context, context.input(0))
    const size = shapeOf(context, context.input(2))[2]
    if (typeof size !== 'number') context.fail('the hidden size must be known to differentiate it')
    this.#size = size
    this.#directions = directionsOf(context)
    this.#x = this.given(context.input(0), [1, 0, 2])
  }

  /** With layout 1 axes are exchanged, which is its own inverse but for Y. */
  given(value: ValueName, order: readonly number[]): ValueName {
    if (!this.#context.attributes.layout) return value
    return this.#write.add('Transpose', [value], [attribute.ints('perm', order)])
  }

  /** Part d along an axis, which goes away. */
  #part(value: ValueName, d: number, axis = 0): ValueName {
    if (this.#directions === 1) return this.#write.add('Squeeze', [value, this.#write.integers([axis])])
    const index = this.#write.integers([d])
    const one = this.#write.add('Gather', [value, index], [attribute.int('axis', axis)])
    return this.#write.add('Squeeze', [one, this.#write.integers([axis])])
  }

  joined(parts: readonly Maybe[], axis: number): Maybe {
    const axes = this.#write.integers([axis])
    const known = parts.filter((part) => part !== undefined).map((part) => this.#write.add('Unsqueeze', [part, axes]))
    return known.length < 2 ? known[0] : this.#write.add('Concat', known, [attribute.int('axis', axis)])
  }

  #maybe(input: number, d: number): Maybe {
    return this.#context.has(input) ? this.#part(this.#context.input(input), d) : undefined
  }

  #state(value: Maybe, d: number): Maybe {
    return value && this.#part(this.given(value, [1, 0, 2]), d)
  }

  /** Of Y, or of its gradient: [T, B, H]. */
  #steps(value: Maybe, d: number): Maybe {
    return value && this.#part(this.given(value, [1, 2, 0, 3]), d, 1)
  }

  #slice(value: ValueName, axis: number, from: number, to: number): ValueName {
    const lists = [[from], [to], [axis]].map((list) => this.#write.integers(list))
    return this.#write.add('Slice', [value, ...lists])
  }

  /** The hidden state before each step: Y a step later, behind the first state. */
  #before(y: ValueName, first: Maybe, isReverse: boolean): ValueName {
    const f = this.#f
    const axis = [attribute.int('axis', 0)]
    const edge = isReverse ? this.#slice(y, 0, -1, LAST) : this.#slice(y, 0, 0, 1)
    const others = isReverse ? this.#slice(y, 0, 1, LAST) : this.#slice(y, 0, 0, -1)
    const start = first ? this.#write.add('Unsqueeze', [first, this.#write.integers([0])]) : f.mul(edge, 0)
    const shifted = this.#write.add('Concat', isReverse ? [others, start] : [start, others], axis)
    if (!(isReverse && first && this.#context.has(4))) return shifted
    // a shorter sequence begins at its own end
    const write = this.#write
    const steps = write.add('Squeeze', [write.add('Shape', [y], [attribute.int('end', 1)])])
    const places = write.add(
      'Range',
      [0n, steps, 1n].map((one) => (typeof one === 'string' ? one : write.number(Number(one), 'int64'))),
    )
    const lengths = write.add('Cast', [this.#context.input(4)], [attribute.int('to', 7)])
    const ends = write.add('Sub', [lengths, write.number(1, 'int64')])
    const column = write.add('Unsqueeze', [places, write.integers([1, 2])])
    const row = write.add('Unsqueeze', [ends, write.integers([0, 2])])
    return f.where(write.add('Equal', [column, row]), start, shifted)
  }

  direction(d: number): DirectionGradients {
    const { kind } = this.#options
    const isReverse = this.#context.attributes.direction === 'reverse' || d === 1
    const [w, r] = [this.#part(this.#context.input(1), d), this.#part(this.#context.input(2), d)]
    const firstHidden = this.#context.has(5) ? this.#state(this.#context.input(5), d) : undefined
    const before = this.#before(this.#steps(this.#context.output(0), d)!, firstHidden, isReverse)
    const { gates, inner, seen } = this.#arguments({ w, r, bias: this.#maybe(3, d), before }, d)
    const hasCell = kind === 'LSTM'
    const hasPeepholes = hasCell && this.#context.has(7)
    const found = this.#write.addMany(
      'RecurrentGradient',
      [
        ...[gates, r, before, inner],
        hasCell && this.#context.has(6) ? this.#state(this.#context.input(6), d) : undefined,
        hasPeepholes ? this.#maybe(7, d) : undefined,
        this.#context.has(4) ? this.#context.input(4) : undefined,
        this.#steps(this.#context.gradient(0), d),
        this.#state(this.#context.gradient(1), d),
        hasCell ? this.#state(this.#context.gradient(2), d) : undefined,
      ],
      { RNN: 2, GRU: 3, LSTM: hasPeepholes ? 4 : 3 }[kind],
      this.#attributes(d, isReverse),
      PLUME,
    )
    return this.#weights(found, { w, before, seen })
  }

  /** What the gates' functions are applied to; of a GRU also its inner part, and what Rh is multiplied with. */
  #arguments(
    {
      w,
      r,
      bias,
      before,
    }: { readonly w: ValueName; readonly r: ValueName; readonly bias: Maybe; readonly before: ValueName },
    d: number,
  ): { readonly gates: ValueName; readonly inner?: ValueName; readonly seen: ValueName } {
    const f = this.#f
    const rows = this.#options.of.gates * this.#size
    const product = (x: ValueName, matrix: ValueName) => f.of('MatMul', x, this.#write.add('Transpose', [matrix]))
    const plus = (value: ValueName, from: number, to: number) =>
      bias ? f.add(value, this.#slice(bias, 0, from, to)) : value
    const fromInput = plus(product(this.#x, w), 0, rows)
    if (this.#options.kind !== 'GRU') {
      return { gates: f.add(fromInput, plus(product(before, r), rows, 2 * rows)), seen: before }
    }
    const early = 2 * this.#size
    const fromHidden = plus(product(before, this.#slice(r, 0, 0, early)), rows, rows + early)
    const both = f.add(this.#slice(fromInput, 2, 0, early), fromHidden)
    const gates = this.#write.add('Concat', [both, this.#slice(fromInput, 2, early, rows)], [attribute.int('axis', 2)])
    const seen = this.#options.isLinearFirst
      ? before
      : f.mul(this.#activated(this.#slice(both, 2, this.#size, early), d), before)
    const inner = plus(product(seen, this.#slice(r, 0, early, rows)), rows + early, 2 * rows)
    return { gates, inner, seen }
  }

  #activationsOf(d: number) {
    const { activations, activation_alpha, activation_beta } = this.#context.attributes
    const usual = Array.from({ length: this.#directions }, () => this.#options.of.activations).flat()
    const named = nameActivations(activations.length > 0 ? activations : usual, activation_alpha, activation_beta)
    const each = this.#options.of.activations.length
    return named.slice(d * each, (d + 1) * each)
  }

  /** The first activation, of the gates, as nodes. */
  #activated(value: ValueName, d: number): ValueName {
    const { clip } = this.#context.attributes
    const f = this.#f
    const clipped = clip === undefined ? value : f.of('Clip', value, -clip, clip)
    const { name, alpha = 0, beta = 0 } = this.#activationsOf(d)[0]!
    const own = (opType: string, numbers: Record<string, number> = {}) =>
      this.#write.add(
        opType,
        [clipped],
        Object.entries(numbers).map(([key, number]) => attribute.float(key, number)),
      )
    const kinds: Record<string, () => ValueName> = {
      relu: () => own('Relu'),
      tanh: () => own('Tanh'),
      sigmoid: () => own('Sigmoid'),
      affine: () => f.add(f.mul(clipped, alpha), beta),
      leakyrelu: () => own('LeakyRelu', { alpha }),
      thresholdedrelu: () => own('ThresholdedRelu', { alpha }),
      scaledtanh: () => f.mul(f.of('Tanh', f.mul(clipped, beta)), alpha),
      hardsigmoid: () => own('HardSigmoid', { alpha, beta }),
      elu: () => own('Elu', { alpha }),
      softsign: () => own('Softsign'),
      softplus: () => own('Softplus'),
    }
    return kinds[name.toLowerCase()]!()
  }

  #attributes(d: number, isReverse: boolean): (Attribute | undefined)[] {
    const { kind, isCoupled, isLinearFirst } = this.#options
    const { clip } = this.#context.attributes
    const named = this.#activationsOf(d)
    const numbers = (key: 'alpha' | 'beta') => named.flatMap((one) => one[key] ?? [])
    return [
      attribute.string('kind', kind),
      { name: 'activations', type: 'strings', value: named.map(({ name }) => new TextEncoder().encode(name)) },
      attribute.floats('activation_alpha', numbers('alpha')),
      attribute.floats('activation_beta', numbers('beta')),
      clip === undefined ? undefined : attribute.float('clip', clip),
      attribute.int('is_reverse', Number(isReverse)),
      attribute.int('input_forget', Number(isCoupled ?? false)),
      attribute.int('linear_before_reset', Number(isLinearFirst ?? false)),
    ]
  }

  /** Products over all steps and sequences: [rows, T·B] · [T·B, columns]. */
  #weights(
    [gates = '', hidden = '', third = '', peephole = '']: readonly ValueName[],
    { w, before, seen }: { readonly w: ValueName; readonly before: ValueName; readonly seen: ValueName },
  ): DirectionGradients {
    const f = this.#f
    const write = this.#write
    const flat = (value: ValueName) => reshapedTo(write, value, [-1, shapeOf(this.#context, value)[2] as number])
    const outer = (rows: ValueName, columns: ValueName) =>
      f.of('MatMul', write.add('Transpose', [flat(rows)]), flat(columns))
    const sum = (value: ValueName) =>
      write.add('ReduceSum', [value, write.integers([0, 1])], [attribute.int('keepdims', 0)])
    const isGru = this.#options.kind === 'GRU'
    const early = isGru ? this.#slice(gates, 2, 0, 2 * this.#size) : gates
    const stacked = (parts: readonly ValueName[]) => write.add('Concat', parts, [attribute.int('axis', 0)])
    const biases = sum(gates)
    return {
      x: this.#context.needs(0) ? f.of('MatMul', gates, w) : undefined,
      w: outer(gates, this.#x),
      r: isGru ? stacked([outer(early, before), outer(third, seen)]) : outer(gates, before),
      b: stacked([biases, ...(isGru ? [sum(early), sum(third)] : [biases])]),
      ...{ hidden, cell: third, peephole },
    }
  }
}

/** Slices end there at the latest. */
const LAST = 2 ** 31 - 1

const reshapedTo = (write: GraphWriter, value: ValueName, shape: readonly number[]): ValueName =>
  write.add('Reshape', [value, write.integers(shape)])
