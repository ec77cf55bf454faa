import type { Backend } from '../../backends/backend'
import { scalePieces, type ScaleLayout } from '../../backends/blocks'
import { bitsOf, elementCount, storageBytes } from '../../core/dtypes'
import { UnsupportedError } from '../../core/errors'
import { CHUNK_ELEMENTS, floatChunks, readFloats } from '../../graph/float-data'
import type { LazyTensor, TensorData } from '../../graph/model'
import type { Parameters } from './parameters'
import { backendFor, fakeQuantizeAt, quantizeAt, stored } from './verbs'

/**
 * Minimum and maximum of the elements of each scale, read piece by piece.
 * @throws UnsupportedError naming the first NaN or infinity
 */
export async function rangeOf(backend: Backend, tensor: LazyTensor, layout: ScaleLayout, signal?: AbortSignal) {
  const min = new Float32Array(layout.channels).fill(Infinity)
  const max = new Float32Array(layout.channels).fill(-Infinity)
  for await (const { start, values } of floatChunks(tensor, signal)) {
    for (const segment of scalePieces(layout, start, values.length)) {
      const from = segment.start - start
      const by = backendFor(backend, segment, values.length)
      const part = await by.minMax(values.subarray(from, from + segment.count), segment.layout)
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
  const { dtype } = parameters
  const bits = bitsOf(dtype) as number
  const count = elementCount(tensor.shape)
  return {
    sizeBytes: storageBytes(dtype, count) as number,
    async read(offset, length) {
      const bytes = new Uint8Array(length)
      // From the element that holds the first byte to the one that holds the last
      const end = Math.min(count, Math.ceil(((offset + length) * 8) / bits))
      for (let at = Math.floor((offset * 8) / bits); at < end; at += CHUNK_ELEMENTS) {
        const values = await readFloats(tensor, at, Math.min(CHUNK_ELEMENTS, end - at))
        const piece = await stored(backend, await quantizeAt(backend, values, at, parameters), parameters)
        const from = (at * bits) / 8 - offset
        bytes.set(piece.subarray(Math.max(0, -from), length - from), Math.max(0, from))
      }
      return bytes
    },
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
    const back = await fakeQuantizeAt(backend, values, start, parameters)
    for (let i = 0; i < values.length; i++) {
      const x = values[i] as number
      const error = x - (back[i] as number)
      power += x * x
      noise += error * error
    }
  }
  return noise === 0 ? null : 10 * Math.log10(power / noise)
}
