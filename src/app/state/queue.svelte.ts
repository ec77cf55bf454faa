import { JobClient, startJobWorker } from '../../bridge/job-client'
import { AbortError } from '../../core/errors'
import type { Recipe } from '../../jobs/recipe'
import type { DataFiles, InputFile, ModelFiles } from '../../workers/job-api'
import type { StoredResult } from '../../workers/store-api'
import { storedResult } from '../../workers/stored-result'
import { describeFailure } from '../failure'
import { sortFiles } from '../intake/sort'
import { bytes } from '../numbers'
import { whenProtected } from '../pwa/protection.svelte'
import { t } from '../text'
import { announcer } from './announcer.svelte'
import { gpuChoice } from './gpu-choice'
import { Job, sameOptions, type JobResult } from './job.svelte'
import { cardOf, dataOf, requestOf } from './job-parts'
import { journal } from './journal'
import { lastRecipe } from './last-recipe.svelte'
import { Identifier } from './identifier'
import { progressSpeaker } from './progress-speaker'
import { isDefaultAim, sharedRecipe } from './shared-recipe.svelte'
import { store } from './store.svelte'
import { trainings } from './trainings.svelte'
import { takeTurn, worker } from './worker'

/** A page that was just killed may hold its cards a moment longer. */
const LOOK_AGAIN_MS = 1500

/** From this many files on, a screen reader hears of all of them together, and a table can show them. */
export const MANY = 3

/** What became of dropped files. */
export interface Taken {
  readonly jobs: readonly Job[]
  readonly toTrain: readonly DataFiles[]
}

/** All jobs of the page. Looking inside has a worker of its own, so that it never waits for work; so has hashing. */
export class Queue {
  readonly #inspector = new JobClient(startJobWorker, whenProtected)
  readonly #identifier = new Identifier(new JobClient(startJobWorker, whenProtected))
  #jobs = $state.raw<readonly Job[]>([])
  #message = $state<string | null>(null)
  #isDraining = false
  /** Jobs that ended since there was nothing to do: their share of the whole. */
  #ended = $state(0)
  #waiting: (() => void)[] = []
  #nextRecipe = $state.raw<Recipe | null>(null)

  /** Newest first. */
  get jobs(): readonly Job[] {
    return this.#jobs
  }

  /** What a drop could not be used for; null when all is well. */
  get message(): string | null {
    return this.#message
  }

  get ready(): readonly Job[] {
    return this.#jobs.filter((job) => job.phase === 'ready')
  }

  /** Whether a job runs or waits for its turn. */
  get isBusy(): boolean {
    return this.#jobs.some((job) => job.isBusy)
  }

  /** Whether there are so many files that words about each would be too many. */
  get isMany(): boolean {
    return this.#jobs.length >= MANY
  }

  /** 0..1 of all work since there was none; 0 where there is none. */
  get overall(): number {
    const busy = this.#jobs.filter((job) => job.isBusy)
    if (busy.length === 0) return 0
    const done = busy.reduce(
      (sum, { phase, running }) => sum + (phase === 'running' ? running.overall : 0),
      this.#ended,
    )
    return done / (busy.length + this.#ended)
  }

  /** Resolves when no job runs or waits; at once where that is so. */
  whenIdle(): Promise<void> {
    return this.isBusy ? new Promise((resolve) => this.#waiting.push(resolve)) : Promise.resolve()
  }

  /** A recipe that came before its file: the next files that are dropped get it. */
  get nextRecipe(): Recipe | null {
    return this.#nextRecipe
  }

  keepRecipe(recipe: Recipe | null): void {
    this.#nextRecipe = recipe
  }

  say(message: string | null): void {
    this.#message = message
    if (message) announcer.say(message)
  }

  /** Takes what was dropped, chosen or pasted. Returns the new jobs, and what is to be trained on. */
  add(files: readonly InputFile[]): Taken {
    this.#message = null
    if (files.length === 0) {
      this.say(t.drop.nothing)
      return { jobs: [], toTrain: [] }
    }
    const { models, data, dataOfModels, tables } = sortFiles(files)
    const added = models.map(
      (model, index) => this.#comeBack(model) ?? this.#addNew(model, dataOfModels[index] ?? null),
    )
    if (added.length > 0) this.#nextRecipe = null
    // data that came alone belongs to the newest model, or else is trained on
    const isAttached = data !== null && added.length === 0 && tables.length === 0 && this.#attach(data)
    return { jobs: added, toTrain: [...tables, ...(data && added.length === 0 && !isAttached ? [data] : [])] }
  }

  /** A model with data to prove and to calibrate it on, and starts with it. */
  shrink(model: ModelFiles, data: DataFiles, calibrate: DataFiles): Job {
    const job = this.#addNew(model, data)
    job.setCalibrate(calibrate)
    this.start(job)
    return job
  }

  #addNew(model: ModelFiles, data: DataFiles | null): Job {
    const job = new Job(model)
    this.#jobs = [job, ...this.#jobs]
    void journal.keep(job.id, model, data)
    if (data) job.setData(data)
    if (sharedRecipe.recipe !== 'auto') job.setRecipe(sharedRecipe.recipe)
    else if (!isDefaultAim(sharedRecipe.aim)) job.setAim(sharedRecipe.aim)
    if (this.#nextRecipe) job.setRecipe(this.#nextRecipe)
    void this.#inspect(job).then(() => this.#answer(job))
    return job
  }

  /** The files of a card that waited for them. */
  #comeBack(model: ModelFiles): Job | undefined {
    const job = this.#jobs.find((one) => one.isWaitingFor(model))
    if (!job) return undefined
    job.supply(model)
    void this.#inspect(job).then(() => {
      if (job.isInterrupted && !job.failure) this.start(job)
    })
    return job
  }

  /** Brings the cards of earlier visits back, and goes on with what was interrupted. */
  async restore(): Promise<void> {
    await this.#takeBack()
    setTimeout(() => void this.#takeBack(), LOOK_AGAIN_MS)
  }

  async #takeBack(): Promise<void> {
    const all = await journal.restore()
    const entries = all.filter(({ train }) => !train)
    await trainings.restore(all.filter(({ train }) => train))
    const known = this.#jobs.map(({ id }) => id)
    const cards = entries.filter(({ id }) => !known.includes(id)).map((entry) => ({ entry, job: new Job(entry) }))
    this.#jobs = [...this.#jobs, ...cards.map(({ job }) => job).reverse()]
    if (this.isMany) sharedRecipe.adopt(this.#jobs.map(({ recipe }) => recipe))
    await Promise.all(
      cards.map(async ({ entry, job }) => {
        const stored = await journal.results(entry.resultIds)
        job.restoreResults(stored.map((result) => this.#resultOf(result, job, entry.data)))
        if (!job.files) return
        await this.#inspect(job)
        this.#goOn(job)
      }),
    )
  }

  /** A result that this very card showed before; nothing is said of the store. */
  #resultOf(stored: StoredResult, job: Job, data: DataFiles | null): JobResult {
    const { storedAt: _, ...result } = storedResult(stored, job.name)
    return { ...result, data }
  }

  /** A kept result as a card: the one that shows it already, else a new one, with its input where that is still there. */
  showStored(stored: StoredResult, files: ModelFiles | null): Job {
    const open = this.#jobs.find(({ results }) => results.some(({ resultId }) => resultId === stored.id))
    if (open) {
      open.show(open.results.findIndex(({ resultId }) => resultId === stored.id))
      return open
    }
    const { id, input, recipe, createdAt } = stored
    const job = new Job(cardOf(input, files, { phase: 'done', recipe, createdAt, resultIds: [id] }))
    job.restoreResults([this.#resultOf(stored, job, null)])
    this.#jobs = [job, ...this.#jobs]
    if (files)
      void journal.keep(job.id, files, null).then(() => journal.note(job.id, { phase: 'done', resultIds: [id] }))
    void this.#inspect(job)
    return job
  }

  /**
   * Makes a result of an earlier visit again, or another one of its input. Without that input the card asks for it, and
   * starts when it is dropped.
   */
  again({ input }: Pick<StoredResult, 'input'>, files: ModelFiles | null, recipe: Recipe | 'auto'): Job {
    const job = new Job(cardOf(input, files, { phase: 'queued', recipe }))
    this.#jobs = [job, ...this.#jobs]
    if (!files) return job
    void journal.keep(job.id, files, null).then(() => journal.note(job.id, { recipe }))
    void this.#inspect(job).then(() => this.#goOn(job))
    return job
  }

  #goOn(job: Job): void {
    if (job.continuesAlone && !job.failure) this.start(job)
  }

  /** The store may have the answer to a file that was just dropped: then there is nothing to do. */
  async #answer(job: Job): Promise<void> {
    const { options, phase } = job
    if (phase !== 'ready') return
    try {
      const identity = await this.#identifier.identityOf(job, (sha256) => void journal.identify(job.id, sha256))
      const found = identity && (await journal.find(identity))
      const isAsked = job.phase === 'ready' && sameOptions(job.options, options) && !job.wasCancelled
      if (found && isAsked) this.#finish(job, { ...storedResult(found, job.name), ...dataOf(options) })
    } catch {
      // what cannot be read is said when it is used
    }
  }

  /** SHA-256 of all files of a card that was looked into. @throws FormatError, AbortError */
  identify(job: Job): Promise<string> {
    return this.#identifier.sha256Of(job)
  }

  #attach(data: DataFiles): boolean {
    const job = this.#newest()
    if (!job) return false
    job.setData(data)
    this.say(t.drop.dataAdded(data.name, job.name))
    return true
  }

  #newest(): Job | undefined {
    return this.#jobs.find(({ phase }) => phase === 'inspecting' || phase === 'ready' || phase === 'done')
  }

  /** A recipe that came alone belongs to the newest model, or else to the next. */
  addRecipe(recipe: Recipe | 'auto'): void {
    const job = this.#newest()
    job?.setRecipe(recipe)
    const made = job && recipe !== 'auto' ? job.indexOfResult(recipe) : -1
    if (made >= 0) job?.show(made)
    if (job) this.say(t.drop.recipeAdded(job.name))
    else if (recipe !== 'auto') {
      this.say(null)
      this.#nextRecipe = recipe
      announcer.say(t.drop.recipeAlone)
    }
  }

  /** @param isFresh make and measure everything again, whatever the store has */
  start(job: Job, isFresh = false): void {
    if (job.isBusy) return
    if (!job.files) return this.say(t.journal.dropAgain(job.name))
    if (!this.isBusy) this.#ended = 0
    if (job.recipe !== 'auto') lastRecipe.remember(job.recipe)
    job.enqueue(isFresh)
    void this.#drain()
  }

  startAll(): void {
    for (const job of [...this.ready].reverse()) this.start(job)
  }

  cancel(job: Job): void {
    job.cancel()
    this.#settle()
    announcer.say(t.live.cancelled(job.name))
  }

  /** Those that wait first, so that none of them starts. */
  cancelAll(): void {
    for (const phase of ['queued', 'running'] as const) {
      for (const job of this.#jobs.filter((one) => one.phase === phase)) job.cancel()
    }
    this.#settle()
  }

  /** Once more after a failure; a file that could not be read is looked at again first. */
  async retry(job: Job): Promise<void> {
    job.retry()
    if (!job.inspection) await this.#inspect(job)
    if (job.inspection) this.start(job)
  }

  /** Runs it earlier (-1) or later (1) than its neighbour. */
  move(job: Job, step: -1 | 1): boolean {
    const from = this.#jobs.indexOf(job)
    // the oldest runs first, and stands last
    const other = this.#jobs[from - step]
    if (from < 0 || !other) return false
    this.#jobs = this.#jobs.with(from, other).with(from - step, job)
    return true
  }

  /** Esc: the running job, or else the next in line. */
  cancelRunning(): Job | null {
    const job =
      this.#jobs.find(({ phase }) => phase === 'running') ?? this.#jobs.find(({ phase }) => phase === 'queued')
    if (job) this.cancel(job)
    return job ?? null
  }

  remove(job: Job): void {
    job.cancel()
    this.#jobs = this.#jobs.filter((other) => other !== job)
    if (this.#jobs.length === 0) sharedRecipe.set('auto')
    void journal.forget(job.id)
    this.#settle()
  }

  /** Tells those who wait for the end of all work. */
  #settle(): void {
    if (this.isBusy) return
    for (const resolve of this.#waiting.splice(0)) resolve()
  }

  async #inspect(job: Job): Promise<void> {
    if (!job.files) return
    // a result that came back is there already; looking inside adds what its code snippets need
    const isNew = job.phase === 'inspecting'
    if (isNew) this.#tell(t.live.inspecting(job.name))
    try {
      const report = await this.#inspector.inspect(job.files, job.signal)
      job.inspected(report)
      if (!isNew) return
      const [before, after] = [report.file.sizeBytes, report.prediction.sizeBytes].map((size) => bytes(size))
      this.#tell(t.live.ready(job.name, before as string, after as string))
    } catch (error) {
      if (isNew && !(error instanceof AbortError)) this.#fail(job, error)
    }
  }

  /** Runs what waits, oldest first, one at a time: two would share the same cores and memory. */
  async #drain(): Promise<void> {
    if (this.#isDraining) return
    this.#isDraining = true
    while (this.#nextQueued()) {
      const endTurn = await takeTurn()
      // it may have been cancelled while something else had its turn
      const job = this.#nextQueued()
      if (job) await this.#run(job)
      endTurn()
    }
    this.#isDraining = false
  }

  #nextQueued(): Job | undefined {
    return this.#jobs.findLast(({ phase }) => phase === 'queued')
  }

  async #run(job: Job): Promise<void> {
    const { id: jobId, signal, files, isFresh, options } = job
    if (!files) return
    await job.start()
    const speak = progressSpeaker(job.name, (text) => this.#tell(text))
    try {
      const result = await worker.compress(
        { jobId, files, isFresh, gpu: gpuChoice(), ...requestOf(options) },
        {
          signal,
          onProgress: (progress) => {
            job.report(progress)
            speak(progress)
          },
          onSilence: (silentMs) => job.silent(silentMs),
        },
      )
      void journal.identify(jobId, result.report.input.sha256)
      if (result.trouble) store.report(result.trouble)
      this.#finish(job, { ...result, ...dataOf(options) })
    } catch (error) {
      if (!(error instanceof AbortError)) this.#fail(job, error)
    }
    this.#ended++
    this.#settle()
  }

  #finish(job: Job, result: JobResult): void {
    job.finish(result)
    const { input, output } = result.report
    const sizes = [input.sizeBytes, output.sizeBytes].map((size) => bytes(size)) as [string, string]
    this.#tell(output.isOriginal ? t.live.kept(job.name) : t.live.done(job.name, ...sizes))
  }

  #fail(job: Job, error: unknown): void {
    const failure = describeFailure(error, job.name)
    job.fail(failure)
    this.#tell(t.live.failed(job.name, failure.title))
  }

  /** Of one file; of many, `Presence` tells how they stand together. */
  #tell(text: string): void {
    if (!this.isMany) announcer.say(text)
  }
}

export const queue = new Queue()
