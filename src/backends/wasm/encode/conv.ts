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

/** One to three axes: plain products where the kernel is one pixel, rows added up where channels do not mix, else patches. */
export const conv: Encoder<ConvCall> = {
  supports: (call) => isFloat32(call) && call.axes.length <= 3,
  encode(call, context) {
    if (call.inPerGroup === 1 && call.groups > 1 && call.axes.length <= 2) return depthwise(call, context)
    const { inPerGroup, outPerGroup, axes, activation } = call
    const pixels = volumeOf(axes, 'output')
    const k = inPerGroup * volumeOf(axes, 'kernel')
    const commands: Command[] = []
    for (const { x, weight, bias, y } of partsOf(call, context)) {
      if (axes.every(isPointwise)) {
        const strides = { aStrides: [k, 1], bStrides: [pixels, 1], biasStrides: [1, 0] } as const
        const sizes = { m: outPerGroup, n: pixels, k }
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

/** Channel by channel: one command per image, split where it is long. */
function depthwise(call: ConvCall, { addressOf }: EncodeContext): Command[] {
  const { batch, groups, outPerGroup, axes, activation } = call
  const channels = groups * outPerGroup
  const kernel = volumeOf(axes, 'kernel')
  const [inBytes, outBytes] = [volumeOf(axes, 'input') * 4, volumeOf(axes, 'output') * 4]
  const bias = call.bias ? addressOf(call.bias) : 0
  const commands: Command[] = []
  for (let image = 0; image < batch; image++) {
    // whole input channels, so that every piece starts with one
    for (const [from, to] of piecesOf(groups, (outBytes / 4) * kernel * outPerGroup)) {
      const first = from * outPerGroup
      commands.push({
        opcode: OP_DEPTHWISE,
        words: [
          addressOf(call.input) + (image * groups + from) * inBytes,
          addressOf(call.weight) + first * kernel * 4,
          bias === 0 ? 0 : bias + first * 4,
          addressOf(call.output) + (image * channels + first) * outBytes,
          (to - from) * outPerGroup,
          outPerGroup,
          0,
          0,
          ...activationWords(activation),
          ...windowWords(axes),
        ],
        scratchBytes: 0,
      })
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
