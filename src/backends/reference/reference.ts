import { roundHalfEven } from '../../core/tensor'
import type {
  Backend,
  ChannelLayout,
  DequantizeParameters,
  HistogramParameters,
  KernelInteger,
  MinMax,
  QuantizeParameters,
} from '../backend'
import { checkDequantize, checkHistogram, checkLayout, checkQuantize, INTEGER_LIMITS } from '../layout'

const ARRAY = {
  int8: Int8Array,
  uint8: Uint8Array,
  int16: Int16Array,
  uint16: Uint16Array,
} as const satisfies Record<KernelInteger, unknown>

/** The truth: plain and slow, one element at a time. */
export const referenceBackend: Backend = {
  name: 'reference',

  async minMax(values, layout): Promise<MinMax> {
    checkLayout(values.length, layout)
    const min = new Float32Array(layout.channels).fill(Infinity)
    const max = new Float32Array(layout.channels).fill(-Infinity)
    let firstNonFinite = -1
    for (let i = 0; i < values.length; i++) {
      const value = values[i] as number
      if (!Number.isFinite(value) && firstNonFinite === -1) firstNonFinite = i
      const channel = channelOf(i, layout)
      min[channel] = Math.min(min[channel] as number, value)
      max[channel] = Math.max(max[channel] as number, value)
    }
    if (values.length === 0) {
      min.fill(0)
      max.fill(0)
    }
    return { min: min.map(plusZero), max: max.map(plusZero), firstNonFinite }
  },

  async quantize(values, parameters: QuantizeParameters) {
    checkQuantize(values.length, parameters)
    const { layout, reciprocal, zeroPoint, dtype, limits } = parameters
    const { low, high } = limits ?? INTEGER_LIMITS[dtype]
    const result = new ARRAY[dtype](values.length)
    for (let i = 0; i < values.length; i++) {
      const channel = channelOf(i, layout)
      const scaled = Math.fround((values[i] as number) * (reciprocal[channel] as number))
      const q = roundHalfEven(scaled) + (zeroPoint[channel] as number)
      // Not Math.max: NaN takes the low edge, as it does in the vector kernels.
      result[i] = q >= low ? Math.min(q, high) : low
    }
    return new Uint8Array(result.buffer)
  },

  async dequantize(quantized, parameters: DequantizeParameters) {
    checkDequantize(quantized.length, parameters)
    const { layout, scale, zeroPoint, dtype } = parameters
    const integers = new ARRAY[dtype](quantized.slice().buffer)
    const result = new Float32Array(integers.length)
    for (let i = 0; i < integers.length; i++) {
      const channel = channelOf(i, layout)
      const q = integers[i] as number
      result[i] = Math.fround((q - (zeroPoint[channel] as number)) * (scale[channel] as number))
    }
    return result
  },

  async fakeQuantize(values, parameters) {
    return this.dequantize(await this.quantize(values, parameters), parameters)
  },

  async histogram(values, parameters: HistogramParameters) {
    checkHistogram(values.length, parameters)
    const { layout, bins, reciprocal, first } = parameters
    const counts = new Uint32Array(layout.channels * bins)
    for (let i = 0; i < values.length; i++) {
      if (!Number.isFinite(values[i])) continue
      const channel = channelOf(i, layout)
      const steps = roundHalfEven(Math.fround((values[i] as number) * (reciprocal[channel] as number)))
      const bin = Math.min(bins - 1, Math.max(0, steps - (first[channel] as number)))
      counts[channel * bins + bin] = (counts[channel * bins + bin] as number) + 1
    }
    return counts
  },

  async pack(values, bits) {
    const perByte = 8 / bits
    const result = new Uint8Array(Math.ceil(values.length / perByte))
    const mask = (1 << bits) - 1
    for (let i = 0; i < values.length; i++) {
      const at = Math.floor(i / perByte)
      result[at] = (result[at] as number) | (((values[i] as number) & mask) << ((i % perByte) * bits))
    }
    return result
  },
}

function channelOf(index: number, layout: ChannelLayout): number {
  return Math.floor(index / layout.inner) % layout.channels
}

/** -0 → +0: which of the two a minimum is depends on the order of comparison. */
function plusZero(value: number): number {
  return value + 0
}
