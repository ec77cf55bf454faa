/** Ranges and histograms of inner values over many samples, each run once: what static quantization chooses its scales by. */
import type { Look } from '../backends/observe'
import type { HostArray } from '../core/host-array'
import { AVERAGE_RATE, ValueAccumulator } from './observers/accumulate'
import { BINS } from './observers/ladder'
import type { ValueStatistics } from './observers/observer'
import type { EngineSession, Feeds } from './session'

export interface CalibrateOptions {
  /** Names of float values in the main graph. */
  readonly values: readonly string[]
  /** Whether histograms are wanted as well. */
  readonly counts?: boolean
  /** Weight of the newest sample in moving averages; default 0.01. */
  readonly rate?: number
  /** Names of outputs that are inputs of the next sample, each with the input's name. */
  readonly state?: ReadonlyMap<string, string>
  readonly signal?: AbortSignal
  readonly onSample?: (done: number) => void
}

export interface Calibration {
  /** Machines round sums otherwise than each other: ranges are those of this one. */
  readonly machine: string
  readonly samples: number
  readonly values: ReadonlyMap<string, ValueStatistics>
  /** Values that are NaN or infinite in a sample, and so have no range: the first sample, counted from 1. */
  readonly nonFinite: ReadonlyMap<string, number>
}

/** What is calibrated: a session of the engine, or one of onnxruntime that observes. */
export type Observable = Pick<EngineSession, 'machine' | 'observe'>

/**
 * Runs every sample once, the first twice, and further ones where a value leaves its bins. Memory does not depend on the number
 * of samples.
 * @throws AbortError; what `observe` of the session throws
 */
export async function calibrate(
  session: Observable,
  samples: Iterable<Feeds> | AsyncIterable<Feeds>,
  options: CalibrateOptions,
): Promise<Calibration> {
  const run = new CalibrationRun(session, options)
  for await (const feeds of samples) {
    await run.add(feeds)
    options.onSample?.(run.samples)
  }
  return run.result
}

class CalibrationRun {
  readonly #session: Observable
  readonly #options: CalibrateOptions
  readonly #values: Map<string, ValueAccumulator>
  readonly #nonFinite = new Map<string, number>()
  #carried: ReadonlyMap<string, HostArray> = new Map()
  samples = 0

  constructor(session: Observable, options: CalibrateOptions) {
    this.#session = session
    this.#options = options
    this.#values = new Map(options.values.map((name) => [name, new ValueAccumulator(options.rate ?? AVERAGE_RATE)]))
  }

  async add(given: Feeds): Promise<void> {
    this.samples++
    const { counts, state = new Map() } = this.#options
    const feeds = new Map([...given, ...this.#carried])
    const found = await this.#look(feeds, this.#looks())
    this.#carried = new Map([...state].map(([output, input]) => [input, found.get(output)!.value!]))
    const moved = new Map<string, readonly Look[]>()
    for (const [name, value] of [...this.#values]) {
      const { range, counts: inBins } = found.get(name)!
      if (range!.firstNonFinite >= 0) {
        this.#nonFinite.set(name, this.samples)
        this.#values.delete(name)
        continue
      }
      value.addRange(range!)
      if (!counts) continue
      if (value.makeRoom()) moved.set(name, [histogramOf(value)])
      else value.addCounts(inBins!)
    }
    if (moved.size === 0) return
    for (const [name, { counts: inBins }] of await this.#look(feeds, moved)) {
      this.#values.get(name)!.addCounts(inBins!)
    }
  }

  get result(): Calibration {
    return {
      machine: this.#session.machine,
      samples: this.samples,
      values: new Map([...this.#values].map(([name, value]) => [name, value.statistics])),
      nonFinite: this.#nonFinite,
    }
  }

  /** In the order of the values, so that plans are found again. */
  #looks(): Map<string, readonly Look[]> {
    const looks = new Map<string, readonly Look[]>()
    for (const [name, value] of this.#values) looks.set(name, value.at ? [RANGE, histogramOf(value)] : [RANGE])
    for (const output of this.#options.state?.keys() ?? []) looks.set(output, [...(looks.get(output) ?? []), VALUE])
    return looks
  }

  #look(feeds: Feeds, looks: ReadonlyMap<string, readonly Look[]>) {
    const { signal } = this.#options
    return this.#session.observe(feeds, looks, { ...(signal && { signal }) })
  }
}

const RANGE: Look = { type: 'range' }
const VALUE: Look = { type: 'value' }

const histogramOf = ({ at }: ValueAccumulator): Look => ({ type: 'histogram', bins: BINS, at: at! })
