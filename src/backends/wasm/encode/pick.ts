import { elementCount, type KnownDType } from '../../../core/dtypes'
import { slotBytes } from '../../../core/host-array'
import type { OneHotCall } from '../../place-calls'
import type { PickCall } from '../../row-calls'
import { OP_ONE_HOT, OP_PICK } from '../opcodes'
import { piecesOf, type Encoder } from './command'

const isIndex = (dtype: KnownDType): boolean => dtype === 'int32' || dtype === 'int64'
const bytesOf = (dtype: KnownDType): number => slotBytes(dtype) as number

export const pick: Encoder<PickCall> = {
  supports: ({ input, indices, output }) =>
    input.dtype === 'float32' &&
    output.dtype === 'float32' &&
    isIndex(indices.dtype) &&
    elementCount(input.shape) < 2 ** 30,
  encode({ input, indices, output, outer, size, inner, strides, ignored }, { addressOf }) {
    const head = [addressOf(input), addressOf(indices), addressOf(output), bytesOf(indices.dtype), size, inner]
    const tail = [strides.outer, strides.size, strides.inner, Number(ignored !== undefined), ignored ?? 0]
    return piecesOf(outer * inner, 8).map(([from, to]) => ({
      opcode: OP_PICK,
      words: [...head, ...tail, from, to],
      scratchBytes: 0,
    }))
  },
}

export const oneHot: Encoder<OneHotCall> = {
  supports: ({ input, output }) =>
    isIndex(input.dtype) && slotBytes(output.dtype) === 4 && elementCount(output.shape) < 2 ** 30,
  encode({ input, values, output, outer, size, inner }, { addressOf }) {
    const bytes = bytesOf(input.dtype)
    return piecesOf(outer, size * inner).map(([from, to]) => ({
      opcode: OP_ONE_HOT,
      words: [
        addressOf(input) + from * inner * bytes,
        bytes,
        addressOf(values),
        addressOf(output) + from * size * inner * 4,
        ...[to - from, size, inner],
      ],
      scratchBytes: 0,
    }))
  },
}
