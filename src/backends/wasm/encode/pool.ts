import type { PoolCall } from '../../kernel-calls'
import { OP_POOL } from '../opcodes'
import { piecesOf, type Encoder } from './command'
import { volumeOf, windowWords } from './windows'

export const pool: Encoder<PoolCall> = {
  supports: ({ input, output, axes, type }) =>
    input.dtype === 'float32' && output.dtype === 'float32' && axes.length <= 3 && type !== 'norm',
  encode({ input, output, planes, axes, type, countsPadding, padEnds }, { addressOf }) {
    const [inSize, outSize] = [volumeOf(axes, 'input'), volumeOf(axes, 'output')]
    const ends = [0, 0, 0, ...padEnds].slice(-3)
    return piecesOf(planes, outSize * volumeOf(axes, 'kernel')).map(([from, to]) => ({
      opcode: OP_POOL,
      words: [
        addressOf(input) + from * inSize * 4,
        addressOf(output) + from * outSize * 4,
        to - from,
        Number(type === 'average'),
        Number(countsPadding),
        ...ends,
        ...windowWords(axes),
      ],
      scratchBytes: 0,
    }))
  },
}
