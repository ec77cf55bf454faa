/** Calibration under a memory cap: values are taken in groups, and what a group finds does not depend on the others. */
import { throwIfAborted } from '../core/errors'
import { calibrate, type CalibrateOptions, type Calibration, type Observable } from './calibrate'
import { OverCap } from './capped-machine'
import { BINS } from './observers/ladder'
import type { ValueStatistics } from './observers/observer'
import type { Feeds } from './session'

export interface CalibrationPlace {
  /** Opens a graph that computes what these values need, in at most `capBytes`; `observe` may throw `OverCap`. */
  open(values: readonly string[], capBytes: number): Promise<OpenPlace>
}

export interface OpenPlace extends Observable {
  close(): Promise<void>
}

export interface GroupOptions extends CalibrateOptions {
  /** For graphs and statistics together. */
  readonly memoryCapBytes: number
}

export interface GroupedCalibration extends Calibration {
  readonly groups: number
  /** Values for which the cap was passed, since they cannot be divided. */
  readonly overCap: readonly string[]
}

/** Counts of a value, kept and in the machine. */
const bytesPerValue = (counts: boolean | undefined): number => (counts ? BINS * 8 : 64)

/**
 * As `calibrate`, in as few groups as the cap allows: half as many values where a group needs more.
 * @param samples called for each group, with the same samples in the same order
 * @param options.values in the order of the graph
 */
export async function calibrateInGroups(
  place: CalibrationPlace,
  samples: () => Iterable<Feeds> | AsyncIterable<Feeds>,
  options: GroupOptions,
): Promise<GroupedCalibration> {
  const values = new Map<string, ValueStatistics>()
  const nonFinite = new Map<string, number>()
  const overCap: string[] = []
  const each = bytesPerValue(options.counts)
  let waiting = [...options.values]
  let size = waiting.length
  let groups = 0
  let last: Calibration | undefined
  while (waiting.length > 0) {
    throwIfAborted(options.signal)
    const group = waiting.slice(0, size)
    // dividing values cannot make room for what is known of them in the end: half of the cap stays for graphs
    const known = Math.min(values.size * each, options.memoryCapBytes / 2)
    const left = options.memoryCapBytes - known - group.length * each
    const isLeast = group.length === 1
    try {
      last = await calibrateGroup(place, samples, { ...options, values: group }, left)
    } catch (error) {
      if (!(error instanceof OverCap)) throw error
      if (!isLeast) {
        size = Math.ceil(group.length / 2)
        continue
      }
      overCap.push(...group)
      last = await calibrateGroup(place, samples, { ...options, values: group }, Infinity)
    }
    groups++
    for (const [name, statistics] of last.values) values.set(name, statistics)
    for (const [name, sample] of last.nonFinite) nonFinite.set(name, sample)
    waiting = waiting.slice(size)
  }
  return { machine: last?.machine ?? '', samples: last?.samples ?? 0, values, nonFinite, groups, overCap }
}

async function calibrateGroup(
  place: CalibrationPlace,
  samples: () => Iterable<Feeds> | AsyncIterable<Feeds>,
  options: CalibrateOptions,
  capBytes: number,
): Promise<Calibration> {
  if (capBytes <= 0) throw new OverCap(0)
  const open = await place.open(options.values, capBytes)
  try {
    return await calibrate(open, samples(), options)
  } finally {
    await open.close()
  }
}
