import { PaceMeter, WholeMeter, type Pace } from '../../core/eta'
import type { Progress, TrialPoint } from '../../core/progress'

/** A running job as its card shows it. */
export interface Running {
  readonly progress: Progress | null
  /** Pace of the current stage. */
  readonly pace: Pace
  /** 0..1 of the whole job, never falling. */
  readonly overall: number
  /** Time left of the whole job; undefined for the first seconds, when any guess would jump. */
  readonly remainingMs: number | undefined
  /** Stages seen so far, in order; the last one is running. */
  readonly stages: readonly string[]
  /** Of the automatic choice, in the order in which they ended. */
  readonly trials: readonly TrialPoint[]
  /** Set while nothing has been heard for a while. */
  readonly silentMs: number | null
}

const NOT_STARTED: Running = {
  progress: null,
  pace: { fraction: undefined, perSecond: undefined, remainingMs: undefined },
  overall: 0,
  remainingMs: undefined,
  stages: [],
  trials: [],
  silentMs: null,
}

/** What a running job has said, and what follows from it for its pace. */
export class RunMeter {
  #running = $state.raw<Running>(NOT_STARTED)
  #meter = new PaceMeter()
  #wholeMeter = new WholeMeter()

  get running(): Running {
    return this.#running
  }

  restart(): void {
    this.#running = NOT_STARTED
    this.#meter = new PaceMeter()
    this.#wholeMeter = new WholeMeter()
  }

  report(progress: Progress): void {
    const { stages, trials } = this.#running
    const overall = progress.overall ?? this.#running.overall
    this.#running = {
      progress,
      pace: this.#meter.update(progress, performance.now()),
      overall,
      remainingMs: this.#wholeMeter.update(overall, performance.now()),
      stages:
        stages.at(-1) === progress.stage ? stages : [...stages.filter((s) => s !== progress.stage), progress.stage],
      trials: progress.trial ? [...trials, progress.trial] : trials,
      silentMs: null,
    }
  }

  silent(silentMs: number): void {
    this.#running = { ...this.#running, silentMs }
  }
}
