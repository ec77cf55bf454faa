import type { ConvCall, ConvTransposeCall, Window } from '../../kernel-calls'
import { OP_CONV, OP_CONV_TRANSPOSE, OP_DEPTHWISE } from '../opcodes'
import { activationWords } from './activation'
import { piecesOf, type Command, type EncodeContext, type Encoder } from './command'
import { GEMM_SCRATCH_BYTES, productCommands } from './gemm'
import { volumeOf, windowWords } from './windows'

const isFloat32 = (call: ConvCall | ConvTransposeCall): boolean =>
  [call.input, call.weight, call.output, ...(call.bias ? [call.bias] : [])].every(({ dtype }) => dtype === 'float32')

const isPointwise = ({ kernel, stride, padBegin, input, output }: Window): boolean =>
  kernel === 1 && stride === 1 && padBegin === 0 && input === output

/** Addresses of one image and one group. */
interface Parts {
  readonly x: number
  readonly weight: number
  readonly bias: number
  readonly y: number
}

function* partsOf(call: ConvCall | ConvTransposeCall, { addressOf }: EncodeContext): Generator<Parts> {
  const { batch, groups, inPerGroup, outPerGroup, axes } = call
  const [x, weight, y] = [addressOf(call.input), addressOf(call.weight), addressOf(call.output)]
  const bias = call.bias ? addressOf(call.bias) : 0
  const inBytes = inPerGroup * volumeOf(axes, 'input') * 4
  const outBytes = outPerGroup * volumeOf(axes, 'output') * 4
  const weightBytes = inPerGroup * outPerGroup * volumeOf(axes, 'kernel') * 4
  for (let i = 0; i < batch * groups; i++) {
    const group = i % groups
    yield {
      x: x + i * inBytes,
      weight: weight + group * weightBytes,
      bias: bias === 0 ? 0 : bias + group * outPerGroup * 4,
      y: y + i * outBytes,
    }
  }
}

/** Up to so many output channels of a group are computed one by one: packing patches would cost more than the product. */
const FEW_CHANNELS = 2

/** One to three axes: plain products where the kernel is one pixel, windows added up where channels stand alone, else patches. */
export const conv: Encoder<ConvCall> = {
  supports: (call) => isFloat32(call) && call.axes.length <= 3,
  encode(call, context) {
    if (standsAlone(call)) return depthwise(call, context)
    const { inPerGroup, outPerGroup, axes, activation } = call
    const pixels = volumeOf(axes, 'output')
    const k = inPerGroup * volumeOf(axes, 'kernel')
    const commands: Command[] = []
    for (const { x, weight, bias, y } of partsOf(call, context)) {
      if (axes.every(isPointwise)) {
        const strides = { aStrides: [k, 1], bStrides: [pixels, 1], biasStrides: [1, 0] } as const
        const sizes = { m: outPerGroup, n: pixels, k, cRow: pixels }
        commands.push(...productCommands({ a: weight, b: x, c: y, bias, alpha: 1, activation, ...strides, ...sizes }))
        continue
      }
      for (const [from, to] of piecesOf(pixels, k * outPerGroup)) {
        const sizes = [inPerGroup, outPerGroup, from, to]
        const words = [x, weight, bias, y, ...sizes, ...activationWords(activation), ...windowWords(axes)]
        commands.push({ opcode: OP_CONV, words, scratchBytes: GEMM_SCRATCH_BYTES })
      }
    }
    return commands
  },
}

function standsAlone({ groups, inPerGroup, outPerGroup, axes }: ConvCall): boolean {
  if (axes.length > 2) return false
  if (inPerGroup === 1 && groups > 1) return true
  const width = axes.at(-1)
  return outPerGroup <= FEW_CHANNELS && !axes.every(isPointwise) && width !== undefined && width.stride <= 2
}

/** Channel by channel, some channels or some rows per command. */
function depthwise(call: ConvCall, { addressOf }: EncodeContext): Command[] {
  const { batch, groups, inPerGroup, outPerGroup, axes, activation } = call
  const weights = inPerGroup * volumeOf(axes, 'kernel')
  const [inBytes, outBytes] = [inPerGroup * volumeOf(axes, 'input') * 4, volumeOf(axes, 'output') * 4]
  const height = axes.length > 1 ? (axes[0] as Window).output : 1
  const bias = call.bias ? addressOf(call.bias) : 0
  const groupCost = (outBytes / 4) * weights * outPerGroup
  const commands: Command[] = []
  for (let image = 0; image < batch; image++) {
    // whole groups, so that every piece starts with an input channel
    for (const [from, to] of piecesOf(groups, groupCost)) {
      const first = from * outPerGroup
      for (const rows of piecesOf(height, ((to - from) * groupCost) / height)) {
        commands.push({
          opcode: OP_DEPTHWISE,
          words: [
            addressOf(call.input) + (image * groups + from) * inBytes,
            addressOf(call.weight) + first * weights * 4,
            bias === 0 ? 0 : bias + first * 4,
            addressOf(call.output) + (image * groups + from) * outPerGroup * outBytes,
            (to - from) * outPerGroup,
            outPerGroup,
            inPerGroup,
            ...rows,
            ...activationWords(activation),
            ...windowWords(axes),
          ],
          scratchBytes: 0,
        })
      }
    }
  }
  return commands
}

const KC = 256
const NC = 256

export const convTranspose: Encoder<ConvTransposeCall> = {
  supports: (call) => isFloat32(call) && call.axes.length <= 3,
  encode(call, context) {
    const { inPerGroup, outPerGroup, axes, activation } = call
    // panels of all input channels, and 16 rows of products
    const scratchBytes = GEMM_SCRATCH_BYTES + 4 * NC * (16 + Math.ceil(inPerGroup / KC) * KC)
    return [...partsOf(call, context)].map(({ x, weight, bias, y }) => ({
      opcode: OP_CONV_TRANSPOSE,
      words: [x, weight, bias, y, inPerGroup, outPerGroup, 0, 0, ...activationWords(activation), ...windowWords(axes)],
      scratchBytes,
    }))
  },
}
