import type { Labels, Samples } from '../formats/format'
import { elementCount } from '../core/dtypes'

/** Where there is one set only, every fifth sample is for calibration: files are often sorted by class. */
const EVERY = 5

export interface SplitSamples {
  /** Samples 0, 5, 10, … */
  readonly calibrate: Samples
  /** The others. */
  readonly test: Samples
}

/** One set as two; null where there is nothing to split. */
export function splitSamples(samples: Samples): SplitSamples | null {
  const all = Array.from({ length: samples.count }, (_, index) => index)
  if (all.length < 2) return null
  return {
    calibrate: pickSamples(
      samples,
      all.filter((index) => index % EVERY === 0),
    ),
    test: pickSamples(
      samples,
      all.filter((index) => index % EVERY !== 0),
    ),
  }
}

/** Some of the samples with their labels; nothing is read or copied before it is needed. */
export function pickSamples(samples: Samples, indices: readonly number[]): Samples {
  const { labels: all, ...rest } = samples
  const labels = all && { labels: pickLabels(all, indices) }
  if (rest.kind === 'pictures') {
    return { ...rest, ...labels, count: indices.length, read: (index) => rest.read(indices[index] as number) }
  }
  const rows = rest.rows ? indices.map((index) => rest.rows?.[index] as number) : indices
  return { ...rest, ...labels, count: indices.length, rows }
}

function pickLabels({ shape, values }: Labels, indices: readonly number[]): Labels {
  const each = elementCount(shape)
  const picked = new Int32Array(indices.length * each)
  indices.forEach((index, i) => picked.set(values.subarray(index * each, (index + 1) * each), i * each))
  return { shape, values: picked }
}
