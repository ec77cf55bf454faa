import { assert } from '../../core/errors'

/**
 * Keeps the books of one linear memory: which byte ranges are taken. It hands out addresses beyond the memory's end, too;
 * the owner then grows the memory to `end`, once for several allocations.
 */
export class Heap {
  readonly #base: number
  readonly #alignment: number
  /** Taken ranges by address. */
  readonly #taken: { at: number; bytes: number }[] = []

  /** @param base first address that may be given; both are multiples of `alignment` */
  constructor(base: number, alignment: number) {
    this.#base = base
    this.#alignment = alignment
  }

  /** Where the last taken range ends. */
  get end(): number {
    const last = this.#taken.at(-1)
    return last ? last.at + last.bytes : this.#base
  }

  get takenBytes(): number {
    return this.#taken.reduce((sum, { bytes }) => sum + bytes, 0)
  }

  /** Address of a range of this many bytes: the first gap that is large enough, or the end. Nothing takes no room. */
  allocate(bytes: number): number {
    const needed = Math.ceil(bytes / this.#alignment) * this.#alignment
    let at = this.#base
    let i = 0
    for (; i < this.#taken.length; i++) {
      const next = this.#taken[i] as { at: number; bytes: number }
      if (next.at - at >= needed) break
      at = next.at + next.bytes
    }
    if (needed > 0) this.#taken.splice(i, 0, { at, bytes: needed })
    return at
  }

  /** Gives a range back that `allocate` gave for `bytes`. */
  free(at: number, bytes: number): void {
    if (bytes === 0) return
    const i = this.#taken.findIndex((range) => range.at === at)
    assert(i >= 0, `nothing was allocated at ${at}`)
    this.#taken.splice(i, 1)
  }
}
