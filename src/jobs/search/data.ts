import { Random } from '../../core/random'
import type { CalibrationSource } from '../../engine/observers/calibration-source'
import { prepareReference, type Reference } from '../../evaluate/compare'
import { pickSamples } from '../../evaluate/split'
import { openCalibration, type UserData } from '../calibration-data'
import type { Bench } from '../candidate'
import type { JobPorts } from '../ports'

/** What a search may look at: the calibration data, never the test data. */
export interface SearchData {
  /** Of the calibration data as a whole; part of what identifies a kept trial. */
  readonly sha256: string
  /** Ranges from one half of it. */
  readonly ranges: CalibrationSource
  /** The original's answers on the other half, whose samples stand in a seeded order: a prefix of them is a fair sample. */
  readonly scoring: Reference
  release(): Promise<void>
}

export interface SearchDataOptions {
  readonly seed: number
  readonly memoryCapBytes?: number | undefined
}

/**
 * Splits the calibration data of a job, and runs the original on the half that scores.
 * @throws UsageError, RuntimeFailure, AbortError
 */
export async function openSearchData(
  { model, reference }: Pick<Bench, 'model' | 'reference'>,
  data: UserData,
  { seed, memoryCapBytes }: SearchDataOptions,
  ports: JobPorts,
): Promise<SearchData> {
  const { ranges, scoring } = halvesOf(data.samples.count, seed, (data.state?.length ?? 0) > 0)
  const half = (indices: readonly number[]): UserData => ({ ...data, samples: pickSamples(data.samples, indices) })
  const preprocess = data.preprocess ?? (data.samples.kind === 'pictures' ? reference.data.preprocess : undefined)
  const scored = { ...half(scoring), model, ...(preprocess !== undefined && { preprocess }) }
  const source = await openCalibration(half(ranges), { model, reference, memoryCapBytes }, ports)
  const { runtime, original } = reference
  const answers = await prepareReference(runtime, original, scored, ports)
  return { sha256: data.samples.sha256, ranges: source, scoring: answers, release: () => answers.release() }
}

/**
 * Every second sample gives ranges, since files are often sorted by class; the others score, shuffled. Samples that
 * carry a state are a sequence: its first half gives ranges, its second half scores, in order. One sample does both.
 */
export function halvesOf(count: number, seed: number, isSequence: boolean): { ranges: number[]; scoring: number[] } {
  const all = Array.from({ length: count }, (_, index) => index)
  if (count < 2) return { ranges: all, scoring: all }
  if (isSequence) return { ranges: all.slice(0, count >> 1), scoring: all.slice(count >> 1) }
  const scoring = all.filter((index) => index % 2 === 1)
  return { ranges: all.filter((index) => index % 2 === 0), scoring: new Random(seed).shuffle(scoring) }
}
