import type { Shared } from '../../jobs/share/shared'
import { verifyShared, type Verdict } from '../../jobs/share/verify'
import type { Job } from '../state/job.svelte'
import type { Queue } from '../state/queue.svelte'

export type Stage =
  /** No file yet. */
  | { readonly kind: 'waiting' }
  | { readonly kind: 'looking'; readonly job: Job }
  | { readonly kind: 'other-file'; readonly job: Job }
  | { readonly kind: 'same-file'; readonly job: Job }
  | { readonly kind: 'running'; readonly job: Job }
  | { readonly kind: 'failed'; readonly job: Job }
  | { readonly kind: 'done'; readonly job: Job; readonly verdict: Verdict }

/**
 * Makes a shared result again: waits for a file with the shared hash among the cards of the page, runs the shared recipe
 * on it when the visitor says so, and compares the bytes.
 */
export class Reproduction {
  readonly #shared: Shared
  readonly #queue: Queue
  /** Cards that were there before the link: those with another file are none of its business. */
  readonly #earlier: readonly string[]
  #found = $state.raw<Readonly<Record<string, 'looking' | 'same' | 'other'>>>({})
  /** The card that makes it again, and how many results it had before. */
  #asked = $state.raw<{ readonly id: string; readonly results: number } | null>(null)

  constructor(shared: Shared, queue: Queue) {
    this.#shared = shared
    this.#queue = queue
    this.#earlier = queue.jobs.map(({ id }) => id)
  }

  get stage(): Stage {
    return this.#ofAsked() ?? this.#ofFiles()
  }

  #ofAsked(): Stage | null {
    const asked = this.#asked
    const job = this.#queue.jobs.find(({ id }) => id === asked?.id)
    if (!asked || !job) return null
    const result = job.results[asked.results]
    if (result) return { kind: 'done', job, verdict: verifyShared(this.#shared, result.report) }
    if (job.isBusy) return { kind: 'running', job }
    return job.phase === 'failed' ? { kind: 'failed', job } : null
  }

  #ofFiles(): Stage {
    const of = (wanted: string) => this.#queue.jobs.find(({ id }) => this.#found[id] === wanted)
    const [same, looking] = [of('same'), of('looking')]
    if (same) return { kind: 'same-file', job: same }
    if (looking) return { kind: 'looking', job: looking }
    const other = this.#queue.jobs.find(({ id }) => this.#found[id] === 'other' && !this.#earlier.includes(id))
    return other ? { kind: 'other-file', job: other } : { kind: 'waiting' }
  }

  /** Looks at the cards that it has not seen; called whenever they change. */
  look(): void {
    const { result } = this.#shared
    if (!result) return
    // cancelled: it can be asked for again
    if (this.#asked && !this.#ofAsked()) this.#asked = null
    for (const job of this.#queue.jobs) {
      if (!job.inspection || !job.files || this.#found[job.id]) continue
      // a file of another size need not be hashed
      if (job.inspection.file.sizeBytes !== result.input.sizeBytes) this.#note(job, 'other')
      else void this.#compare(job, result.input.sha256)
    }
  }

  async #compare(job: Job, sha256: string): Promise<void> {
    this.#note(job, 'looking')
    try {
      this.#note(job, (await this.#queue.identify(job)) === sha256 ? 'same' : 'other')
    } catch {
      // removed or unreadable: its own card says so
      this.#note(job, 'other')
    }
  }

  #note(job: Job, found: 'looking' | 'same' | 'other'): void {
    this.#found = { ...this.#found, [job.id]: found }
  }

  /** @param recipe the shared one with every option explicit */
  start(job: Job, recipe: Shared['recipe']): void {
    this.#asked = { id: job.id, results: job.results.length }
    job.setRecipe(recipe)
    // made anew, whatever the store has: that is the point
    this.#queue.start(job, true)
  }
}
