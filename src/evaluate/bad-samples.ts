/** Samples that cannot be inputs: a picture that does not decode, a row with NaN. The run goes on without them. */
import { AbortError, PlumeError, throwIfAborted, UsageError } from '../core/errors'
import type { Note } from '../core/progress'
import type { Samples } from '../formats/format'
import { pickSamples } from './split'

export interface BadSample {
  readonly index: number
  /** With the file or array that it is in. */
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
  const names = bad.slice(0, MOST_NAMED).map(({ index, why }) => `sample ${index} (${why.replace(/\.$/, '')})`)
  const more = bad.length > MOST_NAMED ? ` and ${bad.length - MOST_NAMED} more` : ''
  const which = `${names.join('; ')}${more}`
  const isBad = new Set(bad.map(({ index }) => index))
  const good = Array.from({ length: samples.count }, (_, index) => index).filter((index) => !isBad.has(index))
  if (good.length < Math.max(1, LEAST_SHARE * samples.count)) {
    throw new UsageError(
      `${samples.name}: ${bad.length} of ${samples.count} samples cannot be used, and at least half must remain: ${which}. ` +
        'Repair them or leave them out.',
    )
  }
  const text = `${samples.name}: ${bad.length} of ${samples.count} samples cannot be used and were left out, counted from 0: ${which}.`
  return { kept: pickSamples(samples, good), left: { count: bad.length, notes: [{ severity: 'warning', text }] } }
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
