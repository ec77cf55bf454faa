import { elementCount } from '../../../core/dtypes'
import type { RandomCall } from '../../kernel-calls'
import { OP_RANDOM } from '../opcodes'
import { piecesOf, type Encoder } from './command'

/** [key, target, count, stream, first counter]; a counter gives two numbers. */
export const random: Encoder<RandomCall> = {
  supports: ({ output }) => output.dtype === 'float32',
  encode: ({ key, output, stream }, { addressOf }) =>
    piecesOf(Math.ceil(elementCount(output.shape) / 2), 2 * OPERATIONS).map(([from, to]) => ({
      opcode: OP_RANDOM,
      words: [
        ...[addressOf(key), addressOf(output) + 8 * from],
        ...[Math.min(2 * to, elementCount(output.shape)) - 2 * from, stream, from],
      ],
      scratchBytes: 0,
    })),
}

/** Per number, each on four at a time. */
const OPERATIONS = 16
