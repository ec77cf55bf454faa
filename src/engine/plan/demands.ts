/** Values that shape rules ask for and that no constant is: small ones that the host has become constants of the plan. */
import { elementCount } from '../../core/dtypes'
import { isFloat, type HostArray } from '../../core/host-array'
import type { BoundNode } from '../node-context'
import type { Constants } from './constants'
import { namesRead } from './order'
import type { Value } from './trace'

/** Elements of a value that may become part of a plan, and of what is computed from it. */
export const MOST_FIXED = 64
/** Nodes between a value that is asked for and one that is there. */
const DEEPEST = 100

/** What the host has of a value that a plan does not know yet; undefined where it must not become part of a plan. */
export type Offer = (name: string) => HostArray | undefined

/** Small values of a run, copied: the caller may change his. */
export function offerOf(arrayOf: Offer, mayFix: (name: string) => boolean, constants: Constants): Offer {
  const copies = new Map<string, HostArray>()
  return (name) => {
    const known = copies.get(name)
    if (known) return known
    const array = mayFix(name) ? arrayOf(name) : undefined
    if (!array || array.values.length > MOST_FIXED) return undefined
    const copy = { ...array, values: array.values.slice() } as HostArray
    constants.addFixed(copy)
    copies.set(name, copy)
    return copy
  }
}

/** What must happen for a value to be known. */
interface Needs {
  readonly arrays: Map<string, HostArray>
  /** In order. */
  readonly nodes: Set<BoundNode>
}

export class Demands {
  readonly #values: Map<string, Value>
  readonly #offer: Offer
  readonly #compute: (bound: BoundNode) => Promise<void>
  readonly #makers = new Map<string, BoundNode>()
  readonly #refused = new Set<string>()
  readonly fixed = new Map<string, HostArray>()
  /** Nodes of the stage that were computed after all. */
  readonly computed = new Set<BoundNode>()

  /**
   * @param values of the stage; what becomes known is written there
   * @param compute gives a node's outputs their constants; those of its inputs are there
   */
  constructor(values: Map<string, Value>, offer: Offer, compute: (bound: BoundNode) => Promise<void>) {
    this.#values = values
    this.#offer = offer
    this.#compute = compute
  }

  /** A node of the stage whose results are known by shape only. */
  add(bound: BoundNode): void {
    for (const name of bound.node.outputs) if (name !== '') this.#makers.set(name, bound)
  }

  /** @returns whether any of these values is known now and was not before */
  async resolve(names: Iterable<string>): Promise<boolean> {
    let isAny = false
    for (const name of names) {
      const needs: Needs = { arrays: new Map(), nodes: new Set() }
      if (!this.#find(name, needs, 0)) continue
      for (const [leaf, array] of needs.arrays) this.#fix(leaf, array)
      for (const bound of needs.nodes) {
        await this.#compute(bound)
        this.computed.add(bound)
      }
      isAny = true
    }
    return isAny
  }

  #fix(name: string, constant: HostArray): void {
    this.fixed.set(name, constant)
    this.#values.set(name, { name, dtype: constant.dtype, shape: constant.shape, constant })
  }

  #find(name: string, needs: Needs, depth: number): boolean {
    const value = this.#values.get(name)
    if (!value || depth > DEEPEST) return false
    if (value.constant) return true
    const maker = this.#makers.get(name)
    if (maker) {
      const isKnown = !this.#refused.has(name) && this.#findMade(maker, needs, depth)
      if (!isKnown) this.#refused.add(name)
      return isKnown
    }
    // floats are data: sizes computed from them differ from run to run
    const array = depth > 0 && isFloat(value.dtype) ? undefined : this.#offer(name)
    if (array) needs.arrays.set(name, array)
    return array !== undefined
  }

  #findMade(maker: BoundNode, needs: Needs, depth: number): boolean {
    if (needs.nodes.has(maker)) return true
    const sizeOf = (name: string) => elementCount(this.#values.get(name)?.shape ?? [])
    const isSmall = maker.node.outputs.every((name) => name === '' || sizeOf(name) <= MOST_FIXED)
    const areKnown = isSmall && namesRead(maker.node).every((name) => this.#find(name, needs, depth + 1))
    if (areKnown) needs.nodes.add(maker)
    return areKnown
  }
}
