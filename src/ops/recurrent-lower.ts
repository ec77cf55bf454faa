/** LSTM, GRU and RNN as kernel calls: the gates of all steps by one gemm, then one `recurrent` call per direction. */
import type { GemmCall, KernelCall, Operand, RecurrentCall } from '../backends/kernel-calls'
import { elementCount } from '../core/dtypes'
import type { LowerContext } from './op'
import { binary } from './elementwise'
import { directionsOf, type RecurrentAttributes, type RecurrentKind } from './recurrent'

type Context = LowerContext<RecurrentAttributes>
type Type = RecurrentCall['type']

/** The kernels know the default activations, equal lengths and the usual layout. */
function hasKernel(context: Context, kind: RecurrentKind): boolean {
  const { activations, clip, layout } = context.attributes
  const isUsual = activations.every(
    (name, i) => name.toLowerCase() === kind.activations[i % kind.activations.length]!.toLowerCase(),
  )
  return isUsual && clip === undefined && !layout && !context.has(4) && context.input(0).dtype === 'float32'
}

class Lowering {
  readonly calls: KernelCall[] = []
  readonly #context: Context

  constructor(context: Context) {
    this.#context = context
  }

  /** `length` elements of a constant or computed input from `start` on. */
  slice(input: number, start: number, shape: readonly number[]): Operand {
    const whole = this.#context.input(input)
    const length = elementCount(shape)
    if (start === 0 && length === elementCount(whole.shape)) return whole
    const known = this.#context.constant(input)
    if (known) {
      const values = known.values.slice(start, start + length)
      return this.#context.store({ dtype: 'float32', shape, values })
    }
    const output = this.#context.scratch('float32', shape)
    this.#copy(whole, start, output, 0, length)
    return output
  }

  #copy(input: Operand, inputOffset: number, output: Operand, outputOffset: number, length: number): void {
    const strides = { inputStrides: [1], outputStrides: [1] }
    this.calls.push({ kernel: 'copy', input, output, sizes: [length], inputOffset, outputOffset, ...strides })
  }

  /** Wb + Rb of one direction, [G·H]; Rb only for its first `recurrentRows`. */
  gateBias(d: number, rows: number, recurrentRows: number): Operand | undefined {
    const context = this.#context
    if (!context.has(3)) return undefined
    const known = context.constant(3)
    if (known) {
      const all = known.values.subarray(2 * d * rows, 2 * (d + 1) * rows) as Float32Array
      const values = all.slice(0, rows).map((w, i) => (i < recurrentRows ? w + all[rows + i]! : w))
      return context.store({ dtype: 'float32', shape: [rows], values: Float32Array.from(values) })
    }
    const w = this.slice(3, 2 * d * rows, [rows])
    const r = context.scratch('float32', [rows])
    if (recurrentRows < rows) this.calls.push({ kernel: 'fill', output: r, value: 0 })
    this.#copy(context.input(3), (2 * d + 1) * rows, r, 0, recurrentRows)
    const output = context.scratch('float32', [rows])
    this.calls.push({ kernel: 'map', expression: binary('add', { input: 0 }, { input: 1 }), inputs: [w, r], output })
    return output
  }

  /** The whole output when it is wanted and holds one direction; else memory to copy from. */
  result(output: number, shape: readonly number[], directions: number): Operand {
    const isDirect = directions === 1 && this.#context.wants(output)
    return isDirect ? this.#context.output(output) : this.#context.scratch('float32', shape)
  }

  /** Copies one direction's part [outer, inner] into [outer, D, inner]. */
  place(from: Operand, output: number, d: number, directions: number, outer: number): void {
    if (directions === 1 || !this.#context.wants(output)) return
    const inner = elementCount(from.shape) / outer
    this.calls.push({
      kernel: 'copy',
      input: from,
      output: this.#context.output(output),
      sizes: [outer, inner],
      inputStrides: [inner, 1],
      inputOffset: 0,
      outputStrides: [directions * inner, 1],
      outputOffset: d * inner,
    })
  }
}

/** Sizes of one layer, and what is the same for its directions. */
interface Layer {
  readonly kind: RecurrentKind
  readonly type: Type
  readonly linearBeforeReset: boolean
  readonly steps: number
  readonly batch: number
  readonly inputSize: number
  readonly size: number
  readonly rows: number
  readonly directions: number
}

/** X·Wᵀ + Wb + Rb of all steps, [T, B, G·H]. */
function gatesOf(context: Context, lowering: Lowering, layer: Layer, d: number): Operand {
  const { steps, batch, inputSize, size, rows } = layer
  const output = context.scratch('float32', [steps, batch, rows])
  const bias = lowering.gateBias(d, rows, layer.linearBeforeReset ? rows - size : rows)
  lowering.calls.push({
    kernel: 'gemm',
    ...{ a: context.input(0), b: context.input(1), output },
    ...{ m: steps * batch, n: rows, k: inputSize, transposeA: false, transposeB: true, alpha: 1 },
    batches: [{ a: 0, b: d * rows * inputSize }],
    ...(bias && { bias: { operand: bias, along: 'n' as const } }),
  } satisfies GemmCall)
  return output
}

function lowerDirection(context: Context, lowering: Lowering, layer: Layer, d: number): void {
  const { kind, type, linearBeforeReset, steps, batch, size, rows, directions } = layer
  const gates = gatesOf(context, lowering, layer, d)
  const state = [batch, size]
  const hidden = lowering.result(0, [steps, batch, size], directions)
  const lastHidden = lowering.result(1, state, directions)
  const lastCell = kind.hasCell ? lowering.result(2, state, directions) : undefined
  const at = d * batch * size
  const recurrent = lowering.slice(2, d * rows * size, [rows, size])
  const hasInnerBias = linearBeforeReset && context.has(3)
  const recurrentBias = hasInnerBias ? lowering.slice(3, 2 * (d + 1) * rows - size, [size]) : undefined
  const initialHidden = context.has(5) ? lowering.slice(5, at, state) : undefined
  const initialCell = kind.hasCell && context.has(6) ? lowering.slice(6, at, state) : undefined
  const peephole = kind.hasCell && context.has(7) ? lowering.slice(7, d * 3 * size, [3 * size]) : undefined
  lowering.calls.push({
    kernel: 'recurrent',
    ...{ type, gates, recurrent, linearBeforeReset, hidden, lastHidden, steps, batch, size },
    ...(recurrentBias && { recurrentBias }),
    ...(initialHidden && { initialHidden }),
    ...(initialCell && { initialCell }),
    ...(peephole && { peephole }),
    ...(lastCell && { lastCell }),
    isReverse: context.attributes.direction === 'reverse' || d === 1,
  } satisfies RecurrentCall)
  lowering.place(hidden, 0, d, directions, steps)
  lowering.place(lastHidden, 1, d, directions, 1)
  if (lastCell) lowering.place(lastCell, 2, d, directions, 1)
}

/** @returns null where no kernel does it */
export function lowerRecurrent(
  context: Context,
  kind: RecurrentKind,
  type: Type,
  linearBeforeReset = false,
): readonly KernelCall[] | null {
  if (!hasKernel(context, kind)) return null
  const [steps, batch, inputSize] = context.input(0).shape as [number, number, number]
  const size = context.input(2).shape[2]!
  const [rows, directions] = [kind.gates * size, directionsOf(context)]
  if (steps * batch * size * inputSize === 0) return null
  const lowering = new Lowering(context)
  const layer = { kind, type, linearBeforeReset, steps, batch, inputSize, size, rows, directions }
  for (let d = 0; d < directions; d++) lowerDirection(context, lowering, layer, d)
  return lowering.calls
}
