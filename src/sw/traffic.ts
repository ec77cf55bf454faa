import type { Traffic } from '../core/offline'

const NONE: Traffic = { cached: 0, network: 0, refused: 0 }

/** Counts answers and tells the pages in bundles: one message for every file of a page load would be noise. */
export class TrafficCounter {
  readonly #tell: (traffic: Traffic) => Promise<void>
  readonly #delayMs: number
  #counts = NONE
  #told: Promise<void> | null = null

  constructor(tell: (traffic: Traffic) => Promise<void>, delayMs = 300) {
    this.#tell = tell
    this.#delayMs = delayMs
  }

  /** Resolves when it was told; the service worker has to live until then. */
  count(kind: keyof Traffic): Promise<void> {
    this.#counts = { ...this.#counts, [kind]: this.#counts[kind] + 1 }
    return (this.#told ??= this.#tellSoon())
  }

  async #tellSoon(): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, this.#delayMs))
    const counts = this.#counts
    this.#counts = NONE
    this.#told = null
    await this.#tell(counts)
  }
}
