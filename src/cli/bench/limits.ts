/** What this machine can do at best, measured the way the engine computes: WASM with 128-bit SIMD, on one core. */
import { hasRelaxedSimd } from '../../backends/wasm/engine-module'

export interface Limits {
  /** Read plus written, of a copy that is far larger than the caches. */
  readonly bytesPerSecond: number
  /** A multiply-add counts two. */
  readonly flopsPerSecond: number
}

export const measureLimits = async (): Promise<Limits> => ({
  bytesPerSecond: measureBandwidth(),
  flopsPerSecond: await measurePeak(),
})

const COPIED_BYTES = 64 * 2 ** 20
const ROUNDS = 7

function measureBandwidth(): number {
  const from = new Uint8Array(COPIED_BYTES).fill(1)
  const to = new Uint8Array(COPIED_BYTES)
  return (2 * COPIED_BYTES) / bestSeconds(() => to.set(from))
}

/** The best of some rounds: what disturbs only ever makes slower. */
function bestSeconds(work: () => void): number {
  let best = Infinity
  for (let round = 0; round <= ROUNDS; round++) {
    const start = performance.now()
    work()
    // the first one warms up
    if (round > 0) best = Math.min(best, performance.now() - start)
  }
  return best / 1000
}

/** Enough independent sums to hide the latency of an addition behind those of the others; they and two factors fit 16 registers. */
const SUMS = 12
const LANES = 4
const STEPS = 1_000_000

async function measurePeak(): Promise<number> {
  const module = await WebAssembly.compile(peakModule(hasRelaxedSimd()))
  const instance = await WebAssembly.instantiate(module)
  const run = instance.exports['run'] as (steps: number) => number
  return (2 * LANES * SUMS * STEPS) / bestSeconds(() => void run(STEPS))
}

const V128 = 0x7b
const SIMD = 0xfd
const F32X4 = {
  splat: [SIMD, 0x13],
  lane0: [SIMD, 0x1f, 0],
  add: [SIMD, 0xe4, 1],
  mul: [SIMD, 0xe6, 1],
  madd: [SIMD, 0x85, 2],
}
const get = (local: number) => [0x20, local]
const set = (local: number) => [0x21, local]
const f32 = (value: number) => [0x43, ...new Uint8Array(Float32Array.of(value).buffer)]

/** run(steps): sum = sum · factor + term, for twelve vectors at once; fused where the platform has relaxed SIMD. */
export function peakModule(isRelaxed: boolean): Uint8Array<ArrayBuffer> {
  const sums = Array.from({ length: SUMS }, (_, i) => i + 1)
  const [factor, term] = [SUMS + 1, SUMS + 2]
  const step = (sum: number) =>
    isRelaxed
      ? [...get(sum), ...get(factor), ...get(term), ...F32X4.madd, ...set(sum)]
      : [...get(sum), ...get(factor), ...F32X4.mul, ...get(term), ...F32X4.add, ...set(sum)]
  const body = [
    ...[1, SUMS + 2, V128],
    ...[...f32(0.5), ...F32X4.splat, ...set(factor)],
    ...[...f32(0.75), ...F32X4.splat, ...set(term)],
    ...[0x03, 0x40, ...sums.flatMap(step)],
    // steps - 1, again while it is not 0
    ...[...get(0), 0x41, 1, 0x6b, 0x22, 0, 0x0d, 0, 0x0b],
    ...get(1),
    ...sums.slice(1).flatMap((sum) => [...get(sum), ...F32X4.add]),
    ...[...F32X4.lane0, 0x0b],
  ]
  const code = [1, ...sized(body)]
  return Uint8Array.from([
    ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...[1, ...sized([1, 0x60, 1, 0x7f, 1, 0x7d])],
    ...[3, ...sized([1, 0])],
    ...[7, ...sized([1, 3, 0x72, 0x75, 0x6e, 0, 0])],
    ...[10, ...sized(code)],
  ])
}

/** Bytes behind their count, in base 128. */
function sized(bytes: readonly number[]): number[] {
  const { length } = bytes
  return length < 128 ? [length, ...bytes] : [(length & 127) | 128, length >> 7, ...bytes]
}
