import { throwIfAborted } from '../core/errors'
import type { Session } from '../runtime/runtime'
import type { Feeds } from './data'
import { feedsFor } from './feeds'
import type { Speed } from './quality'
import { openModel, type ModelFile, type Reference } from './reference'

/** Time for each model's runs; the least number of rounds may pass it. */
const BUDGET_MS = 1500
const MIN_ROUNDS = 3
const MAX_ROUNDS = 101
/** A model slower than this gets fewer rounds. */
const SLOW_MS = 1500
const SLOW_ROUNDS = 2

/**
 * Median latency of both models at batch 1, with quartiles.
 *
 * Both sessions are open and take turns, and which goes first changes with every round, so that whatever else the
 * machine does meets both. One run each warms up and is not counted.
 * @param result null: the original alone, whose numbers then stand on both sides
 */
export async function measureSpeed(
  reference: Reference,
  result: ModelFile | null,
  signal?: AbortSignal,
): Promise<Speed> {
  const feeds = await reference.data.single()
  const before = await openModel(reference.runtime, reference.original)
  try {
    const after = result ? await openModel(reference.runtime, result) : null
    try {
      return { provider: reference.runtime.provider, ...(await timeRounds(before, after, feeds, signal)) }
    } finally {
      await after?.release()
    }
  } finally {
    await before.release()
  }
}

async function timeRounds(before: Session, after: Session | null, feeds: Feeds, signal: AbortSignal | undefined) {
  const beforeFeeds = feedsFor(feeds, before.inputs)
  const afterFeeds = after ? feedsFor(feeds, after.inputs) : feeds
  const once = async (session: Session, given: Feeds) => {
    throwIfAborted(signal)
    return (await session.run(given)).ms
  }
  const warmUp = await once(before, beforeFeeds)
  if (after) await once(after, afterFeeds)
  const least = warmUp > SLOW_MS ? SLOW_ROUNDS : MIN_ROUNDS
  const beforeMs: number[] = []
  const afterMs: number[] = []
  const start = performance.now()
  const budget = BUDGET_MS * (after ? 2 : 1)
  for (let round = 0; round < MAX_ROUNDS; round++) {
    if (round >= least && performance.now() - start > budget) break
    if (round % 2 === 0) beforeMs.push(await once(before, beforeFeeds))
    if (after) afterMs.push(await once(after, afterFeeds))
    if (round % 2 === 1) beforeMs.push(await once(before, beforeFeeds))
  }
  const first = spread(beforeMs)
  const second = after ? spread(afterMs) : first
  return {
    beforeMs: first.median,
    afterMs: second.median,
    beforeSpreadMs: first.quartiles,
    afterSpreadMs: second.quartiles,
    runs: beforeMs.length,
  }
}

/** Median and quartiles, interpolated between neighbours (NumPy's default). */
export function spread(values: readonly number[]): { median: number; quartiles: readonly [number, number] } {
  const sorted = [...values].sort((a, b) => a - b)
  const at = (share: number) => {
    const place = share * (sorted.length - 1)
    const low = Math.floor(place)
    const a = sorted[low] ?? 0
    return a + ((sorted[low + 1] ?? a) - a) * (place - low)
  }
  return { median: at(0.5), quartiles: [at(0.25), at(0.75)] }
}
