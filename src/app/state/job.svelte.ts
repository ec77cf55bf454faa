import { PaceMeter, type Pace } from '../../core/eta'
import type { Progress } from '../../core/progress'
import type { InspectReport } from '../../jobs/inspect'
import type { Recipe } from '../../jobs/recipe'
import type { CompressResult, DataFiles, ModelFiles } from '../../workers/job-api'
import type { Failure } from '../failure'

export type Phase = 'inspecting' | 'ready' | 'queued' | 'running' | 'done' | 'failed'

/** A running job as its card shows it. */
export interface Running {
  readonly progress: Progress | null
  readonly pace: Pace
  /** Stages seen so far, in order; the last one is running. */
  readonly stages: readonly string[]
  /** Set while nothing has been heard for a while. */
  readonly silentMs: number | null
}

const NOT_STARTED: Running = {
  progress: null,
  pace: { fraction: undefined, perSecond: undefined, remainingMs: undefined },
  stages: [],
  silentMs: null,
}

/** A result with the data that it was measured with. */
export interface JobResult extends CompressResult {
  readonly data: DataFiles | null
}

let lastId = 0

/** One dropped model: what is known of it and what came of it. Files and results are handles, never bytes. */
export class Job {
  readonly id = `job-${++lastId}`
  readonly files: ModelFiles
  readonly sizeBytes: number

  #phase = $state<Phase>('inspecting')
  #inspection = $state.raw<InspectReport | null>(null)
  #failure = $state.raw<Failure | null>(null)
  #running = $state.raw<Running>(NOT_STARTED)
  #results = $state.raw<readonly JobResult[]>([])
  #shown = $state(0)
  #data = $state.raw<DataFiles | null>(null)
  #recipe = $state.raw<Recipe | 'auto'>('auto')
  #wasCancelled = $state(false)
  #meter = new PaceMeter()
  #abort = new AbortController()

  constructor(files: ModelFiles) {
    this.files = files
    this.sizeBytes = files.reduce((sum, { file }) => sum + file.size, 0)
  }

  get name(): string {
    return this.files[0].path
  }
  get phase(): Phase {
    return this.#phase
  }
  get inspection(): InspectReport | null {
    return this.#inspection
  }
  get failure(): Failure | null {
    return this.#failure
  }
  get running(): Running {
    return this.#running
  }
  /** Every result of this file, oldest first; `shown` is the one on the card. */
  get results(): readonly JobResult[] {
    return this.#results
  }
  get shown(): JobResult | null {
    return this.#results[this.#shown] ?? null
  }
  get shownIndex(): number {
    return this.#shown
  }
  get data(): DataFiles | null {
    return this.#data
  }
  get recipe(): Recipe | 'auto' {
    return this.#recipe
  }
  get wasCancelled(): boolean {
    return this.#wasCancelled
  }
  get signal(): AbortSignal {
    return this.#abort.signal
  }
  get isBusy(): boolean {
    return this.#phase === 'queued' || this.#phase === 'running'
  }

  setData(data: DataFiles | null): void {
    this.#data = data
  }

  setRecipe(recipe: Recipe | 'auto'): void {
    this.#recipe = recipe
  }

  inspected(report: InspectReport): void {
    this.#inspection = report
    this.#phase = 'ready'
  }

  enqueue(): void {
    this.#abort = new AbortController()
    this.#wasCancelled = false
    this.#failure = null
    this.#running = NOT_STARTED
    this.#meter = new PaceMeter()
    this.#phase = 'queued'
  }

  start(): void {
    this.#phase = 'running'
  }

  report(progress: Progress): void {
    const { stages } = this.#running
    this.#running = {
      progress,
      pace: this.#meter.update(progress, performance.now()),
      stages:
        stages.at(-1) === progress.stage ? stages : [...stages.filter((s) => s !== progress.stage), progress.stage],
      silentMs: null,
    }
  }

  silent(silentMs: number): void {
    this.#running = { ...this.#running, silentMs }
  }

  finish(result: JobResult): void {
    this.#results = [...this.#results, result]
    this.#shown = this.#results.length - 1
    this.#phase = 'done'
  }

  show(index: number): void {
    this.#shown = index
  }

  fail(failure: Failure): void {
    this.#failure = failure
    this.#phase = 'failed'
  }

  /** Stops what runs; what was there before comes back. */
  cancel(): void {
    this.#abort.abort()
    if (!this.isBusy) return
    this.#wasCancelled = true
    this.#phase = this.#results.length > 0 ? 'done' : 'ready'
  }

  /** From an error back to where the job can be started again. */
  retry(): void {
    this.#failure = null
    this.#phase = this.#results.length > 0 ? 'done' : this.#inspection ? 'ready' : 'inspecting'
  }
}
