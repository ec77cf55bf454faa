import type { Steering } from './train-api'

/** The event loop has its turn at least this often, so that what a person decides arrives. */
const TURN_MS = 40

/** What a person decides while a training runs; the training asks between its steps. */
export class Helm {
  readonly #now: () => number
  readonly #onPause: () => Promise<void>
  #decision: Steering = 'resume'
  #decide: () => void = () => undefined
  #turnMs = -Infinity

  /** @param onPause called once at the begin of every pause, e.g. to write down how far it is */
  constructor(onPause: () => Promise<void> = async () => undefined, now = () => performance.now()) {
    this.#onPause = onPause
    this.#now = now
  }

  steer(decision: Steering): void {
    this.#decision = decision
    this.#decide()
  }

  /** Waits while it is paused. */
  async checkIn(): Promise<'continue' | 'finish'> {
    if (this.#now() - this.#turnMs >= TURN_MS) {
      await turn()
      this.#turnMs = this.#now()
    }
    if (this.#decision === 'pause') await this.#onPause()
    while (this.#decision === 'pause') await new Promise<void>((resolve) => (this.#decide = resolve))
    return this.#decision === 'finish' ? 'finish' : 'continue'
  }
}

/** A turn of the event loop; a timer would wait 4 ms each time. */
function turn(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel()
    port1.onmessage = () => {
      port1.close()
      resolve()
    }
    port2.postMessage(null)
  })
}
