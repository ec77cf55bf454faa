import { UsageError } from '../../core/errors'
import { attribute, type Attribute } from '../../graph/model'
import { concat, stack } from '../tensor/create'
import type { AnyTensor, Tensor } from '../tensor/tensor'
import { wrap } from '../tensor/tensor-object'
import { recordMany } from '../tensor/value'
import { uniform } from './init'
import type { LinearShape } from './layer-shapes'
import { Layer } from './module'
import { Parameter } from './parameter'

export interface RecurrentOptions {
  readonly layers?: number
  readonly bidirectional?: boolean
  readonly bias?: boolean
  /** Sequences are [time, batch, features] instead of [batch, time, features]. */
  readonly timeFirst?: boolean
}

/** What is carried from step to step: [layers · directions, batch, hidden] each. */
export interface RecurrentState {
  readonly hidden: Tensor
  /** Of an LSTM. */
  readonly cell?: Tensor | undefined
}

interface Kind {
  readonly opType: 'RNN' | 'LSTM' | 'GRU'
  /** For each gate in ONNX's order, its place in PyTorch's. */
  readonly gates: readonly number[]
  readonly attributes: readonly Attribute[]
}

type Weights = readonly Parameter[]

/** Layers of a recurrent network over [batch, time, inputs]; the outputs are those of the last layer at every time. */
abstract class Recurrent<I extends number> extends Layer<LinearShape<I, number>> {
  readonly #kind: Kind
  readonly #hidden: number
  readonly #options: Required<RecurrentOptions>

  protected constructor(kind: Kind, [inputs, hidden]: readonly [I, number], options: RecurrentOptions) {
    super()
    const { layers = 1, bidirectional = false, bias = true, timeFirst = false } = options
    if (!(layers >= 1)) throw new UsageError(`${kind.opType}: there should be at least one layer, not ${layers}.`)
    this.#kind = kind
    this.#hidden = hidden
    this.#options = { layers, bidirectional, bias, timeFirst }
    const rows = kind.gates.length * hidden
    const first = (shape: readonly number[]) => new Parameter(uniform(shape, 1 / Math.sqrt(hidden)))
    for (let layer = 0; layer < layers; layer++) {
      for (const suffix of this.#suffixes(layer)) {
        const width = layer === 0 ? inputs : hidden * this.#directions
        this.parts.set(`weight_ih_${suffix}`, first([rows, width]))
        this.parts.set(`weight_hh_${suffix}`, first([rows, hidden]))
        if (!bias) continue
        this.parts.set(`bias_ih_${suffix}`, first([rows]))
        this.parts.set(`bias_hh_${suffix}`, first([rows]))
      }
    }
  }

  run(x: AnyTensor): AnyTensor {
    return this.step(x as Tensor).output
  }

  /**
   * The outputs, and the state after the last time.
   * @param x [batch, time, inputs], or [time, batch, inputs]
   * @param state default: zeros
   */
  step(x: Tensor, state?: RecurrentState): { readonly output: Tensor; readonly state: RecurrentState } {
    const { layers, timeFirst } = this.#options
    let output = timeFirst ? x : x.permute(1, 0, 2)
    const [hidden, cells]: [Tensor[], Tensor[]] = [[], []]
    for (let layer = 0; layer < layers; layer++) {
      const [y, h, c] = this.#layer(output, layer, state)
      output = y as Tensor
      hidden.push(h as Tensor)
      if (c) cells.push(c)
    }
    return {
      output: timeFirst ? output : (output.permute(1, 0, 2) as Tensor),
      state: { hidden: joined(hidden), cell: cells.length > 0 ? joined(cells) : undefined },
    }
  }

  get #directions(): number {
    return this.#options.bidirectional ? 2 : 1
  }

  #suffixes(layer: number): string[] {
    return this.#options.bidirectional ? [`l${layer}`, `l${layer}_reverse`] : [`l${layer}`]
  }

  /** Outputs [time, batch, directions · hidden], and what it ends with. */
  #layer(x: Tensor, layer: number, state: RecurrentState | undefined): (Tensor | undefined)[] {
    const { opType, attributes } = this.#kind
    const of = (kind: string) => this.#weights(layer, kind)
    const bias = this.#options.bias ? concat([of('bias_ih'), of('bias_hh')], 1) : undefined
    const from = layer * this.#directions
    const first = (all: Tensor | undefined) => all?.at({ from, to: from + this.#directions }).value
    const inputs = [x.value, of('weight_ih').value, of('weight_hh').value, bias?.value, undefined, first(state?.hidden)]
    const direction = attribute.string('direction', this.#options.bidirectional ? 'bidirectional' : 'forward')
    const made = recordMany(opType, opType === 'LSTM' ? [...inputs, first(state?.cell)] : inputs, {
      attributes: [attribute.int('hidden_size', this.#hidden), direction, ...attributes],
      outputs: opType === 'LSTM' ? 3 : 2,
    }).map((value) => wrap<Tensor>(value))
    const [y, ...ends] = made as [Tensor, ...Tensor[]]
    // [time, directions, batch, hidden]
    const flat = this.#directions === 1 ? y.squeeze(1) : y.permute(0, 2, 1, 3).flatten(2, 3)
    return [flat as Tensor, ...ends]
  }

  /** [directions, gates · …], with the gates in ONNX's order. */
  #weights(layer: number, kind: string): Tensor {
    const { gates } = this.#kind
    const found = this.#suffixes(layer).map((suffix) => this.parts.get(`${kind}_${suffix}`)) as unknown as Weights
    const each = found.map(({ tensor }) => {
      if (gates.length === 1) return tensor as Tensor
      const blocks = (tensor as Tensor).split(gates.map(() => this.#hidden))
      return concat(gates.map((gate) => blocks[gate] as Tensor))
    })
    return stack(each)
  }
}

/** One after the other along the first axis. */
const joined = (parts: readonly Tensor[]): Tensor => (parts.length === 1 ? (parts[0] as Tensor) : concat(parts))

export interface RnnOptions extends RecurrentOptions {
  readonly activation?: 'tanh' | 'relu'
}
const activations = (names: readonly string[]): Attribute => ({
  ...{ name: 'activations', type: 'strings' },
  value: names.map((name) => new TextEncoder().encode(name)),
})

/** h ← tanh(W·x + R·h + b). As torch.nn.RNN. */
export class Rnn<I extends number> extends Recurrent<I> {
  constructor(inputs: I, hidden: number, { activation = 'tanh', ...options }: RnnOptions = {}) {
    const name = activation === 'tanh' ? 'Tanh' : 'Relu'
    const names = options.bidirectional ? [name, name] : [name]
    super({ opType: 'RNN', gates: [0], attributes: [activations(names)] }, [inputs, hidden], options)
  }
}

/** Long short-term memory (Hochreiter & Schmidhuber, 1997). As torch.nn.LSTM. */
export class Lstm<I extends number> extends Recurrent<I> {
  constructor(inputs: I, hidden: number, options: RecurrentOptions = {}) {
    // i o f c of ONNX among i f g o
    super({ opType: 'LSTM', gates: [0, 3, 1, 2], attributes: [] }, [inputs, hidden], options)
  }
}

/** Gated recurrent units (Cho et al., arXiv:1406.1078v3). As torch.nn.GRU. */
export class Gru<I extends number> extends Recurrent<I> {
  constructor(inputs: I, hidden: number, options: RecurrentOptions = {}) {
    // z r h of ONNX among r z n
    const attributes = [attribute.int('linear_before_reset', 1)]
    super({ opType: 'GRU', gates: [1, 0, 2], attributes }, [inputs, hidden], options)
  }
}
