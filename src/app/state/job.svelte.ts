import { PaceMeter, WholeMeter, type Pace } from '../../core/eta'
import type { Progress } from '../../core/progress'
import type { InspectReport } from '../../jobs/inspect'
import type { Recipe } from '../../jobs/recipe'
import type { CompressResult, DataFiles, ModelFiles } from '../../workers/job-api'
import type { RestoredJob } from '../../workers/store-api'
import type { Failure } from '../failure'
import { journal, type JournalNote } from './journal'
import { newId } from './new-id'

/** `missing`: the card came back after a reload, but its file was too large to keep and has to be dropped again. */
export type Phase = 'inspecting' | 'missing' | 'ready' | 'queued' | 'running' | 'done' | 'failed'

/** Starts that did not end before a job waits for a click, so that it cannot kill the tab for ever. */
const MAX_ATTEMPTS = 2

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
  /** Set while nothing has been heard for a while. */
  readonly silentMs: number | null
}

const NOT_STARTED: Running = {
  progress: null,
  pace: { fraction: undefined, perSecond: undefined, remainingMs: undefined },
  overall: 0,
  remainingMs: undefined,
  stages: [],
  silentMs: null,
}

/** A result with the data that it was measured with. */
export interface JobResult extends CompressResult {
  readonly data: DataFiles | null
}

/** What a person can choose for a job. */
export interface JobOptions {
  readonly recipe: Recipe | 'auto'
  readonly data: DataFiles | null
}

const stepsOf = ({ seed, steps }: Recipe) => JSON.stringify([seed, steps])

/** One dropped model: what is known of it and what came of it. Files and results are handles, never bytes. */
export class Job {
  readonly id: string
  /** Names and sizes of what was dropped. */
  readonly expected: RestoredJob['expected']
  readonly sizeBytes: number

  #phase = $state<Phase>('inspecting')
  #inspection = $state.raw<InspectReport | null>(null)
  #failure = $state.raw<Failure | null>(null)
  #running = $state.raw<Running>(NOT_STARTED)
  #results = $state.raw<readonly JobResult[]>([])
  #shown = $state(0)
  #data = $state.raw<DataFiles | null>(null)
  #recipe = $state.raw<Recipe | 'auto'>('auto')
  /** The recipe of the newest result. */
  #ranRecipe = $state.raw<Recipe | 'auto'>('auto')
  #wasCancelled = $state(false)
  #meter = new PaceMeter()
  #wholeMeter = new WholeMeter()
  #abort = new AbortController()
  #files = $state.raw<ModelFiles | null>(null)
  #attempts = 0
  #isInterrupted = $state(false)
  #isFresh = false
  #lostData = $state<string | null>(null)
  #before = $state.raw<JobOptions | null>(null)

  /** @param from what was dropped, or a card of an earlier visit */
  constructor(from: ModelFiles | RestoredJob) {
    const restored = 'id' in from ? from : null
    this.#files = 'id' in from ? from.files : from
    this.id = restored?.id ?? newId()
    this.expected = restored?.expected ?? this.#files?.map(({ path, file }) => ({ path, sizeBytes: file.size })) ?? []
    this.sizeBytes = this.expected.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)
    if (!restored) return
    this.#phase = restored.files ? 'inspecting' : 'missing'
    this.#data = restored.data
    this.#recipe = restored.recipe
    this.#attempts = restored.attempts
    this.#isInterrupted = restored.phase === 'queued' || restored.phase === 'running'
    this.#lostData = restored.lostData
  }

  get name(): string {
    return this.expected[0]?.path ?? ''
  }
  /** That it was dropped in, with its final slash; empty for none, and after a reload. */
  get folder(): string {
    return this.#files?.[0].folder ?? ''
  }
  /** null where they have to be dropped again. */
  get files(): ModelFiles | null {
    return this.#files
  }
  /** Set while an earlier start of it did not end and it has not been started again. */
  get isInterrupted(): boolean {
    return this.#isInterrupted
  }
  /** Whether it goes on by itself after an interruption: not without the data that it was started with. */
  get continuesAlone(): boolean {
    return this.#isInterrupted && this.#attempts < MAX_ATTEMPTS && this.#lostData === null
  }
  /** Name of data that could not be kept over a reload; null once there is data again. */
  get lostData(): string | null {
    return this.#lostData
  }
  /** Whether the next start makes and measures everything again, whatever the store has. */
  get isFresh(): boolean {
    return this.#isFresh
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
  /** Whether it was given other steps since its newest result, and none of its results was made with them. */
  get hasNewRecipe(): boolean {
    const recipe = this.#recipe
    if (recipe === this.#ranRecipe || recipe === 'auto') return false
    return this.indexOfResult(recipe) < 0
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
    this.#lostData = null
    void this.#note({ data })
  }

  setRecipe(recipe: Recipe | 'auto'): void {
    this.#recipe = recipe
    void this.#note({ recipe })
  }

  /** Options before the last change; null where there is nothing to undo. */
  get optionsBefore(): JobOptions | null {
    return this.#before
  }

  /** Takes other options, and remembers those that it had. */
  changeOptions({ recipe, data }: JobOptions): void {
    const before = { recipe: this.#recipe, data: this.#data }
    if (recipe !== before.recipe) this.setRecipe(recipe)
    if (data !== before.data) this.setData(data)
    if (this.#phase === 'failed' && this.#inspection) this.retry()
    this.#before = before
  }

  undoOptions(): void {
    const before = this.#before
    if (!before) return
    this.setRecipe(before.recipe)
    if (before.data !== this.#data) this.setData(before.data)
    this.#before = null
  }

  inspected(report: InspectReport): void {
    this.#inspection = report
    if (this.#phase === 'inspecting') this.#phase = 'ready'
  }

  /** Whether these are the files that the card waits for. */
  isWaitingFor(files: ModelFiles): boolean {
    if (this.#files) return false
    // a stored result knows only what all files of its model weigh together
    const totalBytes = files.reduce((sum, { file }) => sum + file.size, 0)
    return this.expected.every(({ path, sizeBytes }) =>
      files.some((given) => given.path === path && (given.file.size === sizeBytes || totalBytes === sizeBytes)),
    )
  }

  /** Takes the files that were dropped again. */
  supply(files: ModelFiles): void {
    this.#files = files
    if (this.#phase === 'missing') this.#phase = 'inspecting'
  }

  /** The results that the store still has of a card that came back. */
  restoreResults(results: readonly JobResult[]): void {
    if (results.length === 0) return
    this.#results = results
    this.#ranRecipe = this.#recipe
    this.#shown = results.length - 1
    if (!this.continuesAlone) this.#phase = 'done'
  }

  /** @param isFresh make and measure everything again, whatever the store has */
  enqueue(isFresh = false): void {
    this.#isFresh = isFresh
    this.#before = null
    this.#abort = new AbortController()
    this.#wasCancelled = false
    this.#failure = null
    this.#running = NOT_STARTED
    this.#meter = new PaceMeter()
    this.#wholeMeter = new WholeMeter()
    // a person who starts it gives it new attempts; a job that starts itself has those that are left
    if (!this.continuesAlone) this.#attempts = 0
    this.#isInterrupted = false
    this.#phase = 'queued'
    void this.#note({ phase: 'queued', attempts: this.#attempts })
  }

  /** Resolves when the journal knows: should this start kill the tab, it counts. */
  start(): Promise<void> {
    this.#phase = 'running'
    return this.#note({ phase: 'running', attempts: ++this.#attempts })
  }

  report(progress: Progress): void {
    const { stages } = this.#running
    const overall = progress.overall ?? this.#running.overall
    this.#running = {
      progress,
      pace: this.#meter.update(progress, performance.now()),
      overall,
      remainingMs: this.#wholeMeter.update(overall, performance.now()),
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
    this.#ranRecipe = this.#recipe
    this.#shown = this.#results.length - 1
    this.#phase = 'done'
    this.#ended('done')
  }

  /** The newest result that was made with these steps; -1 where there is none. */
  indexOfResult(recipe: Recipe): number {
    return this.#results.findLastIndex(({ report }) => stepsOf(report.recipe) === stepsOf(recipe))
  }

  show(index: number): void {
    this.#shown = index
  }

  fail(failure: Failure): void {
    this.#failure = failure
    this.#phase = 'failed'
    this.#ended('failed')
  }

  /** Stops what runs; what was there before comes back. */
  cancel(): void {
    this.#abort.abort()
    if (!this.isBusy) return
    this.#wasCancelled = true
    this.#phase = this.#results.length > 0 ? 'done' : 'ready'
    this.#ended(this.#phase)
  }

  /** From an error back to where the job can be started again. */
  retry(): void {
    this.#failure = null
    this.#phase = this.#results.length > 0 ? 'done' : this.#inspection ? 'ready' : 'inspecting'
  }

  #ended(phase: 'ready' | 'done' | 'failed'): void {
    this.#attempts = 0
    this.#isInterrupted = false
    const resultIds = this.#results.map(({ resultId }) => resultId).filter((id) => id !== null)
    void this.#note({ phase, attempts: 0, resultIds })
  }

  #note(note: JournalNote): Promise<void> {
    return journal.note(this.id, note)
  }
}
