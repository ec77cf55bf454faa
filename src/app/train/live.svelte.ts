import { WholeMeter } from '../../core/eta'
import type { Progress } from '../../core/progress'
import type { TrainingEvent } from '../../jobs/train/request'
import type { TrainNews } from '../../workers/train-api'

/** A running training as its card shows it. */
export class Live {
  #runs = $state.raw<readonly TrainingEvent[]>([])
  #progress = $state.raw<Progress | null>(null)
  #overall = $state(0)
  #remainingMs = $state<number | undefined>(undefined)
  #silentMs = $state<number | null>(null)
  #meter = new WholeMeter()

  /** The newest event of each candidate or seed, in the order in which they run. */
  get runs(): readonly TrainingEvent[] {
    return this.#runs
  }

  get current(): TrainingEvent | null {
    return this.#runs.at(-1) ?? null
  }

  /** null before anything was heard. */
  get stage(): string | null {
    return this.#progress?.stage ?? null
  }

  /** 0..1, never falling. */
  get overall(): number {
    return this.#overall
  }

  /** undefined for the first seconds, when any guess would jump. */
  get remainingMs(): number | undefined {
    return this.#remainingMs
  }

  /** Set while nothing has been heard for a while. */
  get silentMs(): number | null {
    return this.#silentMs
  }

  restart(): void {
    this.#runs = []
    this.#progress = null
    this.#overall = 0
    this.#remainingMs = undefined
    this.#silentMs = null
    this.#meter = new WholeMeter()
  }

  hear(news: TrainNews): void {
    this.#silentMs = null
    if (news.kind === 'stage') this.#progress = news.progress
    else this.#runs = [...this.#runs.filter(({ run }) => run !== news.event.run), news.event]
    this.#move(news.kind === 'stage' ? (news.progress.overall ?? 0) : shareOf(news.event))
  }

  silent(silentMs: number): void {
    this.#silentMs = silentMs
  }

  /** A pause is no slowness: the pace is measured anew. */
  resumed(): void {
    this.#meter = new WholeMeter()
    this.#remainingMs = undefined
    this.#silentMs = null
  }

  #move(overall: number): void {
    this.#overall = Math.max(this.#overall, Math.min(1, overall))
    this.#remainingMs = this.#meter.update(this.#overall, performance.now())
  }
}

/** Reading, measuring and writing take what is left. */
const SHARE_OF_TRAINING = 0.97

/** How far the whole is, by what was trained; steps are counted over all epochs of a run. */
function shareOf({ run, runs, epochs, step, stepsPerEpoch }: TrainingEvent): number {
  const inRun = Math.min(1, step / Math.max(1, epochs * stepsPerEpoch))
  return (SHARE_OF_TRAINING * (run + inRun)) / Math.max(1, runs)
}
