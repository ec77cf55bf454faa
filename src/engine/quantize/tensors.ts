import type { Backend, ChannelLayout } from '../../backends/backend'
import { elementCount } from '../../core/dtypes'
import { assert, UnsupportedError } from '../../core/errors'
import { CHUNK_ELEMENTS, floatChunks, readFloats } from '../../graph/float-data'
import type { LazyTensor, TensorData } from '../../graph/model'
import { segments } from '../../backends/segments'
import type { Parameters } from './parameters'

/**
 * Minimum and maximum of each channel, read piece by piece.
 * @throws UnsupportedError naming the first NaN or infinity
 */
export async function rangeOf(backend: Backend, tensor: LazyTensor, layout: ChannelLayout, signal?: AbortSignal) {
  const min = new Float32Array(layout.channels).fill(Infinity)
  const max = new Float32Array(layout.channels).fill(-Infinity)
  for await (const { start, values } of floatChunks(tensor, signal)) {
    for (const segment of segments(layout, start, values.length)) {
      const from = segment.start - start
      const part = await backend.minMax(values.subarray(from, from + segment.count), segment.layout)
      if (part.firstNonFinite >= 0) {
        const value = values[from + part.firstNonFinite] as number
        throw nonFinite(tensor, segment.start + part.firstNonFinite, value)
      }
      for (let i = 0; i < segment.layout.channels; i++) {
        const channel = segment.channel + i
        min[channel] = Math.min(min[channel] as number, part.min[i] as number)
        max[channel] = Math.max(max[channel] as number, part.max[i] as number)
      }
    }
  }
  return { min, max }
}

function nonFinite(tensor: LazyTensor, index: number, value: number): UnsupportedError {
  const position: number[] = []
  let rest = index
  for (const size of [...tensor.shape].reverse()) {
    position.unshift(rest % size)
    rest = Math.floor(rest / size)
  }
  return new UnsupportedError(
    `Tensor "${tensor.name}" holds ${value} at [${position.join(', ')}] (element ${index}). Weights must be finite to be ` +
      `quantized. Train or export the model again, or leave the tensor out with exclude=${tensor.name}.`,
  )
}

/** The quantized elements, made from the source whenever they are read: nothing but the piece asked for is held. */
export function quantizedData(backend: Backend, tensor: LazyTensor, parameters: Parameters): TensorData {
  return {
    sizeBytes: elementCount(tensor.shape),
    async read(offset, length) {
      const bytes = new Uint8Array(length)
      for (let at = 0; at < length; at += CHUNK_ELEMENTS) {
        const count = Math.min(CHUNK_ELEMENTS, length - at)
        const values = await readFloats(tensor, offset + at, count)
        bytes.set(await quantizeRange(backend, values, offset + at, parameters), at)
      }
      return bytes
    },
  }
}

/** Quantizes `values`, which stand at flat index `start` of the tensor. */
async function quantizeRange(backend: Backend, values: Float32Array, start: number, parameters: Parameters) {
  const bytes = new Uint8Array(values.length)
  for (const segment of segments(parameters.layout, start, values.length)) {
    const from = segment.start - start
    const part = values.subarray(from, from + segment.count)
    bytes.set(await backend.quantize(part, { ...channelsOf(parameters, segment), dtype: byteTypeOf(parameters) }), from)
  }
  return bytes
}

function channelsOf(parameters: Parameters, segment: { channel: number; layout: ChannelLayout }) {
  const end = segment.channel + segment.layout.channels
  return {
    layout: segment.layout,
    scale: parameters.scale.slice(segment.channel, end),
    reciprocal: parameters.reciprocal.slice(segment.channel, end),
    zeroPoint: parameters.zeroPoint.slice(segment.channel, end),
  }
}

/**
 * Signal to quantization noise of the whole tensor in dB: 10·log10(Σx² / Σ(x − x̂)²); null where it is exact.
 * Summed in f64 in the order of the elements, so that it decides the same on every backend.
 */
export async function measureSqnrDb(
  backend: Backend,
  tensor: LazyTensor,
  parameters: Parameters,
  signal?: AbortSignal,
): Promise<number | null> {
  let power = 0
  let noise = 0
  for await (const { start, values } of floatChunks(tensor, signal)) {
    for (const segment of segments(parameters.layout, start, values.length)) {
      const from = segment.start - start
      const part = values.subarray(from, from + segment.count)
      const channels = { ...channelsOf(parameters, segment), dtype: byteTypeOf(parameters) }
      const back = await backend.dequantize(await backend.quantize(part, channels), channels)
      for (let i = 0; i < part.length; i++) {
        const x = part[i] as number
        const error = x - (back[i] as number)
        power += x * x
        noise += error * error
      }
    }
  }
  return noise === 0 ? null : 10 * Math.log10(power / noise)
}

/** What the kernels make: one byte each. */
function byteTypeOf({ type, dtype }: Parameters): 'int8' | 'uint8' {
  assert(type.bits <= 8, `${dtype} is not made of bytes`)
  return type.isSigned ? 'int8' : 'uint8'
}
