import type { ConvWeightGradientCall, Window } from '../../kernel-calls'
import { OP_CONV_WEIGHT } from '../opcodes'
import { piecesOf, type Encoder } from './command'
import { volumeOf, windowWords } from './windows'

/** A panel of 256 rows of 16, and 3 rows beyond: assembly/conv-weight.ts. */
const PANEL_BYTES = (256 + 3) * 16 * 4
/** Up to so many output channels of a group are summed one by one: assembly/conv-weight.ts. */
const FEW_CHANNELS = 2

/** Some images per command; all but the first add to what those before them found. */
export const convWeightGradient: Encoder<ConvWeightGradientCall> = {
  supports: ({ input, gradient, output, axes }) =>
    [input, gradient, output].every(({ dtype }) => dtype === 'float32') && axes.length <= 3,
  encode({ input, gradient, output, batch, groups, inPerGroup, outPerGroup, axes }, { addressOf }) {
    const weights = inPerGroup * volumeOf(axes, 'kernel')
    const inBytes = groups * inPerGroup * volumeOf(axes, 'input') * 4
    const outBytes = groups * outPerGroup * volumeOf(axes, 'output') * 4
    const columns = outPerGroup <= FEW_CHANNELS ? outPerGroup : Math.ceil(outPerGroup / 16) * 16
    const padded = inPerGroup * axes.reduce((volume, axis) => volume * reachOf(axis), 1)
    // a vector is read beyond the image
    const scratchBytes = PANEL_BYTES + 4 * (weights * columns + padded) + 64
    const cost = weights * (outBytes / 4)
    return piecesOf(batch, cost).map(([from, to], i) => ({
      opcode: OP_CONV_WEIGHT,
      words: [
        addressOf(input) + from * inBytes,
        addressOf(gradient) + from * outBytes,
        addressOf(output),
        to - from,
        ...[inPerGroup, outPerGroup, groups, Number(i > 0)],
        ...windowWords(axes),
      ],
      scratchBytes,
    }))
  },
}

/** Elements from the first to the last that windows see. */
const reachOf = ({ output, stride, kernel, dilation }: Window): number =>
  (output - 1) * stride + (kernel - 1) * dilation + 1
