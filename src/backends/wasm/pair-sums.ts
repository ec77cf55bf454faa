import type { Bytes } from '../../core/bytes'
import { DeviceError } from '../../core/errors'
import { canSaturate, type Columns, type PairProduct, type PairResult, type PairSums } from '../pair-sums'

interface Kernels {
  readonly memory: WebAssembly.Memory
  gather(source: number, starts: number, offsets: number, panels: number, places: number, depth: number): void
  multiply(
    panels: number,
    weights: number,
    ends: number,
    sums: number,
    panelCount: number,
    outputs: number,
    pairs: number,
    stride: number,
  ): number
}

interface Stored {
  /** Addresses of the weights, and of where each output's risks end. */
  readonly at: number
  readonly endsAt: number
  readonly outputs: number
  readonly depth: number
  readonly pairs: number
}

/** Addresses below are left to the module. */
const BASE = 4096
const PAGE_BYTES = 65_536
const PANEL = 8
/** Panels that are filled at once: they stay in the second-level cache while all outputs read them. */
const PANELS_BYTES = 256 * 1024

/**
 * The SIMD kernels. Their memory holds the weights of all loaded layers, and one call's columns and sums behind them.
 * @param bytes the module built from assembly/pair-sums.ts
 * @throws DeviceError where the platform has no WASM SIMD
 */
export async function createWasmPairSums(bytes: Bytes): Promise<PairSums> {
  try {
    const instance = await WebAssembly.instantiate(await WebAssembly.compile(bytes), {})
    return new WasmPairSums(instance.exports as unknown as Kernels)
  } catch (error) {
    throw new DeviceError(`The kernels of the simulated processor could not be loaded (${String(error)}).`)
  }
}

class WasmPairSums implements PairSums {
  readonly name = 'wasm'
  readonly #kernels: Kernels
  #end = BASE

  constructor(kernels: Kernels) {
    this.#kernels = kernels
  }

  load(weights: Int16Array, outputs: number, isExact = false): PairProduct {
    const depth = weights.length / outputs
    const pairs = Math.ceil(depth / 2)
    const words = pairWords(weights, outputs, depth)
    const risks = risksOf(isExact ? new Int32Array(words.length) : words, outputs, pairs)
    const places = this.#keep([words.length, risks.entries.length, outputs + 1])
    const [at, riskAt, endsAt] = places as [number, number, number]
    const view = new Int32Array(this.#kernels.memory.buffer)
    view.set(words, at / 4)
    view.set(risks.entries, riskAt / 4)
    view.set(
      risks.ends.map((end) => riskAt + end * 4),
      endsAt / 4,
    )
    const stored = { at, endsAt, outputs, depth, pairs }
    return { outputs, depth, multiply: (columns) => this.#multiply(columns, stored) }
  }

  #multiply({ source, starts, offsets }: Columns, { at, endsAt, outputs, depth, pairs }: Stored): PairResult {
    const places = starts.length
    const panelCount = Math.ceil(places / PANEL)
    const stride = panelCount * PANEL
    const most = Math.max(1, Math.floor(PANELS_BYTES / (pairs * PANEL * 4)))
    const [sourceAt, startsAt, offsetsAt, panelsAt, sumsAt] = this.#reserve([
      Math.ceil(source.length / 4),
      places,
      depth,
      Math.min(most, panelCount) * PANEL * pairs,
      stride * outputs,
    ]) as [number, number, number, number, number]
    const { buffer } = this.#kernels.memory
    new Uint8Array(buffer).set(source, sourceAt)
    const view = new Int32Array(buffer)
    view.set(starts, startsAt / 4)
    view.set(offsets, offsetsAt / 4)
    let saturated = 0
    for (let first = 0; first < panelCount; first += most) {
      const panels = Math.min(most, panelCount - first)
      const from = first * PANEL
      this.#kernels.gather(
        sourceAt,
        startsAt + from * 4,
        offsetsAt,
        panelsAt,
        Math.min(places - from, panels * PANEL),
        depth,
      )
      saturated += this.#kernels.multiply(panelsAt, at, endsAt, sumsAt + from * 4, panels, outputs, pairs, stride * 4)
    }
    return { sums: new Int32Array(buffer, sumsAt, stride * outputs), stride, saturated }
  }

  /** Room that stays. */
  #keep(words: readonly number[]): number[] {
    const places = this.#reserve(words)
    this.#end = places.at(-1)! + aligned(words.at(-1)! * 4)
    return places
  }

  /** Room until the next call. */
  #reserve(words: readonly number[]): number[] {
    let end = this.#end
    const places = words.map((count) => {
      const at = end
      end += aligned(count * 4)
      return at
    })
    const { memory } = this.#kernels
    const missing = end - memory.buffer.byteLength
    if (missing > 0) memory.grow(Math.ceil(missing / PAGE_BYTES))
    return places
  }

  dispose(): void {
    // the memory goes with the object
  }
}

const aligned = (bytes: number): number => Math.ceil(bytes / 16) * 16

/** [outputs, pairs] words of two 16-bit weights; the odd one out stands beside a zero. */
function pairWords(weights: Int16Array, outputs: number, depth: number): Int32Array {
  const pairs = Math.ceil(depth / 2)
  const words = new Int32Array(outputs * pairs)
  for (let o = 0; o < outputs; o++) {
    for (let k = 0; k < depth; k++) {
      const half = (weights[o * depth + k]! & 0xffff) << (k % 2 === 0 ? 0 : 16)
      words[o * pairs + (k >> 1)]! |= half
    }
  }
  return words
}

/** Of each output the pairs that can saturate: where the pair lies in a panel (bytes), and its word. */
function risksOf(words: Int32Array, outputs: number, pairs: number) {
  const entries: number[] = []
  const ends = [0]
  for (let o = 0; o < outputs; o++) {
    for (let pair = 0; pair < pairs; pair++) {
      const word = words[o * pairs + pair]!
      if (canSaturate((word << 16) >> 16, word >> 16)) entries.push(pair * PANEL * 4, word)
    }
    ends.push(entries.length)
  }
  return { entries: Int32Array.from(entries), ends: Int32Array.from(ends) }
}
