import type { Progress } from './progress'

export interface Pace {
  /** 0..1 within the stage; undefined while the end is not known. */
  readonly fraction: number | undefined
  /** Units of the stage per second. */
  readonly perSecond: number | undefined
  /** Time left in this stage; undefined for the first second, when any guess would jump. */
  readonly remainingMs: number | undefined
}

/** Half-life of the average speed: long enough to be calm, short enough to notice a change. */
const HALF_LIFE_MS = 3000

/** Turns raw progress into speed and time left, by an exponentially weighted average. */
export class PaceMeter {
  #stage = ''
  #startMs = 0
  #lastMs = 0
  #lastDone = 0
  #rate: number | undefined

  update(progress: Progress, nowMs: number): Pace {
    if (progress.stage !== this.#stage || progress.done < this.#lastDone) {
      this.#stage = progress.stage
      this.#startMs = this.#lastMs = nowMs
      this.#lastDone = progress.done
      this.#rate = undefined
    }
    const elapsed = nowMs - this.#lastMs
    if (elapsed > 0) {
      const current = ((progress.done - this.#lastDone) / elapsed) * 1000
      const keep = this.#rate === undefined ? 0 : 0.5 ** (elapsed / HALF_LIFE_MS)
      this.#rate = keep * (this.#rate ?? 0) + (1 - keep) * current
      this.#lastMs = nowMs
      this.#lastDone = progress.done
    }
    const isKnown = progress.total > 0
    const isSettled = nowMs - this.#startMs >= 1000 && this.#rate !== undefined && this.#rate > 0
    return {
      fraction: isKnown ? Math.min(1, progress.done / progress.total) : undefined,
      perSecond: this.#rate,
      remainingMs:
        isKnown && isSettled && this.#rate ? ((progress.total - progress.done) / this.#rate) * 1000 : undefined,
    }
  }
}

/** No guess before this: the first numbers would jump. */
const FIRST_GUESS_MS = 3000
/** A jump this large in one step is work that was skipped (taken from an earlier start), not speed. */
const SKIPPED = 0.05
const SKIPPED_WITHIN_MS = 500

/** Time left of a whole job, from how far it is (0..1). */
export class WholeMeter {
  #startMs: number | undefined
  #lastMs = 0
  #last = 0
  /** Share of the job in a millisecond. */
  #rate: number | undefined

  /** @returns milliseconds left; undefined while any guess would jump */
  update(overall: number, nowMs: number): number | undefined {
    if (this.#startMs === undefined) {
      this.#startMs = this.#lastMs = nowMs
      this.#last = overall
      return undefined
    }
    const [elapsed, gained, age] = [nowMs - this.#lastMs, overall - this.#last, nowMs - this.#startMs]
    if (gained >= SKIPPED && elapsed < SKIPPED_WITHIN_MS) {
      this.#lastMs = nowMs
      this.#last = overall
    } else if (elapsed >= SKIPPED_WITHIN_MS) {
      // the half-life grows with the job, so that the guess gets calmer and still follows a change
      const keep = this.#rate === undefined ? 0 : 0.5 ** (elapsed / Math.max(HALF_LIFE_MS, age / 2))
      this.#rate = keep * (this.#rate ?? 0) + (1 - keep) * (gained / elapsed)
      this.#lastMs = nowMs
      this.#last = overall
    }
    return age >= FIRST_GUESS_MS && this.#rate ? (1 - overall) / this.#rate : undefined
  }
}
