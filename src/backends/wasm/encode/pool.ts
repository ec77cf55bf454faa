import type { MaxPoolGradientCall, PoolCall } from '../../kernel-calls'
import { OP_MAX_POOL_GRADIENT, OP_POOL } from '../opcodes'
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

export const maxPoolGradient: Encoder<MaxPoolGradientCall> = {
  supports: ({ input, gradient, output, axes }) =>
    [input, gradient, output].every(({ dtype }) => dtype === 'float32') && axes.length <= 3,
  encode({ input, gradient, output, planes, axes }, { addressOf }) {
    const [inSize, outSize] = [volumeOf(axes, 'input'), volumeOf(axes, 'output')]
    return piecesOf(planes, outSize * volumeOf(axes, 'kernel') + inSize).map(([from, to]) => ({
      opcode: OP_MAX_POOL_GRADIENT,
      words: [
        addressOf(input) + from * inSize * 4,
        addressOf(gradient) + from * outSize * 4,
        addressOf(output) + from * inSize * 4,
        to - from,
        ...windowWords(axes),
      ],
      scratchBytes: 0,
    }))
  },
}
