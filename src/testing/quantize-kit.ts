/** Backends, layouts and values for tests of quantizing. Not part of the product. */
import { createBackend } from '../backends'
import type { Backend, ChannelLayout, KernelInteger, Limits } from '../backends/backend'
import { INTEGER_LIMITS } from '../backends/layout'
import { CHUNK_ELEMENTS } from '../backends/wasm/wasm'
import type { Gpu } from '../backends/webgpu/device'
import { createWebgpuBackend } from '../backends/webgpu/quantize'
import { Random } from '../core/random'
import { loadQuantizeWasm } from './backends'
import { testGpu } from './webgpu-device'

export const NAMES = ['reference', 'wasm', 'webgpu', 'webgpu in pieces, bounds checked'] as const
export const OTHERS = NAMES.filter((name) => name !== 'reference')

/** Every backend by its name; the caller disposes. */
export async function openBackends() {
  const backends = new Map<string, Backend>()
  for (const name of ['reference', 'wasm'] as const) {
    backends.set(name, (await createBackend(name, loadQuantizeWasm)).backend)
  }
  const gpus: Gpu[] = [await testGpu(), await testGpu({ robust: true, features: false })]
  backends.set('webgpu', await createWebgpuBackend(gpus[0]!))
  backends.set('webgpu in pieces, bounds checked', await createWebgpuBackend(gpus[1]!, 6400))
  return {
    get: (name: string) => backends.get(name) as Backend,
    dispose: () => gpus.forEach((gpu) => gpu.dispose()),
  }
}

/** Sizes that miss every vector width, rows that fit no chunk, and both fast paths. */
export const LAYOUTS: ChannelLayout[] = [
  { outer: 1, channels: 1, inner: 1 },
  { outer: 3, channels: 1, inner: 37 },
  { outer: 101, channels: 1, inner: 1 },
  { outer: 1, channels: 5, inner: 1 },
  { outer: 19, channels: 7, inner: 1 },
  { outer: 3, channels: 16, inner: 1 },
  { outer: 2, channels: 7, inner: 2 },
  { outer: 5, channels: 3, inner: 3 },
  { outer: 3, channels: 5, inner: 4 },
  { outer: 1, channels: 9, inner: 9 },
  { outer: 2, channels: 3, inner: 15 },
  { outer: 1, channels: 4, inner: 16 },
  { outer: 3, channels: 5, inner: 33 },
  { outer: 0, channels: 4, inner: 3 },
  { outer: 2, channels: 3, inner: 0 },
  // beyond one chunk: many rows, one long row, rows longer than a chunk, more channels than a chunk
  { outer: 1, channels: 211, inner: 499 },
  { outer: 1, channels: 1, inner: 2 * CHUNK_ELEMENTS + 13 },
  { outer: 1, channels: 3, inner: CHUNK_ELEMENTS + 5 },
  { outer: 1201, channels: 83, inner: 1 },
  { outer: 2, channels: CHUNK_ELEMENTS + 3, inner: 1 },
]
export const label = ({ outer, channels, inner }: ChannelLayout) => `[${outer}, ${channels}, ${inner}]`
export const sizeOf = ({ outer, channels, inner }: ChannelLayout) => outer * channels * inner

/** Weights of different spread per channel: every seventh channel zero, some outliers, ±0 and denormals. */
export function weights(layout: ChannelLayout, seed: number): Float32Array<ArrayBuffer> {
  const random = new Random(seed)
  const special = [0, -0, 1e-45, -1e-45, 1e-39, -2.5e-40, 3e38, -3e38, 127.5, -128.5, 0.5, -0.5]
  return Float32Array.from({ length: sizeOf(layout) }, (_, i) => {
    const channel = Math.floor(i / layout.inner) % layout.channels
    if (channel % 7 === 3) return 0
    if (random.below(23) === 0) return special[random.below(special.length)] as number
    return random.normal() * (channel + 1) * 0.37 + 0.11
  })
}

/** Asymmetric parameters, a different pair per channel. */
export function parametersFor(layout: ChannelLayout, dtype: KernelInteger, limits: Limits = INTEGER_LIMITS[dtype]) {
  const each = <T>(from: (c: number) => T) => Array.from({ length: layout.channels }, (_, c) => from(c))
  const { low, high } = limits
  const scale = new Float32Array(each((c) => (0.013 * ((c % 11) + 1) * 255) / (high - low)))
  const zeroPoint = new Int32Array(each((c) => low + ((c * 97 + 5) % (high - low + 1))))
  return { layout, dtype, limits, scale, reciprocal: scale.map((s) => 1 / s), zeroPoint }
}

/** Bins of another width and place per channel; values lie outside, too. */
export function histogramFor(layout: ChannelLayout) {
  const each = <T>(from: (c: number) => T) => Array.from({ length: layout.channels }, (_, c) => from(c))
  return {
    ...{ layout, bins: 37, reciprocal: new Float32Array(each((c) => 17.3 / ((c % 11) + 1))) },
    first: new Int32Array(each((c) => (c % 5) - 20)),
  }
}

export const oneChannel = (inner: number) => ({ outer: 1, channels: 1, inner })
