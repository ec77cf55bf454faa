import { formatBytes, formatMs, formatPercent } from '../core/format-text'
import type { Note } from '../core/progress'
import type { Speed } from '../evaluate/quality'
import type { Alternative } from './report'

/** A result slower than this is said first. */
const SLOWER_BY = 0.1

export function isSlower(speed: readonly Speed[]): boolean {
  return speed.some(({ beforeMs, afterMs }) => afterMs > beforeMs * (1 + SLOWER_BY))
}

/** Says in plain words that a result got slower, and which alternative did not. */
export function speedNotes(speed: readonly Speed[], alternatives: readonly Alternative[]): Note[] {
  const notes: Note[] = []
  for (const { provider, beforeMs, afterMs } of speed) {
    const change = afterMs / beforeMs - 1
    if (!(change > SLOWER_BY)) continue
    // The smallest that is not slower: alternatives come in order of size.
    const faster = alternatives.find(
      ({ isChosen, afterMs: ms }) => !isChosen && ms !== undefined && ms <= beforeMs * (1 + SLOWER_BY),
    )
    const hint = faster
      ? ` Not slower: ${faster.method} (${formatMs(faster.afterMs as number)}, ${formatBytes(faster.sizeBytes)}).`
      : ''
    notes.push({
      severity: 'warning',
      text: `Slower: a run takes ${formatMs(afterMs)} instead of ${formatMs(beforeMs)} (${formatPercent(change, 0)} more, ${provider}).${hint}`,
    })
  }
  return notes
}

const RANK = { error: 0, warning: 1, info: 2 }

/** Bad news first; within a severity the order stays. */
export function orderNotes(notes: readonly Note[]): Note[] {
  return [...notes].sort((a, b) => RANK[a.severity] - RANK[b.severity])
}
