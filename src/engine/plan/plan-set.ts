/** Plans of one graph, or behind one cut: told apart by shapes, and by the few values that were made part of them. */
import type { HostArray } from '../../core/host-array'
import { isSame } from './constants'
import { Lru } from './lru'

/** Values that became constants of a plan, by name. */
export type Fixed = ReadonlyMap<string, HostArray>

interface Kept<P> {
  readonly shapes: string
  readonly fixed: Fixed
  readonly plan: P
}

/** Plans kept for each graph and after each cut. */
const MOST_PLANS = 4
/** Plans made for one value that keeps changing, all shapes the same, before it is left to the run. */
const MOST_TRIES = 8
/** Shapes whose tries are remembered. */
const MOST_SHAPES = 32

export class PlanSet<P> {
  /** The one used last stands last. */
  #kept: Kept<P>[] = []
  readonly #tries = new Lru<Map<string, number>>(MOST_SHAPES, () => undefined)
  readonly #drop: (plan: P) => void

  constructor(drop: (plan: P) => void) {
    this.#drop = drop
  }

  /** @param arrayOf what a value is in this run */
  find(shapes: string, arrayOf: (name: string) => HostArray | undefined): P | undefined {
    const found = this.#kept.find(
      (one) => one.shapes === shapes && [...one.fixed].every(([name, array]) => isSame(array, arrayOf(name))),
    )
    if (!found) return undefined
    this.#kept = [...this.#kept.filter((one) => one !== found), found]
    return found.plan
  }

  /** Whether a plan for these shapes may still be made for one content of a value. */
  limitsOf(shapes: string): (name: string) => boolean {
    const tries = this.#tries.get(shapes)
    return (name) => (tries?.get(name) ?? 0) < MOST_TRIES
  }

  keep(shapes: string, fixed: Fixed, plan: P): void {
    if (fixed.size > 0) {
      const tries = this.#tries.get(shapes) ?? new Map<string, number>()
      for (const name of fixed.keys()) tries.set(name, (tries.get(name) ?? 0) + 1)
      this.#tries.set(shapes, tries)
    }
    this.#kept.push({ shapes, fixed, plan })
    while (this.#kept.length > MOST_PLANS) this.#drop(this.#kept.shift()!.plan)
  }

  clear(): void {
    for (const { plan } of this.#kept) this.#drop(plan)
    this.#kept = []
  }
}
