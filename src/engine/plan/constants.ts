import type { Constant } from '../../backends/machine'
import type { HostArray } from '../../core/host-array'
import type { Node } from '../../graph/model'
import type { MaybeArray } from '../../ops/op'

interface Folded {
  readonly inputs: readonly MaybeArray[]
  readonly outputs: readonly MaybeArray[]
}

/** How many results of one node are kept: one for each of the shapes that are planned for. */
const MOST_FOLDED = 4

/**
 * Values that are known before a run, shared by all plans of a session: weights, what was folded from them, and what
 * lowerings computed. One array is one constant, so that machines upload it once.
 */
export class Constants {
  readonly #constants = new Map<HostArray, Constant & { readonly id: number }>()
  readonly #folded = new Map<Node, Folded[]>()
  readonly #stored = new Map<Node, HostArray[]>()

  has(array: HostArray): boolean {
    return this.#constants.has(array)
  }

  of(array: HostArray): Constant & { readonly id: number } {
    const known = this.#constants.get(array)
    if (known) return known
    const made = { array, id: this.#constants.size }
    this.#constants.set(array, made)
    return made
  }

  /** What a node gave for these very inputs. */
  folded(node: Node, inputs: readonly MaybeArray[]): readonly MaybeArray[] | undefined {
    const sameInputs = (one: Folded) => one.inputs.every((input, i) => input === inputs[i] || isSame(input, inputs[i]))
    return this.#folded.get(node)?.find(sameInputs)?.outputs
  }

  keepFolded(node: Node, inputs: readonly MaybeArray[], outputs: readonly MaybeArray[]): void {
    this.#folded.set(node, [{ inputs, outputs }, ...(this.#folded.get(node) ?? [])].slice(0, MOST_FOLDED))
    for (const output of outputs) if (output) this.of(output)
  }

  /** The same array again where a lowering of this node stored one with these very bytes. */
  stored(node: Node, array: HostArray): HostArray {
    const arrays = this.#stored.get(node) ?? []
    const known = arrays.find((other) => isSame(other, array))
    if (known) return known
    this.#stored.set(node, [...arrays, array])
    return array
  }
}

function isSame(a: MaybeArray, b: MaybeArray): boolean {
  if (!a || !b) return a === b
  if (a.dtype !== b.dtype || a.shape.length !== b.shape.length) return false
  if (!a.shape.every((size, axis) => size === b.shape[axis])) return false
  const [left, right] = [bytesOf(a), bytesOf(b)]
  return left.length === right.length && left.every((byte, i) => byte === right[i])
}

const bytesOf = ({ values }: HostArray) => new Uint8Array(values.buffer, values.byteOffset, values.byteLength)
