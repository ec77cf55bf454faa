interface Worked {
  readonly phase: string
  readonly isBusy: boolean
}

/** What came of all work from the moment when something began until nothing runs or waits. */
export class Turn<T extends Worked> {
  readonly #worked = new Set<T>()

  /** @returns the outcome when the work has just ended; null while there is some, none, or all was cancelled */
  update(jobs: readonly T[]): { readonly done: number; readonly failed: number } | null {
    const busy = jobs.filter(({ isBusy }) => isBusy)
    for (const job of busy) this.#worked.add(job)
    if (busy.length > 0) return null
    let [done, failed] = [0, 0]
    for (const { phase } of this.#worked) {
      if (phase === 'done') done++
      if (phase === 'failed') failed++
    }
    this.#worked.clear()
    return done + failed > 0 ? { done, failed } : null
  }
}
