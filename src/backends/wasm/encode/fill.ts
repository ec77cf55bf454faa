import { elementCount } from '../../../core/dtypes'
import { hostArray, slotBytes } from '../../../core/host-array'
import type { FillCall } from '../../kernel-calls'
import { OP_FILL } from '../opcodes'
import type { Encoder } from './command'

/** [target, bytes, low, high]: eight bytes, repeated. */
export const fill: Encoder<FillCall> = {
  supports: ({ output }) => slotBytes(output.dtype) !== undefined,
  encode({ output, value }, { addressOf }) {
    const slot = slotBytes(output.dtype) as number
    const { buffer } = hostArray(output.dtype, [8 / slot], new Array<number>(8 / slot).fill(value)).values
    const bytes = elementCount(output.shape) * slot
    return [{ opcode: OP_FILL, words: [addressOf(output), bytes, ...new Int32Array(buffer)], scratchBytes: 0 }]
  },
}
