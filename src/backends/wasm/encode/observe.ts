import { elementCount } from '../../../core/dtypes'
import type { HistogramCall, MinMaxCall } from '../../observe-calls'
import { OP_HISTOGRAM, OP_MIN_MAX } from '../opcodes'
import { floatWord, type Encoder } from './command'

/** [source, target, count] */
export const minMax: Encoder<MinMaxCall> = {
  supports: ({ input }) => input.dtype === 'float32',
  encode: ({ input, output }, { addressOf }) => [
    {
      opcode: OP_MIN_MAX,
      words: [addressOf(input), addressOf(output), elementCount(input.shape)],
      scratchBytes: 0,
    },
  ],
}

/** [source, target, count, bins, reciprocal, first] */
export const histogram: Encoder<HistogramCall> = {
  supports: ({ input }) => input.dtype === 'float32',
  encode({ input, output, reciprocal, first }, { addressOf }) {
    const places = [addressOf(input), addressOf(output), elementCount(input.shape)]
    const words = [...places, elementCount(output.shape), floatWord(reciprocal), first]
    return [{ opcode: OP_HISTOGRAM, words, scratchBytes: 0 }]
  },
}
