import { formatBytes, formatMs, formatPercent } from '../core/format-text'
import type { Note } from '../core/progress'
import type { Speed } from '../evaluate/quality'
import type { Alternative } from './report'
import { slowdown } from './slowdown'

/** Says in plain words that a result got slower, and which alternative did not. */
export function speedNotes(speed: readonly Speed[], alternatives: readonly Alternative[]): Note[] {
  const slow = slowdown(speed, alternatives)
  if (!slow) return []
  const { provider, beforeMs, afterMs, change, alternative } = slow
  const hint = alternative
    ? ` Not slower: ${alternative.method} (${formatMs(alternative.afterMs ?? 0)}, ${formatBytes(alternative.sizeBytes)}).`
    : ''
  const text = `Slower: a run takes ${formatMs(afterMs)} instead of ${formatMs(beforeMs)} (${formatPercent(change, 0)} more, ${provider}).${hint}`
  return [{ severity: 'warning', text }]
}

const RANK = { error: 0, warning: 1, info: 2 }

/** Bad news first; within a severity the order stays. */
export function orderNotes(notes: readonly Note[]): Note[] {
  return [...notes].sort((a, b) => RANK[a.severity] - RANK[b.severity])
}
