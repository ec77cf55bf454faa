import type { CalibrationSource } from '../../engine/observers/calibration-source'
import type { ValueStatistics } from '../../engine/observers/observer'
import type { QuantizedValue } from '../../methods/method'
import type { RememberedCalibration } from '../search/remembered'
import { MAX_BINS, type TensorRange } from './report'

/** Ranges of the quantized values, with histograms where the data is at hand. */
export async function tensorRanges(
  values: readonly QuantizedValue[],
  source: CalibrationSource | undefined,
  asked: RememberedCalibration['asked'],
): Promise<TensorRange[]> {
  const seen = asked && (await source?.statistics?.(asked.model, asked.values))
  return values.map(({ name, to, min, max, scale, zeroPoint, clipped, layer }) => {
    const histogram = histogramOf(seen?.get(name))
    return {
      ...{ name, to, min, max, scale, zeroPoint },
      ...(clipped !== undefined && { clipped }),
      ...(layer !== undefined && { layer }),
      ...(histogram && { histogram }),
    }
  })
}

/** The counts in at most `MAX_BINS` equal bins: neighbours are joined, so that nothing is counted twice. */
export function histogramOf(statistics: ValueStatistics | undefined): TensorRange['histogram'] {
  const { counts, at } = statistics ?? {}
  if (!counts || !at || at.reciprocal === 0) return undefined
  const used = usedBins(counts)
  if (!used) return undefined
  const [first, last] = used
  const joined = Math.ceil((last - first + 1) / MAX_BINS)
  const bins = new Array<number>(Math.ceil((last - first + 1) / joined)).fill(0)
  for (let bin = first; bin <= last; bin++) {
    const to = Math.floor((bin - first) / joined)
    bins[to] = (bins[to] as number) + (counts[bin] as number)
  }
  const step = 1 / at.reciprocal
  // bin k holds what rounds to first + k steps
  return { low: (at.first + first - 0.5) * step, width: joined * step, counts: bins }
}

function usedBins(counts: ArrayLike<number>): [number, number] | undefined {
  let first = -1
  let last = -1
  for (let bin = 0; bin < counts.length; bin++) {
    if ((counts[bin] as number) <= 0) continue
    if (first < 0) first = bin
    last = bin
  }
  return first < 0 ? undefined : [first, last]
}
