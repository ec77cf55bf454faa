import { SvelteSet } from 'svelte/reactivity'
import type { Recipe } from '../../jobs/recipe'
import type { Job, JobOptions } from '../state/job.svelte'
import type { OptionsTarget } from '../state/draft.svelte'
import { MANY, queue, type Queue } from '../state/queue.svelte'
import { sharedRecipe } from '../state/shared-recipe.svelte'
import { sameRecipe } from './same-recipe'
import { isStartable, totalsOf, type Totals } from './totals'

type Shared = Pick<JobOptions, 'recipe' | 'budget' | 'maxTrials'>

interface Before {
  readonly shared: Shared
  readonly rows: readonly (readonly [Job, Shared])[]
}

/** The part of the queue that a batch is made of. */
export type BatchQueue = Pick<Queue, 'jobs' | 'start' | 'retry' | 'cancelAll'>

/** Many files as one: how they are shown, and the options that they share. */
export class Batch implements OptionsTarget {
  readonly id = 'batch'
  /** Options for all never carry data: each file has its own. */
  readonly data = null
  readonly calibrate = null
  readonly #queue: BatchQueue
  #wanted = $state<'cards' | 'table' | null>(null)
  #before = $state.raw<Before | null>(null)
  readonly #open = new SvelteSet<string>()

  constructor(of: BatchQueue) {
    this.#queue = of
  }

  /** In the order in which they run. */
  readonly rows: readonly Job[] = $derived.by(() => [...this.#queue.jobs].reverse())
  readonly totals: Totals = $derived.by(() => totalsOf(this.#queue.jobs))

  /** From three files on; what a person chose goes first. */
  get isTable(): boolean {
    return this.#wanted === null ? this.#queue.jobs.length >= MANY : this.#wanted === 'table'
  }
  showAs(wanted: 'cards' | 'table'): void {
    this.#wanted = wanted
  }

  isOpen(job: Job): boolean {
    return this.#open.has(job.id)
  }
  toggle(job: Job): void {
    if (!this.#open.delete(job.id)) this.#open.add(job.id)
  }

  get recipe(): Recipe | 'auto' {
    return sharedRecipe.recipe
  }
  get budget(): JobOptions['budget'] {
    return sharedRecipe.aim.budget
  }
  get maxTrials(): number | null {
    return sharedRecipe.aim.maxTrials
  }
  hasOwnRecipe(job: Job): boolean {
    return !sameRecipe(job.recipe, sharedRecipe.recipe)
  }

  /** Gives every file these options, but those that have their own, and what runs at the moment. */
  changeOptions(change: Partial<JobOptions>): void {
    const rows = this.#queue.jobs.filter((job) => job.phase !== 'running' && !this.hasOwnRecipe(job))
    const { recipe, budget, maxTrials } = this
    this.#before = { shared: { recipe, budget, maxTrials }, rows: rows.map((job) => [job, job.options] as const) }
    const wanted = { recipe, budget, maxTrials, ...change }
    sharedRecipe.set(wanted.recipe, wanted)
    for (const job of rows) give(job, wanted)
  }
  get canUndo(): boolean {
    return this.#before !== null
  }
  undoOptions(): void {
    const before = this.#before
    if (!before) return
    sharedRecipe.set(before.shared.recipe, before.shared)
    for (const [job, own] of before.rows) if (job.phase !== 'running') give(job, own)
    this.#before = null
  }
  useShared(job: Job): void {
    job.changeOptions({ recipe: sharedRecipe.recipe, ...sharedRecipe.aim })
  }

  startAll(): void {
    this.#before = null
    for (const job of this.rows.filter(isStartable)) this.#queue.start(job)
  }
  cancelAll(): void {
    this.#queue.cancelAll()
  }
  retryFailed(): void {
    for (const job of this.rows.filter(({ phase }) => phase === 'failed')) void this.#queue.retry(job)
  }
}

function give(job: Job, { recipe, budget, maxTrials }: Shared): void {
  job.setRecipe(recipe)
  if (budget !== job.budget || maxTrials !== job.maxTrials) job.setAim({ budget, maxTrials })
}

export const batch = new Batch(queue)
