import type { Constant } from '../../backends/machine'
import type { HostArray } from '../../core/host-array'
import type { Node } from '../../graph/model'
import type { MaybeArray } from '../../ops/op'

interface Folded {
  readonly inputs: readonly MaybeArray[]
  readonly outputs: readonly MaybeArray[]
}

/** How many results of one node are kept: some for each of the shapes that are planned for. */
const MOST_KEPT = 8

type Known = Constant & { readonly id: number }

/**
 * Values that are known before a run, shared by all plans of a session: weights, what was folded from them, and what
 * lowerings computed. One array is one constant, so that machines upload it once. What is no weight goes when the last
 * plan that holds it goes: a session may see any number of shapes.
 */
export class Constants {
  readonly #constants = new Map<HostArray, Known>()
  readonly #weights = new Set<Constant>()
  /** How many plans hold a constant. */
  readonly #holders = new Map<Constant, number>()
  readonly #folded = new Map<Node, readonly Folded[]>()
  readonly #stored = new Map<Node, readonly HostArray[]>()
  /** Values of one run that became constants of plans, and what was computed from them. */
  readonly #fixed = new WeakSet<HostArray>()
  #count = 0

  has(array: HostArray): boolean {
    return this.#constants.has(array)
  }

  of(array: HostArray): Known {
    const known = this.#constants.get(array)
    if (known) return known
    const made = { array, id: this.#count++ }
    this.#constants.set(array, made)
    return made
  }

  /** A constant that stays as long as the session. */
  weight(array: HostArray): Constant {
    const made = this.of(array)
    this.#weights.add(made)
    return made
  }

  addFixed(array: HostArray): void {
    this.#fixed.add(array)
  }

  isFixed(array: HostArray): boolean {
    return this.#fixed.has(array)
  }

  hold(constants: Iterable<Constant>): void {
    for (const one of constants) this.#holders.set(one, (this.#holders.get(one) ?? 0) + 1)
  }

  /** @returns those that nobody holds any more */
  letGo(constants: Iterable<Constant>): readonly Constant[] {
    const free: Constant[] = []
    for (const one of constants) {
      const holders = (this.#holders.get(one) ?? 0) - 1
      if (holders > 0) this.#holders.set(one, holders)
      else {
        this.#holders.delete(one)
        if (!this.#weights.has(one)) free.push(one)
      }
    }
    for (const { array } of free) this.#constants.delete(array)
    return free
  }

  /** What a node gave for these very inputs. */
  folded(node: Node, inputs: readonly MaybeArray[]): readonly MaybeArray[] | undefined {
    const sameInputs = (one: Folded) => one.inputs.every((input, i) => input === inputs[i] || isSame(input, inputs[i]))
    return this.#folded.get(node)?.find(sameInputs)?.outputs
  }

  keepFolded(node: Node, inputs: readonly MaybeArray[], outputs: readonly MaybeArray[]): void {
    this.#folded.set(node, [{ inputs, outputs }, ...(this.#folded.get(node) ?? [])].slice(0, MOST_KEPT))
  }

  /** The same array again where a lowering of this node stored one with these very bytes. */
  stored(node: Node, array: HostArray): HostArray {
    const arrays = this.#stored.get(node) ?? []
    const known = arrays.find((other) => isSame(other, array))
    if (known) return known
    this.#stored.set(node, [array, ...arrays].slice(0, MOST_KEPT))
    return array
  }
}

export function isSame(a: MaybeArray, b: MaybeArray): boolean {
  if (!a || !b) return a === b
  if (a.dtype !== b.dtype || a.shape.length !== b.shape.length) return false
  if (!a.shape.every((size, axis) => size === b.shape[axis])) return false
  const [left, right] = [bytesOf(a), bytesOf(b)]
  return left.length === right.length && left.every((byte, i) => byte === right[i])
}

const bytesOf = ({ values }: HostArray) => new Uint8Array(values.buffer, values.byteOffset, values.byteLength)
