import type { Speed } from '../evaluate/quality'
import type { Alternative } from './report'

/** A result slower than this is said first. */
const SLOWER_BY = 0.1

/** Our own engine only proves results: people do not run models on it. */
const OWN_ENGINE = 'plume-'

export interface Slowdown {
  readonly provider: string
  readonly beforeMs: number
  readonly afterMs: number
  /** (after − before) / before */
  readonly change: number
  /** The smallest other way that is not slower. */
  readonly alternative: Alternative | null
}

/**
 * Says where a result got slower: by more than a tenth in the median, and beyond the noise of the measurement (the middle
 * halves of the runs do not overlap). The worst provider counts.
 */
export function slowdown(speed: readonly Speed[], alternatives: readonly Alternative[] = []): Slowdown | null {
  let worst: Slowdown | null = null
  for (const { provider, beforeMs, afterMs, beforeSpreadMs, afterSpreadMs } of speed) {
    if (provider.startsWith(OWN_ENGINE)) continue
    const change = afterMs / beforeMs - 1
    if (!(change > SLOWER_BY) || afterSpreadMs[0] <= beforeSpreadMs[1]) continue
    if (worst && worst.change >= change) continue
    const isFast = ({ isChosen, recipe, afterMs: ms }: Alternative) =>
      !isChosen && recipe && ms !== undefined && ms <= beforeMs * (1 + SLOWER_BY)
    const [alternative = null] = alternatives.filter(isFast).sort((a, b) => a.sizeBytes - b.sizeBytes)
    worst = { provider, beforeMs, afterMs, change, alternative }
  }
  return worst
}
