/** Samples that cannot be inputs: a picture that does not decode, a row with NaN. The run goes on without them. */
import { AbortError, PlumeError, throwIfAborted, UsageError } from '../core/errors'
import type { Note } from '../core/progress'
import type { Samples } from '../formats/format'
import { pickSamples } from './split'

export interface BadSample {
  readonly index: number
  /** A sentence that names the file or array it is in. */
  readonly why: string
}

/** Thrown by what meets one; nobody looks for the others before that, since a good set is the rule. */
export class BadSamples extends UsageError {
  readonly find: (signal?: AbortSignal) => Promise<readonly BadSample[]>

  /** @param find all of the set, in order */
  constructor(message: string, find: BadSamples['find']) {
    super(message)
    this.find = find
  }
}

export interface LeftOut {
  readonly count: number
  readonly notes: readonly Note[]
}

const NONE: LeftOut = { count: 0, notes: [] }
/** With fewer samples left, the set is not what it should be. */
const LEAST_SHARE = 0.5
const MOST_NAMED = 3

/**
 * Works with samples, and where some of them are bad, again without those.
 * @throws UsageError where fewer than half remain, and what `work` throws for other reasons
 */
export async function withoutBadSamples<T>(
  samples: Samples,
  work: (samples: Samples, left: LeftOut) => Promise<T>,
  signal?: AbortSignal,
): Promise<T> {
  try {
    return await work(samples, NONE)
  } catch (error) {
    if (!(error instanceof BadSamples)) throw error
    const { kept, left } = leaveOut(samples, await error.find(signal))
    return work(kept, left)
  }
}

/** @throws UsageError where fewer than half remain */
export function leaveOut(samples: Samples, bad: readonly BadSample[]): { kept: Samples; left: LeftOut } {
  const isBad = new Set(bad.map(({ index }) => index))
  const good = Array.from({ length: samples.count }, (_, index) => index).filter((index) => !isBad.has(index))
  const [first] = bad
  if (first && good.length < Math.max(1, LEAST_SHARE * samples.count)) {
    throw new UsageError(
      `${samples.name}: ${bad.length} of ${samples.count} samples cannot be used, and at least half must remain. ` +
        `Sample ${first.index}: ${first.why}`,
    )
  }
  const named = bad.slice(0, MOST_NAMED)
  const which = named.map(({ index }) => index).join(', ') + (bad.length > MOST_NAMED ? ', …' : '')
  const text = `${samples.name}: ${bad.length} of ${samples.count} samples cannot be used and were left out (counted from 0: ${which}).`
  const each = named.map(({ index, why }): Note => ({
    severity: 'info',
    text: `Sample ${index} of ${samples.name}: ${why}`,
  }))
  const left = { count: bad.length, notes: [{ severity: 'warning', text } as const, ...each] }
  return { kept: pickSamples(samples, good), left }
}

/** Reads a picture. @throws BadSamples where it does not decode */
export async function readGood(samples: Extract<Samples, { kind: 'pictures' }>, index: number) {
  try {
    return await samples.read(index)
  } catch (error) {
    if (!isBadPicture(error)) throw error
    throw new BadSamples(error.message, (signal) => findBadPictures(samples, signal))
  }
}

const isBadPicture = (error: unknown): error is PlumeError =>
  error instanceof PlumeError && (error.name === 'FormatError' || error.name === 'UnsupportedError')

async function findBadPictures(samples: Extract<Samples, { kind: 'pictures' }>, signal?: AbortSignal) {
  const bad: BadSample[] = []
  for (let index = 0; index < samples.count; index++) {
    throwIfAborted(signal)
    try {
      await samples.read(index)
    } catch (error) {
      if (error instanceof AbortError || !isBadPicture(error)) throw error
      bad.push({ index, why: error.message })
    }
  }
  return bad
}
