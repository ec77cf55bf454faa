import { AbortError } from '../../core/errors'
import type { DataPreview } from '../../jobs/train/preview'
import type { TrainSettings } from '../../jobs/train/request'
import type { DataFiles, ModelFiles } from '../../workers/job-api'
import type { RestoredJob } from '../../workers/store-api'
import type { TrainResult } from '../../workers/train-api'
import { describeFailure, type Failure } from '../failure'
import { announcer } from '../state/announcer.svelte'
import { journal } from '../state/journal'
import { newId } from '../state/new-id'
import { takeTurn, trainer } from '../state/worker'
import { t } from '../text'
import { Live } from './live.svelte'
import { Look } from './look.svelte'
import { changesPlan } from './settings'
import { liveSpeaker } from './speaker'

/** `missing`: the card came back after a reload, but its data was too large to keep and has to be dropped again. */
export type TrainingPhase = 'looking' | 'missing' | 'ready' | 'queued' | 'running' | 'done' | 'failed'

/** Starts that did not end before a training waits for a click, so that it cannot kill the tab for ever. */
const MAX_ATTEMPTS = 2

const FIRST: TrainSettings = { seed: 0 }

/** One set of data and what is trained on it. Data and models are handles, never bytes. */
export class Training {
  readonly id: string
  /** Of the data. */
  readonly name: string
  /** Names and sizes of what was dropped. */
  readonly expected: RestoredJob['expected']
  readonly live = new Live()
  readonly look: Look
  #phase = $state<TrainingPhase>('looking')
  #data = $state.raw<DataFiles | null>(null)
  #failure = $state.raw<Failure | null>(null)
  #results = $state.raw<readonly TrainResult[]>([])
  #shown = $state(0)
  #isPaused = $state(false)
  #isFinishing = $state(false)
  #isInterrupted = $state(false)
  #wasCancelled = $state(false)
  #attempts = 0
  #abort = new AbortController()
  #run: Promise<void> = Promise.resolve()
  #isWaiting = $state(false)
  #endTurn: () => void = () => undefined

  private constructor(known: Pick<Training, 'id' | 'name' | 'expected'>, settings: TrainSettings) {
    this.id = known.id
    this.name = known.name
    this.expected = known.expected
    this.look = new Look(settings, known.name)
  }

  /** A card for data that was just dropped. */
  static of(data: DataFiles): Training {
    const expected = data.files.map(({ path, file }) => ({ path, sizeBytes: file.size }))
    const training = new Training({ id: newId(), name: data.name, expected }, FIRST)
    training.#data = data
    const card = { name: data.name, settings: FIRST, isPaused: false }
    void journal.keep(training.id, data.files as unknown as ModelFiles, null, card)
    void training.#open(data)
    return training
  }

  /** A card of an earlier visit; what was interrupted goes on. */
  static restored({ id, expected, files, train, phase, attempts }: RestoredJob): Training {
    const name = train?.name ?? expected[0]?.path ?? ''
    const training = new Training({ id, name, expected }, train?.settings ?? FIRST)
    training.#data = files && { name, files }
    training.#attempts = attempts
    training.#isInterrupted = phase === 'queued' || phase === 'running'
    void training.#comeBack(train?.isPaused ?? false)
    return training
  }

  get phase(): TrainingPhase {
    return this.#phase
  }
  get sizeBytes(): number {
    return this.expected.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)
  }
  /** null where it has to be dropped again. */
  get data(): DataFiles | null {
    return this.#data
  }
  get preview(): DataPreview | null {
    return this.look.preview
  }
  get settings(): TrainSettings {
    return this.look.settings
  }
  get failure(): Failure | null {
    return this.#failure
  }
  /** Oldest first. */
  get results(): readonly TrainResult[] {
    return this.#results
  }
  get shown(): TrainResult | null {
    return this.#results[this.#shown] ?? null
  }
  get shownIndex(): number {
    return this.#shown
  }
  get isBusy(): boolean {
    return this.#phase === 'queued' || this.#phase === 'running'
  }
  get isPaused(): boolean {
    return this.#isPaused
  }
  /** It was resumed, and something else works. */
  get isWaiting(): boolean {
    return this.#isWaiting
  }
  /** It was asked to take the best weights so far. */
  get isFinishing(): boolean {
    return this.#isFinishing
  }
  /** An earlier start of it did not end, and it waits for a click. */
  get isInterrupted(): boolean {
    return this.#isInterrupted
  }
  get wasCancelled(): boolean {
    return this.#wasCancelled
  }

  show(index: number): void {
    this.#shown = index
  }

  whenEnded(): Promise<void> {
    return this.#run
  }

  /** Whether this is the data that the card waits for. */
  isWaitingFor(data: DataFiles): boolean {
    return (
      this.#data === null &&
      this.expected.every(({ path, sizeBytes }) =>
        data.files.some((given) => given.path === path && given.file.size === sizeBytes),
      )
    )
  }

  supply(data: DataFiles): void {
    this.#data = { name: this.name, files: data.files }
    if (this.#phase === 'missing') this.#phase = 'looking'
    void this.#open(this.#data).then(() => this.#isInterrupted && this.start())
  }

  /** Takes other settings; the data are looked at again where they decide what is made of them. */
  async change(settings: TrainSettings): Promise<void> {
    if (!this.#data) return
    this.#wasCancelled = false
    if (changesPlan(this.settings, settings)) await this.look.ask(this.#data, settings)
    else this.look.set(settings)
    void this.#note({})
  }

  /** From a result back to the settings; the result stays. */
  edit(): void {
    if (this.#phase === 'done' || this.#phase === 'failed') this.#phase = this.look.preview ? 'ready' : 'looking'
    this.#failure = null
    if (!this.look.preview && this.#data) void this.#open(this.#data)
  }

  /** From the settings back to the result. */
  leaveEdit(): void {
    if (this.#phase === 'ready' && this.#results.length > 0) this.#phase = 'done'
  }

  start(): void {
    const data = this.#data
    if (this.isBusy || !data) return
    if (!this.#isInterrupted) this.#attempts = 0
    this.#abort = new AbortController()
    this.#failure = null
    this.#wasCancelled = this.#isPaused = this.#isFinishing = false
    this.live.restart()
    this.#phase = 'queued'
    void this.#note({ phase: 'queued', attempts: this.#attempts })
    const { signal } = this.#abort
    this.#run = this.#inTurn(data, signal)
  }

  async #inTurn(data: DataFiles, signal: AbortSignal): Promise<void> {
    this.#endTurn = await takeTurn()
    if (!signal.aborted) await this.#train(data, signal)
    this.#endTurn()
  }

  pause(): void {
    if (this.#phase !== 'running' || this.#isPaused) return
    this.#isPaused = true
    void trainer.steer('pause')
    // others may work meanwhile
    this.#endTurn()
    void this.#note({})
    announcer.say(t.train.live.paused(this.name))
  }

  resume(): Promise<void> {
    return this.#goOn('resume')
  }

  /** Ends early with the best weights so far. */
  async finish(): Promise<void> {
    if (this.#phase !== 'running') return
    this.#isFinishing = true
    if (this.#isPaused) await this.#goOn('finish')
    else void trainer.steer('finish')
  }

  /** Ends a pause, when it is its turn again. */
  async #goOn(decision: 'resume' | 'finish'): Promise<void> {
    if (!this.#isPaused || this.#isWaiting) return
    const { signal } = this.#abort
    this.#isWaiting = true
    const endTurn = await takeTurn()
    this.#isWaiting = false
    if (signal.aborted) return endTurn()
    this.#endTurn = endTurn
    this.#isPaused = false
    this.live.resumed()
    void trainer.steer(decision)
    void this.#note({})
  }

  /** Stops what runs; what was there before comes back. */
  cancel(): void {
    if (!this.isBusy) return
    this.#abort.abort()
    this.#wasCancelled = true
    this.#ended(this.#results.length > 0 ? 'done' : 'ready')
    announcer.say(t.live.cancelled(this.name))
  }

  /** The card was removed. */
  forget(): void {
    this.#abort.abort()
    this.look.end()
    void journal.forget(this.id)
  }

  async #open(data: DataFiles): Promise<void> {
    this.#failure = null
    await this.look.ask(data, this.look.settings)
    if (this.#phase !== 'looking') return
    const { problem, preview } = this.look
    if (preview) {
      this.#phase = 'ready'
      announcer.say(t.train.live.ready(this.name))
    } else if (problem) this.#fail(problem)
  }

  async #comeBack(wasPaused: boolean): Promise<void> {
    const { signal } = new AbortController()
    const results = await this.look.client.trained(this.id, signal).catch(() => [])
    this.#results = [...results, ...this.#results]
    this.#shown = Math.max(0, this.#results.length - 1)
    if (!this.#data) this.#phase = 'missing'
    const goesOn = this.#isInterrupted && !wasPaused && this.#attempts < MAX_ATTEMPTS
    if (goesOn) this.start()
    else if (results.length > 0 && !this.#isInterrupted) this.#phase = 'done'
    if (this.#data) await this.#open(this.#data)
  }

  async #train(data: DataFiles, signal: AbortSignal): Promise<void> {
    this.#phase = 'running'
    this.#isInterrupted = false
    const { settings } = this
    await this.#note({ phase: 'running', attempts: ++this.#attempts })
    const speak = liveSpeaker(this.name)
    try {
      const result = await trainer.train(
        { data, settings, jobId: this.id },
        {
          signal,
          onNews: (news) => {
            // it may have been pressed before the worker had a training to steer
            if (this.live.stage === null && this.#isPaused) void trainer.steer('pause')
            if (this.live.stage === null && this.#isFinishing) void trainer.steer('finish')
            this.live.hear(news)
            speak(this.live)
          },
          onSilence: (silentMs) => this.#isPaused || this.live.silent(silentMs),
        },
      )
      this.#results = [...this.#results, result]
      this.#shown = this.#results.length - 1
      this.#ended('done')
      announcer.say(t.train.live.done(this.name))
    } catch (error) {
      if (!(error instanceof AbortError)) this.#fail(describeFailure(error, this.name))
    }
  }

  #fail(failure: Failure): void {
    this.#failure = failure
    this.#ended('failed')
    announcer.say(t.live.failed(this.name, failure.title))
  }

  #ended(phase: 'ready' | 'done' | 'failed'): void {
    this.#phase = phase
    this.#attempts = 0
    this.#isPaused = this.#isFinishing = this.#isInterrupted = false
    void this.#note({ phase, attempts: 0 })
  }

  #note(change: { phase?: 'ready' | 'queued' | 'running' | 'done' | 'failed'; attempts?: number }): Promise<void> {
    const train = { name: this.name, settings: this.look.settings, isPaused: this.#isPaused }
    return journal.note(this.id, { ...change, train })
  }
}
