import { elementCount, type KnownDType } from '../../../core/dtypes'
import { slotBytes } from '../../../core/host-array'
import type { CastCall, CopyCall, GatherCall } from '../../kernel-calls'
import { OP_CAST, OP_COPY, OP_GATHER } from '../opcodes'
import { collapse } from '../../axes'
import { piecesOf, type Command, type Encoder } from './command'

const bytesOf = (dtype: KnownDType): number => slotBytes(dtype) as number

export const copy: Encoder<CopyCall> = {
  supports: ({ input, output }) =>
    slotBytes(input.dtype) !== undefined && slotBytes(input.dtype) === slotBytes(output.dtype),
  encode(call, { addressOf }) {
    const bytes = bytesOf(call.input.dtype)
    const from = addressOf(call.input) + call.inputOffset * bytes
    const to = addressOf(call.output) + call.outputOffset * bytes
    const axes = copyOrder(call)
    const [count, ...rest] = axes.map(({ size }) => size) as [number, ...number[]]
    const strides = [...axes.map(({ input }) => input * bytes), ...axes.map(({ output }) => output * bytes)]
    const { input, output } = axes[0] as CopyAxis
    return piecesOf(count, elementCount(rest)).map(([first, end]): Command => {
      const start = [from + first * input * bytes, to + first * output * bytes]
      return {
        opcode: OP_COPY,
        words: [...start, bytes, axes.length, end - first, ...rest, ...strides],
        scratchBytes: 0,
      }
    })
  },
}

interface CopyAxis {
  readonly size: number
  readonly input: number
  readonly output: number
}

/**
 * As few axes as possible, those with short steps in the output last. Where the input's neighbours lie along another
 * axis, that one stands second to last: the kernel then transposes in blocks.
 */
function copyOrder({ sizes, inputStrides, outputStrides }: CopyCall): readonly CopyAxis[] {
  const order = sizes
    .map((size, i): CopyAxis => ({ size, input: inputStrides[i] as number, output: outputStrides[i] as number }))
    .sort((a, b) => Math.abs(b.output) - Math.abs(a.output) || Math.abs(b.input) - Math.abs(a.input))
  const collapsed = collapse(
    order.map(({ size }) => size),
    [order.map(({ input }) => input), order.map(({ output }) => output)],
  )
  const [input, output] = collapsed.strides as [number[], number[]]
  const axes = collapsed.sizes.map((size, i): CopyAxis => ({
    size,
    input: input[i] as number,
    output: output[i] as number,
  }))
  const last = axes.at(-1) as CopyAxis
  const neighbours = axes.findIndex((axis) => axis.input === 1)
  if (last.output === 1 && neighbours >= 0 && neighbours < axes.length - 2) {
    axes.splice(axes.length - 2, 0, ...axes.splice(neighbours, 1))
  }
  return axes
}

export const gather: Encoder<GatherCall> = {
  supports: ({ input, indices }) =>
    slotBytes(input.dtype) !== undefined && (indices.dtype === 'int64' || indices.dtype === 'int32'),
  encode(call, { addressOf }) {
    const { input, indices, output, outer, size, count, inner } = call
    const entry = inner * bytesOf(input.dtype)
    const head = [addressOf(input), addressOf(indices), addressOf(output), size, count, entry, bytesOf(indices.dtype)]
    return piecesOf(outer * count, inner).map(([from, to]): Command => ({
      opcode: OP_GATHER,
      words: [...head, from, to],
      scratchBytes: 0,
    }))
  },
}

/** In the order of the kernel's type numbers. */
const CAST_TYPES: readonly KnownDType[] = ['float32', 'int32', 'int64', 'uint8', 'int8', 'bool']

export const cast: Encoder<CastCall> = {
  supports: ({ input, output, rounds }) =>
    rounds === undefined && CAST_TYPES.includes(input.dtype) && CAST_TYPES.includes(output.dtype),
  encode({ input, output }, { addressOf }) {
    const types = [input, output].map(({ dtype }) => CAST_TYPES.indexOf(dtype))
    return piecesOf(elementCount(output.shape), 4).map(([from, to]): Command => {
      const addresses = [input, output].map((operand) => addressOf(operand) + from * bytesOf(operand.dtype))
      return { opcode: OP_CAST, words: [...addresses, to - from, ...types], scratchBytes: 0 }
    })
  },
}
