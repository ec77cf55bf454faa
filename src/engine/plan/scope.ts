import type { HostArray } from '../../core/host-array'
import type { Stage } from './stages'

/** What one run knows: names of a graph and, behind them, of the graphs around it. */
export class Scope {
  readonly #arrays = new Map<string, HostArray>()
  readonly #outer: Scope | undefined
  stage: Stage | undefined

  constructor(outer?: Scope) {
    this.#outer = outer
  }

  get(name: string): HostArray | undefined {
    return this.#arrays.get(name) ?? this.stage?.values.get(name)?.constant ?? this.#outer?.get(name)
  }

  set(name: string, array: HostArray): void {
    this.#arrays.set(name, array)
  }

  /** Forgets what nobody reads any more. */
  keepOnly(names: ReadonlySet<string>): void {
    for (const name of this.#arrays.keys()) if (!names.has(name)) this.#arrays.delete(name)
  }
}
