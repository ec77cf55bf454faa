import { throwIfAborted } from '../core/errors'
import type { Session } from '../runtime/runtime'
import type { Feeds } from './data'
import { feedsFor } from './feeds'
import type { Speed } from './quality'
import { openModel, type ModelFile, type Reference } from './reference'

/** Time for each model's runs; the least number of rounds may pass it. */
const BUDGET_MS = 600
const MIN_ROUNDS = 3
const MAX_ROUNDS = 101
/** Of a model slower than this the first run counts too, and one more is enough: starting up is a small part of it. */
const SLOW_MS = 1500
const SLOW_ROUNDS = 2

/** Two models that are larger together are not held open at once: onnxruntime needs several times their size. */
const BOTH_OPEN_BYTES = 512 * 2 ** 20

/**
 * Median latency of both models at batch 1, with quartiles.
 *
 * Both sessions are open and take turns, and which goes first changes with every round, so that whatever else the
 * machine does meets both. One run each warms up and, unless it is slow, is not counted. Large models are timed one
 * after the other.
 * @param result null: the original alone, whose numbers then stand on both sides
 */
export async function measureSpeed(
  reference: Reference,
  result: ModelFile | null,
  signal?: AbortSignal,
  bothOpenBytes = BOTH_OPEN_BYTES,
): Promise<Speed> {
  const { provider, threads } = reference.runtime
  const open = (file: ModelFile) => openModel(reference.runtime, file)
  const timed = { provider, ...(threads !== undefined && { threads }), open }
  return measureSpeedOn(timed, reference, result, { bothOpenBytes, ...(signal && { signal }) })
}

/** What models are timed on. */
export interface TimedProvider {
  readonly provider: string
  readonly threads?: number
  open(file: ModelFile): Promise<Session>
}

/** As `measureSpeed`, on any provider. */
export async function measureSpeedOn(
  { open, ...provider }: TimedProvider,
  { data, original }: Reference,
  result: ModelFile | null,
  { signal, bothOpenBytes = BOTH_OPEN_BYTES }: { signal?: AbortSignal; bothOpenBytes?: number } = {},
): Promise<Speed> {
  const feeds = await data.single()
  const time = async (first: ModelFile, second: ModelFile | null) => {
    const before = await open(first)
    try {
      const after = second ? await open(second) : null
      try {
        return await timeRounds(before, after, feeds, signal)
      } finally {
        await after?.release()
      }
    } finally {
      await before.release()
    }
  }
  if (!result || sizeOf(original) + sizeOf(result) <= bothOpenBytes)
    return { ...provider, ...(await time(original, result)) }
  const first = await time(original, null)
  const { beforeMs: afterMs, beforeSpreadMs: afterSpreadMs, runs } = await time(result, null)
  return { ...provider, ...first, afterMs, afterSpreadMs, runs: Math.min(first.runs, runs) }
}

function sizeOf({ bytes, externalData }: ModelFile): number {
  return [...(externalData?.values() ?? [])].reduce((sum, data) => sum + data.byteLength, bytes.byteLength)
}

async function timeRounds(before: Session, after: Session | null, feeds: Feeds, signal: AbortSignal | undefined) {
  const beforeFeeds = feedsFor(feeds, before.inputs)
  const afterFeeds = after ? feedsFor(feeds, after.inputs) : feeds
  const once = async (session: Session, given: Feeds) => {
    throwIfAborted(signal)
    return (await session.run(given)).ms
  }
  const warmUp = await once(before, beforeFeeds)
  const afterWarmUp = after ? await once(after, afterFeeds) : 0
  const isSlow = warmUp > SLOW_MS
  const least = isSlow ? SLOW_ROUNDS : MIN_ROUNDS
  const beforeMs: number[] = isSlow ? [warmUp] : []
  const afterMs: number[] = isSlow && after ? [afterWarmUp] : []
  const start = performance.now()
  const budget = isSlow ? 0 : BUDGET_MS * (after ? 2 : 1)
  for (let round = beforeMs.length; round < MAX_ROUNDS; round++) {
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
