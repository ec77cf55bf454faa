import type { Operand, RecurrentCall } from '../../kernel-calls'
import { readsOf, writesOf } from '../../call-operands'
import { OP_RECURRENT } from '../opcodes'
import type { Encoder } from './command'

const TYPES = { lstm: 0, gru: 1, rnn: 2 } as const

/** One command for all steps: a step needs the one before, so there is no good place to cut. */
export const recurrent: Encoder<RecurrentCall> = {
  supports: (call) => [...readsOf(call), ...writesOf(call)].every(({ dtype }) => dtype === 'float32'),
  encode(call, { addressOf }) {
    const at = (operand: Operand | undefined) => (operand ? addressOf(operand) : 0)
    return [
      {
        opcode: OP_RECURRENT,
        words: [
          TYPES[call.type],
          at(call.gates),
          at(call.recurrent),
          at(call.recurrentBias),
          Number(call.linearBeforeReset),
          at(call.initialHidden),
          at(call.initialCell),
          at(call.peephole),
          at(call.hidden),
          at(call.lastHidden),
          at(call.lastCell),
          call.steps,
          call.batch,
          call.size,
          Number(call.isReverse),
        ],
        scratchBytes: 7 * 4 * Math.ceil(call.size / 4) * 4,
      },
    ]
  },
}
