/** LSTM, GRU and RNN as kernel calls: the gates of all steps by one gemm, then one `recurrent` call per direction. */
import type { GemmCall, KernelCall, Operand, RecurrentCall } from '../backends/kernel-calls'
import { elementCount } from '../core/dtypes'
import { integersOf } from '../core/host-array'
import type { LowerContext } from './op'
import { binary } from './elementwise'
import { copyOrAlias, transposeMove } from './movement'
import { directionsOf, type RecurrentAttributes, type RecurrentKind } from './recurrent'
import { stridesOf } from './shapes'

type Context = LowerContext<RecurrentAttributes>
type Type = RecurrentCall['type']

/** The kernels know the default activations. */
function hasKernel(context: Context, kind: RecurrentKind): boolean {
  const { activations, clip } = context.attributes
  const isUsual = activations.every(
    (name, i) => name.toLowerCase() === kind.activations[i % kind.activations.length]!.toLowerCase(),
  )
  return isUsual && clip === undefined && context.input(0).dtype === 'float32'
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

  /** The initial state of one direction, [B, H] of [D, B, H], or of [B, D, H] with layout 1. */
  state(input: number, { directions, batch, size }: Layer, d: number): Operand {
    const isDirect = !this.#context.attributes.layout || directions === 1
    if (isDirect) return this.slice(input, d * batch * size, [batch, size])
    const output = this.#context.scratch('float32', [batch, size])
    this.calls.push({
      kernel: 'copy',
      input: this.#context.input(input),
      output,
      sizes: [batch, size],
      inputStrides: [directions * size, 1],
      inputOffset: d * size,
      outputStrides: [size, 1],
      outputOffset: 0,
    })
    return output
  }

  /** X as [T, B, I]: with layout 1 it is [B, T, I]. */
  steps({ steps, batch, inputSize }: Layer): Operand {
    const x = this.#context.input(0)
    if (!this.#context.attributes.layout) return x
    const output = this.#context.scratch('float32', [steps, batch, inputSize])
    this.calls.push(copyOrAlias(x, output, transposeMove([batch, steps, inputSize], [1, 0, 2])))
    return output
  }

  /** The whole output when it is wanted and lies as the kernel leaves it; else memory to copy from. */
  result(output: number, shape: readonly number[], isDirect: boolean): Operand {
    return isDirect && this.#context.wants(output)
      ? this.#context.output(output)
      : this.#context.scratch('float32', shape)
  }

  /** Copies one direction's part, seen with `strides` in the output from `offset` on, unless it is the output itself. */
  place(from: Operand, output: number, { strides, offset }: { strides: readonly number[]; offset: number }): void {
    if (!this.#context.wants(output) || from === this.#context.output(output)) return
    this.calls.push({
      kernel: 'copy',
      input: from,
      output: this.#context.output(output),
      sizes: from.shape,
      inputStrides: stridesOf(from.shape),
      inputOffset: 0,
      outputStrides: strides,
      outputOffset: offset,
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
function gatesOf(context: Context, lowering: Lowering, x: Operand, layer: Layer, d: number): Operand {
  const { steps, batch, inputSize, size, rows } = layer
  const output = context.scratch('float32', [steps, batch, rows])
  const bias = lowering.gateBias(d, rows, layer.linearBeforeReset ? rows - size : rows)
  lowering.calls.push({
    kernel: 'gemm',
    ...{ a: x, b: context.input(1), output },
    ...{ m: steps * batch, n: rows, k: inputSize, transposeA: false, transposeB: true, alpha: 1 },
    batches: [{ a: 0, b: d * rows * inputSize }],
    ...(bias && { bias: { operand: bias, along: 'n' as const } }),
  } satisfies GemmCall)
  return output
}

function lowerDirection(context: Context, lowering: Lowering, x: Operand, layer: Layer, d: number): void {
  const { kind, type, linearBeforeReset, steps, batch, size, rows, directions } = layer
  const gates = gatesOf(context, lowering, x, layer, d)
  const { layout, direction } = context.attributes
  const isDirect = directions === 1 && !layout
  const hidden = lowering.result(0, [steps, batch, size], isDirect)
  const lastHidden = lowering.result(1, [batch, size], directions === 1)
  const lastCell = kind.hasCell ? lowering.result(2, [batch, size], directions === 1) : undefined
  const recurrent = lowering.slice(2, d * rows * size, [rows, size])
  const hasInnerBias = linearBeforeReset && context.has(3)
  const recurrentBias = hasInnerBias ? lowering.slice(3, 2 * (d + 1) * rows - size, [size]) : undefined
  const lengths = lengthsOf(context, steps)
  const initialHidden = context.has(5) ? lowering.state(5, layer, d) : undefined
  const initialCell = kind.hasCell && context.has(6) ? lowering.state(6, layer, d) : undefined
  const peephole = kind.hasCell && context.has(7) ? lowering.slice(7, d * 3 * size, [3 * size]) : undefined
  lowering.calls.push({
    kernel: 'recurrent',
    ...{ type, gates, recurrent, linearBeforeReset, hidden, lastHidden, steps, batch, size },
    ...(recurrentBias && { recurrentBias }),
    ...(initialHidden && { initialHidden }),
    ...(initialCell && { initialCell }),
    ...(peephole && { peephole }),
    ...(lengths && { lengths }),
    ...(lastCell && { lastCell }),
    isReverse: direction === 'reverse' || d === 1,
  } satisfies RecurrentCall)
  // Y is [T, D, B, H], or [B, T, D, H]; states are [D, B, H], or [B, D, H]
  const y = layout ? [directions * size, steps * directions * size, 1] : [directions * batch * size, size, 1]
  const state = layout
    ? { strides: [directions * size, 1], offset: d * size }
    : { strides: [size, 1], offset: d * batch * size }
  lowering.place(hidden, 0, { strides: y, offset: state.offset })
  lowering.place(lastHidden, 1, state)
  if (lastCell) lowering.place(lastCell, 2, state)
}

/** Lengths that differ, or that are not known. */
function lengthsOf(context: Context, steps: number): Operand | undefined {
  if (!context.has(4)) return undefined
  const known = context.constant(4)
  return known && integersOf(known).every((length) => length === steps) ? undefined : context.input(4)
}

/** @returns null where no kernel does it */
export function lowerRecurrent(
  context: Context,
  kind: RecurrentKind,
  type: Type,
  linearBeforeReset = false,
): readonly KernelCall[] | null {
  if (!hasKernel(context, kind)) return null
  const [first, second, inputSize] = context.input(0).shape as [number, number, number]
  const [steps, batch] = context.attributes.layout ? [second, first] : [first, second]
  const size = context.input(2).shape[2]!
  const [rows, directions] = [kind.gates * size, directionsOf(context)]
  if (steps * batch * size * inputSize === 0) return null
  const lowering = new Lowering(context)
  const layer = { kind, type, linearBeforeReset, steps, batch, inputSize, size, rows, directions }
  const x = lowering.steps(layer)
  for (let d = 0; d < directions; d++) lowerDirection(context, lowering, x, layer, d)
  return lowering.calls
}
