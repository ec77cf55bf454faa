/** Ranges and histograms of inner values over many samples: what static quantization chooses its scales by. */
import { binsBetween, type Bins } from '../backends/histogram'
import type { Observer } from '../backends/observe'
import { UnsupportedError } from '../core/errors'
import type { EngineSession, Feeds } from './session'

export interface CalibrateOptions {
  /** Names of float values in the main graph. */
  readonly values: readonly string[]
  /** Bins of each histogram; without it there is no second pass. */
  readonly bins?: number
  readonly signal?: AbortSignal
  /** Runs of samples that are done; with histograms each sample runs twice. */
  readonly onSample?: (done: number) => void
}

export interface CalibratedValue {
  /** Over all samples; +0 for a value without elements. */
  readonly min: number
  readonly max: number
  /** [bins], summed over all samples; `at` says where the bins lie. */
  readonly counts?: Float64Array
  readonly at?: Bins
}

export interface Calibration {
  /** Machines round sums otherwise than each other: ranges are those of this one. */
  readonly machine: string
  readonly samples: number
  readonly values: ReadonlyMap<string, CalibratedValue>
}

/** What is calibrated: a session of the engine, or one of onnxruntime that observes (`openObserved`). */
export type Observable = Pick<EngineSession, 'machine' | 'observe'>

/**
 * @param samples called once per pass, with the same samples in the same order
 * @throws UnsupportedError naming a value that is NaN or infinite; AbortError; what `observe` of the session throws
 */
export async function calibrate(
  session: Observable,
  samples: () => Iterable<Feeds> | AsyncIterable<Feeds>,
  options: CalibrateOptions,
): Promise<Calibration> {
  const { signal, bins } = options
  let done = 0
  const pass = async (observers: ReadonlyMap<string, Observer>, see: (found: Found, sample: number) => void) => {
    let sample = 0
    for await (const feeds of samples()) {
      see(await session.observe(feeds, observers, { ...(signal && { signal }) }), ++sample)
      options.onSample?.(++done)
    }
    return sample
  }
  const values = new Map<string, CalibratedValue>(options.values.map((name) => [name, NOTHING]))
  const range: Observer = { type: 'range' }
  const count = await pass(new Map(options.values.map((name) => [name, range])), (found, sample) =>
    widen(values, found, sample),
  )
  for (const [name, { min, max }] of values) values.set(name, min > max ? { min: 0, max: 0 } : { min, max })
  if (bins !== undefined) {
    const observers = new Map(
      [...values].map(([name, { min, max }]) => [
        name,
        { type: 'histogram', bins, at: binsBetween(min, max, bins) } as const,
      ]),
    )
    for (const [name, { at }] of observers)
      values.set(name, { ...values.get(name)!, at, counts: new Float64Array(bins) })
    await pass(observers, (found) => addUp(values, found))
  }
  return { machine: session.machine, samples: count, values }
}

type Found = Awaited<ReturnType<EngineSession['observe']>>

const NOTHING: CalibratedValue = { min: Infinity, max: -Infinity }

function widen(values: Map<string, CalibratedValue>, found: Found, sample: number): void {
  for (const [name, { range }] of found) {
    const { min, max, firstNonFinite } = range!
    if (firstNonFinite >= 0) {
      throw new UnsupportedError(
        `The value ${name} is NaN or infinite in sample ${sample} (element ${firstNonFinite}), so it has no range. ` +
          'Leave the sample out, or check its preprocessing.',
      )
    }
    const known = values.get(name)!
    values.set(name, { min: Math.min(known.min, min), max: Math.max(known.max, max) })
  }
}

function addUp(values: ReadonlyMap<string, CalibratedValue>, found: Found): void {
  for (const [name, { counts }] of found) counts!.forEach((count, bin) => (values.get(name)!.counts![bin]! += count))
}
