import type { Progress } from '../../core/progress'
import type { InspectReport } from '../../jobs/inspect'
import type { Recipe } from '../../jobs/recipe'
import type { Budget } from '../../jobs/report'
import type { CompressResult, DataFiles, ModelFiles } from '../../workers/job-api'
import type { JournalChange, RestoredJob } from '../../workers/store-api'
import type { Failure } from '../failure'
import { journal } from './journal'
import { newId } from './new-id'
import { RunMeter, type Running } from './run-meter.svelte'
import { sameSteps } from './same-steps'

/** `missing`: the card came back after a reload, but its file was too large to keep and has to be dropped again. */
export type Phase = 'inspecting' | 'missing' | 'ready' | 'queued' | 'running' | 'done' | 'failed'

/** Starts that did not end before a job waits for a click, so that it cannot kill the tab for ever. */
const MAX_ATTEMPTS = 2

/** A result with the data that it was measured with. */
export interface JobResult extends CompressResult {
  readonly data: DataFiles | null
  /** That its ranges were chosen on, where it was apart. */
  readonly calibrate?: DataFiles | null
}

/** What a person can choose for a job. */
export interface JobOptions {
  readonly recipe: Recipe | 'auto'
  readonly data: DataFiles | null
  /** Data to choose ranges on; null: a share of `data`. */
  readonly calibrate: DataFiles | null
  /** Of the automatic choice. */
  readonly budget: Budget
  /** null: as many as the automatic choice takes by itself. */
  readonly maxTrials: number | null
}

export const NO_LOSS: Budget = { kind: 'no-loss' }

const OPTIONS = ['recipe', 'data', 'calibrate', 'budget', 'maxTrials'] as const

/** Whether nothing was changed in between. */
export const sameOptions = (a: JobOptions, b: JobOptions) => OPTIONS.every((name) => a[name] === b[name])

/** One dropped model: what is known of it and what came of it. Files and results are handles, never bytes. */
export class Job {
  readonly id: string
  /** Names and sizes of what was dropped. */
  readonly expected: RestoredJob['expected']
  readonly sizeBytes: number

  #phase = $state<Phase>('inspecting')
  #inspection = $state.raw<InspectReport | null>(null)
  #failure = $state.raw<Failure | null>(null)
  #results = $state.raw<readonly JobResult[]>([])
  #shown = $state(0)
  #data = $state.raw<DataFiles | null>(null)
  #calibrate = $state.raw<DataFiles | null>(null)
  #budget = $state.raw<Budget>(NO_LOSS)
  #maxTrials = $state<number | null>(null)
  #recipe = $state.raw<Recipe | 'auto'>('auto')
  /** What the newest result was asked for with. */
  #ran = $state.raw<JobOptions | null>(null)
  #wasCancelled = $state(false)
  #run = new RunMeter()
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
    this.#calibrate = restored.calibrate ?? null
    this.#budget = restored.budget ?? NO_LOSS
    this.#maxTrials = restored.maxTrials ?? null
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
    return this.#run.running
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
  get calibrate(): DataFiles | null {
    return this.#calibrate
  }
  get budget(): Budget {
    return this.#budget
  }
  get maxTrials(): number | null {
    return this.#maxTrials
  }
  get recipe(): Recipe | 'auto' {
    return this.#recipe
  }
  /** Whether it was given other steps since its newest result, and none of its results was made with them. */
  get hasNewRecipe(): boolean {
    const recipe = this.#recipe
    if (recipe === (this.#ran?.recipe ?? 'auto') || recipe === 'auto') return false
    return this.indexOfResult(recipe) < 0
  }
  /** Whether the automatic choice was given other aims, or other data to choose ranges on, since it ran. */
  get hasNewAim(): boolean {
    const ran = this.#ran
    if (!ran || this.#recipe !== 'auto') return false
    const { recipe, calibrate, budget, maxTrials } = ran
    if (recipe !== 'auto' || calibrate !== this.#calibrate || maxTrials !== this.#maxTrials) return true
    return JSON.stringify(budget) !== JSON.stringify(this.#budget)
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

  setCalibrate(calibrate: DataFiles | null): void {
    this.#calibrate = calibrate
    void this.#note({ calibrate })
  }

  /** How far the automatic choice may go. */
  setAim({ budget, maxTrials }: Pick<JobOptions, 'budget' | 'maxTrials'>): void {
    this.#budget = budget
    this.#maxTrials = maxTrials
    void this.#note({ budget, maxTrials })
  }

  setRecipe(recipe: Recipe | 'auto'): void {
    this.#recipe = recipe
    void this.#note({ recipe })
  }

  /** Options before the last change; null where there is nothing to undo. */
  get optionsBefore(): JobOptions | null {
    return this.#before
  }

  /** What it would be started with. */
  get options(): JobOptions {
    const { recipe, data, calibrate, budget, maxTrials } = this
    return { recipe, data, calibrate, budget, maxTrials }
  }

  /** Takes other options, and remembers those that it had. */
  changeOptions(change: Partial<JobOptions>): void {
    const before = this.options
    this.#take({ ...before, ...change })
    if (this.#phase === 'failed' && this.#inspection) this.retry()
    this.#before = before
  }

  undoOptions(): void {
    const before = this.#before
    if (!before) return
    this.#take(before)
    this.#before = null
  }

  #take({ recipe, data, calibrate, budget, maxTrials }: JobOptions): void {
    if (recipe !== this.#recipe) this.setRecipe(recipe)
    if (data !== this.#data) this.setData(data)
    if (calibrate !== this.#calibrate) this.setCalibrate(calibrate)
    if (budget !== this.#budget || maxTrials !== this.#maxTrials) this.setAim({ budget, maxTrials })
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
    this.#ran = this.options
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
    this.#run.restart()
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
    this.#run.report(progress)
  }

  silent(silentMs: number): void {
    this.#run.silent(silentMs)
  }

  finish(result: JobResult): void {
    this.#results = [...this.#results, result]
    this.#ran = this.options
    this.#shown = this.#results.length - 1
    this.#phase = 'done'
    this.#ended('done')
  }

  /** The newest result that was made with these steps; -1 where there is none. */
  indexOfResult(recipe: Recipe): number {
    return this.#results.findLastIndex(({ report }) => sameSteps(report.recipe, recipe))
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

  #note(note: JournalChange): Promise<void> {
    return journal.note(this.id, note)
  }
}
