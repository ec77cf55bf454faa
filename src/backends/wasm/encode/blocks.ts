import { elementCount } from '../../../core/dtypes'
import { slotBytes } from '../../../core/host-array'
import type { Operand } from '../../kernel-calls'
import type { GatherBlocksCall, ScatterBlocksCall, ScatterReduction } from '../../place-calls'
import * as codes from '../opcodes'
import type { Encoder } from './command'

const REDUCTIONS: Record<ScatterReduction, number> = {
  none: codes.BLOCK_NONE,
  add: codes.BLOCK_ADD,
  mul: codes.BLOCK_MUL,
  max: codes.BLOCK_MAX,
  min: codes.BLOCK_MIN,
}

const isWord = ({ dtype }: Operand): boolean => slotBytes(dtype) === 4
const isIndex = ({ dtype }: Operand): boolean => dtype === 'int32' || dtype === 'int64'
const isAddressable = ({ shape }: Operand): boolean => elementCount(shape) < 2 ** 30

interface Words {
  readonly addresses: readonly [input: number, indices: number, updates: number, output: number]
  readonly reduction: number
  readonly elements: number
}

/** As assembly/blocks.ts reads them. */
function wordsOf({ blocks, indices }: GatherBlocksCall | ScatterBlocksCall, { addresses, reduction, elements }: Words) {
  const { sizes, strides, limits, steps, block } = blocks
  const counts = [elementCount(sizes), sizes.length, limits.length, elements]
  const head = [...addresses, slotBytes(indices.dtype) as number, reduction, block, ...counts]
  return [...head, ...sizes, ...strides, ...limits, ...steps]
}

/** Elements of 4 bytes. */
export const gatherBlocks: Encoder<GatherBlocksCall> = {
  supports: ({ input, indices, output }) =>
    isWord(input) && isIndex(indices) && isAddressable(input) && isAddressable(output),
  encode(call, { addressOf }) {
    const addresses = [addressOf(call.input), addressOf(call.indices), 0, addressOf(call.output)] as const
    return [
      {
        opcode: codes.OP_GATHER_BLOCKS,
        words: wordsOf(call, { addresses, reduction: 0, elements: 0 }),
        scratchBytes: 0,
      },
    ]
  },
}

/** float32, and other elements of 4 bytes that are replaced. */
export const scatterBlocks: Encoder<ScatterBlocksCall> = {
  supports: ({ input, indices, output, reduction }) =>
    (input.dtype === 'float32' || (reduction === 'none' && isWord(input))) && isIndex(indices) && isAddressable(output),
  encode(call, { addressOf }) {
    const { input, indices, updates, output, reduction } = call
    const addresses = [addressOf(input), addressOf(indices), addressOf(updates), addressOf(output)] as const
    const words = { addresses, reduction: REDUCTIONS[reduction], elements: elementCount(output.shape) }
    return [{ opcode: codes.OP_SCATTER_BLOCKS, words: wordsOf(call, words), scratchBytes: 0 }]
  },
}
