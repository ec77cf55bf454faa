import { JobClient } from '../../bridge/job-client'
import { AbortError } from '../../core/errors'
import type { Progress } from '../../core/progress'
import type { Recipe } from '../../jobs/recipe'
import type { DataFiles, InputFile } from '../../workers/job-api'
import { describeFailure } from '../failure'
import { sortFiles } from '../intake/sort'
import { bytes, percent } from '../numbers'
import { t } from '../text'
import { announcer } from './announcer.svelte'
import { Job } from './job.svelte'

/** All jobs of the page. Looking inside has a worker of its own, so that it never waits for work. */
export class Queue {
  readonly #inspector = new JobClient()
  readonly #worker = new JobClient()
  #jobs = $state.raw<readonly Job[]>([])
  #message = $state<string | null>(null)
  #isDraining = false

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

  say(message: string | null): void {
    this.#message = message
    if (message) announcer.say(message)
  }

  /** Takes what was dropped, chosen or pasted. Returns the new jobs. */
  add(files: readonly InputFile[]): readonly Job[] {
    this.#message = null
    if (files.length === 0) {
      this.say(t.drop.nothing)
      return []
    }
    const { models, data } = sortFiles(files)
    const added = models.map((model) => new Job(model))
    this.#jobs = [...added, ...this.#jobs]
    for (const job of added) {
      if (data) job.setData(data)
      void this.#inspect(job)
    }
    if (data && added.length === 0) this.#attach(data)
    return added
  }

  /** Data that came alone belongs to the newest model. */
  #attach(data: DataFiles): void {
    const job = this.#newest()
    job?.setData(data)
    this.say(job ? t.drop.dataAdded(data.name, job.name) : t.drop.dataAlone(data.name))
  }

  #newest(): Job | undefined {
    return this.#jobs.find((job) => job.phase === 'ready' || job.phase === 'done')
  }

  addRecipe(recipe: Recipe): void {
    const job = this.#newest()
    job?.setRecipe(recipe)
    this.say(job ? t.drop.recipeAdded(job.name) : t.drop.recipeAlone)
  }

  start(job: Job): void {
    if (job.isBusy) return
    job.enqueue()
    void this.#drain()
  }

  startAll(): void {
    for (const job of [...this.ready].reverse()) this.start(job)
  }

  cancel(job: Job): void {
    job.cancel()
    announcer.say(t.live.cancelled(job.name))
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
  }

  async #inspect(job: Job): Promise<void> {
    announcer.say(t.live.inspecting(job.name))
    try {
      const report = await this.#inspector.inspect(job.files, job.signal)
      job.inspected(report)
      const [before, after] = [report.file.sizeBytes, report.prediction.sizeBytes].map((size) => bytes(size))
      announcer.say(t.live.ready(job.name, before as string, after as string))
    } catch (error) {
      if (!(error instanceof AbortError)) this.#fail(job, error)
    }
  }

  /** Runs what waits, oldest first, one at a time: two would share the same cores and memory. */
  async #drain(): Promise<void> {
    if (this.#isDraining) return
    this.#isDraining = true
    for (let job = this.#nextQueued(); job; job = this.#nextQueued()) await this.#run(job)
    this.#isDraining = false
  }

  #nextQueued(): Job | undefined {
    return this.#jobs.findLast(({ phase }) => phase === 'queued')
  }

  async #run(job: Job): Promise<void> {
    const { signal, data } = job
    job.start()
    const speak = progressSpeaker(job.name)
    try {
      const result = await this.#worker.compress(
        { files: job.files, recipe: job.recipe, ...(data && { data }) },
        {
          signal,
          onProgress: (progress) => {
            job.report(progress)
            speak(progress)
          },
          onSilence: (silentMs) => job.silent(silentMs),
        },
      )
      job.finish({ ...result, data })
      const { input, output } = result.report
      const sizes = [input.sizeBytes, output.sizeBytes].map((size) => bytes(size)) as [string, string]
      announcer.say(output.isOriginal ? t.live.kept(job.name) : t.live.done(job.name, ...sizes))
    } catch (error) {
      if (!(error instanceof AbortError)) this.#fail(job, error)
    }
  }

  #fail(job: Job, error: unknown): void {
    const failure = describeFailure(error, job.name)
    job.fail(failure)
    announcer.say(t.live.failed(job.name, failure.title))
  }
}

/** Tells a screen reader each stage and every further tenth of it, not more. */
function progressSpeaker(name: string): (progress: Progress) => void {
  let last = ''
  return ({ stage, done, total }) => {
    const tenth = total > 0 ? Math.floor((done / total) * 10) : 0
    const key = `${stage} ${tenth}`
    if (key === last) return
    last = key
    announcer.say(t.live.progress(name, t.run.stages[stage] ?? stage, percent(tenth / 10, 0)))
  }
}

export const queue = new Queue()
