import type { DataFiles } from '../../workers/job-api'
import type { RestoredJob } from '../../workers/store-api'
import type { Training } from '../train/training.svelte'

/** The cards that train. What they are made of is fetched with the first of them. */
class Trainings {
  #list = $state.raw<readonly Training[]>([])

  /** Newest first. */
  get list(): readonly Training[] {
    return this.#list
  }

  get isBusy(): boolean {
    return this.#list.some((training) => training.isBusy)
  }

  /** 0..1 of what runs or waits. */
  get overall(): number {
    const busy = this.#list.filter((training) => training.isBusy)
    return busy.reduce((sum, { live }) => sum + live.overall, 0) / Math.max(1, busy.length)
  }

  /** A card for each table, idx pair or set of pictures. */
  async add(all: readonly DataFiles[]): Promise<readonly Training[]> {
    const { Training } = await import('../train/training.svelte')
    const added: Training[] = []
    for (const data of all) {
      const waiting = this.#list.find((training) => training.isWaitingFor(data))
      const training = waiting ?? Training.of(data)
      if (waiting) waiting.supply(data)
      else this.#list = [training, ...this.#list]
      added.push(training)
    }
    return added
  }

  /** Brings the cards of earlier visits back. */
  async restore(entries: readonly RestoredJob[]): Promise<void> {
    if (entries.length === 0) return
    const { Training } = await import('../train/training.svelte')
    const known = this.#list.map(({ id }) => id)
    const cards = entries.filter(({ id }) => !known.includes(id)).map((entry) => Training.restored(entry))
    this.#list = [...this.#list, ...cards.reverse()]
  }

  remove(training: Training): void {
    training.forget()
    this.#list = this.#list.filter((other) => other !== training)
  }

  /** Esc: what runs, or else the next in line. */
  cancelRunning(): Training | null {
    const busy = this.#list.filter((one) => one.isBusy)
    const training = busy.find(({ phase }) => phase === 'running') ?? busy[0]
    training?.cancel()
    return training ?? null
  }

  async whenIdle(): Promise<void> {
    for (const training of this.#list) await training.whenEnded()
  }
}

export const trainings = new Trainings()
