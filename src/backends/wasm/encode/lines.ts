/** Families that work along the middle of [outer, size, inner], and normalization along rows. */
import type { ArgReduceCall, NormalizeCall, Operand, ReduceCall, SoftmaxCall } from '../../kernel-calls'
import * as codes from '../opcodes'
import { floatWord, piecesOf, type Command, type EncodeContext, type Encoder } from './command'

const REDUCTIONS: Record<ReduceCall['reduction'], number> = {
  sum: codes.REDUCE_SUM,
  mean: codes.REDUCE_MEAN,
  max: codes.REDUCE_MAX,
  min: codes.REDUCE_MIN,
  prod: codes.REDUCE_PROD,
  sumSquare: codes.REDUCE_SUM_SQUARE,
  l1: codes.REDUCE_L1,
  l2: codes.REDUCE_L2,
  logSum: codes.REDUCE_LOG_SUM,
  logSumExp: codes.REDUCE_LOG_SUM_EXP,
}

const isFloat = ({ dtype }: Operand): boolean => dtype === 'float32'
const isAddressable = ({ outer, size, inner }: Lines): boolean => outer * size * inner < 2 ** 31

interface Lines {
  readonly input: Operand
  readonly output: Operand
  readonly outer: number
  readonly size: number
  readonly inner: number
}

interface LinesOptions {
  readonly opcode: number
  /** Words after those that all have in common. */
  readonly last: readonly number[]
  /** Rough work per element. */
  readonly cost: number
  readonly outputBytes: number
  /** Elements of the output per line: 1, or the line's. */
  readonly outputSize: number
  readonly scratchBytes?: number
}

/** Cuts along `outer`, or across columns where there is only one slab. */
function encodeLines(call: Lines, { addressOf }: EncodeContext, options: LinesOptions): readonly Command[] {
  const { outer, size, inner } = call
  const { opcode, last, cost, outputBytes, outputSize, scratchBytes = 0 } = options
  const [input, output] = [addressOf(call.input), addressOf(call.output)]
  const command = (source: number, target: number, slabs: number, columns: number): Command => ({
    opcode,
    words: [input + source * 4, output + target * outputBytes, slabs, size, inner, columns, ...last],
    scratchBytes,
  })
  if (outer > 1 || inner === 1) {
    return piecesOf(outer, size * inner * cost).map(([from, to]) =>
      command(from * size * inner, from * outputSize * inner, to - from, inner),
    )
  }
  return piecesOf(Math.ceil(inner / 256), 256 * size * cost).map(([from, to]) =>
    command(from * 256, from * 256, 1, Math.min(inner, to * 256) - from * 256),
  )
}

export const reduce: Encoder<ReduceCall> = {
  supports: (call) => isFloat(call.input) && isFloat(call.output) && isAddressable(call),
  encode: (call, context) =>
    encodeLines(call, context, {
      opcode: codes.OP_REDUCE,
      last: [REDUCTIONS[call.reduction]],
      cost: call.reduction === 'logSumExp' ? 12 : 1,
      outputBytes: 4,
      outputSize: 1,
    }),
}

export const argReduce: Encoder<ArgReduceCall> = {
  supports: (call) => isFloat(call.input) && call.output.dtype === 'int64' && isAddressable(call),
  encode: (call, context) =>
    encodeLines(call, context, {
      opcode: codes.OP_ARG_REDUCE,
      last: [Number(call.wants === 'max'), Number(call.takesLast)],
      cost: 2,
      outputBytes: 8,
      outputSize: 1,
    }),
}

export const softmax: Encoder<SoftmaxCall> = {
  supports: (call) => isFloat(call.input) && isFloat(call.output) && isAddressable(call),
  encode: (call, context) =>
    encodeLines(call, context, {
      opcode: codes.OP_SOFTMAX,
      last: [Number(call.isLog)],
      cost: 14,
      outputBytes: 4,
      outputSize: call.size,
      // maximum and sum of 256 columns
      scratchBytes: 2 * 256 * 4,
    }),
}

export const normalize: Encoder<NormalizeCall> = {
  supports({ input, output, scale, bias, rows, size }) {
    return [input, output, scale, bias].every((one) => !one || isFloat(one)) && rows * size < 2 ** 31
  },
  encode(call, { addressOf }) {
    const { input, output, scale, bias, rows, size, epsilon, affine, type } = call
    const head = [input, output, scale, bias].map((operand) => (operand ? addressOf(operand) : 0))
    const isByElement = affine.by === 'element'
    return piecesOf(rows, 4 * size).map(([from, to]): Command => {
      const rest = [size, floatWord(epsilon), Number(type === 'rms')]
      const spread = isByElement ? [0, 1] : [affine.channels, affine.spread]
      return { opcode: codes.OP_NORMALIZE, words: [...head, from, to - from, ...rest, ...spread], scratchBytes: 0 }
    })
  },
}
