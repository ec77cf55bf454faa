import { throwIfAborted } from './errors'

/** Time after which the event loop gets its turn: messages, among them an abort, are seen within it. */
export const TURN_MS = 30

/** Gives the event loop its turn, at most every `TURN_MS`, in a long computation. */
export class Turns {
  readonly #signal: AbortSignal | undefined
  #start = performance.now()

  constructor(signal?: AbortSignal) {
    this.#signal = signal
  }

  /** Whether `take` would wait: looked at where a promise per step costs too much. */
  get isDue(): boolean {
    return performance.now() - this.#start >= TURN_MS
  }

  /** @throws AbortError once the signal is aborted */
  async take(): Promise<void> {
    throwIfAborted(this.#signal)
    if (!this.isDue) return
    await new Promise<void>((done) => setTimeout(done))
    throwIfAborted(this.#signal)
    this.#start = performance.now()
  }
}
