import { JobClient, startJobWorker } from '../../bridge/job-client'
import { AbortError } from '../../core/errors'
import type { DataPreview } from '../../jobs/train/preview'
import type { TrainSettings } from '../../jobs/train/request'
import type { DataFiles } from '../../workers/job-api'
import { describeFailure, type Failure } from '../failure'
import { whenProtected } from '../pwa/protection.svelte'

/** Looking at data has a worker of its own, so that it never waits for work. */
const client = new JobClient(startJobWorker, whenProtected)

/** What training would make of the data with the settings as they are. */
export class Look {
  readonly client = client
  readonly #name: string
  #settings = $state.raw<TrainSettings>({ seed: 0 })
  #preview = $state.raw<DataPreview | null>(null)
  #problem = $state.raw<Failure | null>(null)
  #isLooking = $state(false)
  /** Settings that a preview could be made with. */
  #good: TrainSettings | null = null
  #asking: Promise<void> | null = null
  #end = new AbortController()

  constructor(settings: TrainSettings, name: string) {
    this.#settings = settings
    this.#name = name
  }

  get settings(): TrainSettings {
    return this.#settings
  }
  /** Of the newest settings that fitted; null before any did. */
  get preview(): DataPreview | null {
    return this.#preview
  }
  /** Why the settings, or the data, do not fit. */
  get problem(): Failure | null {
    return this.#problem
  }
  get isLooking(): boolean {
    return this.#isLooking
  }
  /** Whether there are settings to go back to. */
  get canUndo(): boolean {
    return this.#problem !== null && this.#good !== null
  }

  /** Takes other settings; those that are given meanwhile are asked for when the answer is there. */
  async ask(data: DataFiles, settings: TrainSettings): Promise<void> {
    this.#settings = settings
    while (this.#asking) await this.#asking
    // another caller may have asked for the newest settings already
    if (this.#settings === settings) await (this.#asking = this.#askNow(data, settings))
  }

  /** Takes settings that do not change what is made of the data. */
  set(settings: TrainSettings): void {
    this.#settings = settings
    if (this.#problem === null) this.#good = settings
  }

  /** Back to the settings that fitted. */
  undo(): void {
    if (this.#good) this.#settings = this.#good
    this.#problem = null
  }

  end(): void {
    this.#end.abort()
  }

  async #askNow(data: DataFiles, settings: TrainSettings): Promise<void> {
    this.#isLooking = true
    try {
      this.#preview = await client.preview({ data, settings }, this.#end.signal)
      this.#good = settings
      this.#problem = null
    } catch (error) {
      if (!(error instanceof AbortError)) this.#problem = describeFailure(error, this.#name)
    }
    this.#isLooking = false
    this.#asking = null
  }
}
