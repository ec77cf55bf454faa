import type { QuantizeCall, ResampleCall } from '../../kernel-calls'
import { OP_DEQUANTIZE, OP_QUANTIZE, OP_RESAMPLE } from '../opcodes'
import { floatWord, piecesOf, type Command, type EncodeContext, type Encoder } from './command'

export const resample: Encoder<ResampleCall> = {
  supports: ({ input, output }) => input.dtype === 'float32' && output.dtype === 'float32',
  encode(call, { addressOf }) {
    const { outer, size, newSize, inner, taps, indices, weights } = call
    // tap after tap, so that neighbouring outputs stand side by side
    const byTap = (table: readonly number[]) =>
      table.map((_, i) => table[(i % newSize) * taps + Math.floor(i / newSize)] as number)
    const tables = [...byTap(indices), ...byTap(weights).map(floatWord)]
    const [input, output] = [addressOf(call.input), addressOf(call.output)]
    return piecesOf(outer, newSize * inner * taps).map(([from, to]): Command => {
      const start = [input + from * size * inner * 4, output + from * newSize * inner * 4]
      return {
        opcode: OP_RESAMPLE,
        words: [...start, to - from, size, newSize, inner, taps, ...tables],
        scratchBytes: 0,
      }
    })
  },
}

/** In the order of the kernel's type numbers. */
const INTEGERS = ['uint8', 'int8', 'int32', 'uint16', 'int16'] as const
const BYTES = [1, 1, 4, 2, 2] as const

type Integer = (typeof INTEGERS)[number]

const typeOf = (dtype: string): number => INTEGERS.indexOf(dtype as Integer)

export const quantizeLinear: Encoder<QuantizeCall> = {
  supports({ input, output, scale, zeroPoint, block, precision }) {
    if (block !== undefined || precision !== undefined) return false
    const type = typeOf(output.dtype)
    const isAlike = !zeroPoint || zeroPoint.dtype === output.dtype
    return input.dtype === 'float32' && scale.dtype === 'float32' && type >= 0 && type !== 2 && isAlike
  },
  encode(call, context) {
    const type = typeOf(call.output.dtype)
    return encodeQuantize(call, context, OP_QUANTIZE, 4, BYTES[type] ?? 1, type)
  },
}

export const dequantizeLinear: Encoder<QuantizeCall> = {
  supports({ input, output, scale, zeroPoint, block }) {
    const isAlike = !zeroPoint || zeroPoint.dtype === input.dtype
    return (
      block === undefined &&
      output.dtype === 'float32' &&
      scale.dtype === 'float32' &&
      typeOf(input.dtype) >= 0 &&
      isAlike
    )
  },
  encode(call, context) {
    const type = typeOf(call.input.dtype)
    return encodeQuantize(call, context, OP_DEQUANTIZE, BYTES[type] ?? 1, 4, type)
  },
}

function encodeQuantize(
  call: QuantizeCall,
  { addressOf }: EncodeContext,
  opcode: number,
  inputBytes: number,
  outputBytes: number,
  type: number,
): readonly Command[] {
  const { zeroPoint } = call
  const [input, scale, output] = [call.input, call.scale, call.output].map(addressOf) as [number, number, number]
  const zero = zeroPoint ? addressOf(zeroPoint) : 0
  // one channel is one long row
  const isOne = call.channels === 1
  const [outer, inner] = isOne ? [1, call.outer * call.inner] : [call.outer, call.inner]
  const slab = call.channels * inner
  return piecesOf(outer, slab * 2).map(([from, to]): Command => {
    const words = [input + from * slab * inputBytes, scale, zero, output + from * slab * outputBytes]
    return { opcode, words: [...words, to - from, call.channels, inner, type], scratchBytes: 0 }
  })
}
