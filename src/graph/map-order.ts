/**
 * Changes of Maps that can be taken back without moving entries about.
 *
 * A JavaScript Map puts a deleted entry back at its end, but a writer stores tensors in the order of the Map, and
 * undone edits must give the same bytes. So every entry keeps a rank, and `settle` sorts what came back.
 */
export class MapOrder {
  readonly #ranks = new WeakMap<object, { of: Map<string, number>; next: number }>()
  readonly #unsorted = new Set<Map<string, unknown>>()

  /** Sets an entry. @returns what takes it back */
  set<V>(map: Map<string, V>, key: string, value: V): () => void {
    const ranks = this.#of(map)
    const before = map.get(key)
    const existed = map.has(key)
    if (!existed) ranks.of.set(key, ranks.next++)
    map.set(key, value)
    return () => {
      if (existed) {
        map.set(key, before as V)
        return
      }
      map.delete(key)
      ranks.of.delete(key)
    }
  }

  /** Deletes an entry. @returns what takes it back; call `settle` after it */
  delete<V>(map: Map<string, V>, key: string): () => void {
    if (!map.has(key)) return () => {}
    const ranks = this.#of(map)
    const rank = ranks.of.get(key) ?? ranks.next++
    const before = map.get(key) as V
    map.delete(key)
    ranks.of.delete(key)
    return () => {
      map.set(key, before)
      ranks.of.set(key, rank)
      this.#unsorted.add(map)
    }
  }

  /** Puts entries that came back to their old places. */
  settle(): void {
    for (const map of this.#unsorted) {
      const ranks = this.#of(map).of
      const entries = [...map].sort(([a], [b]) => (ranks.get(a) ?? Infinity) - (ranks.get(b) ?? Infinity))
      map.clear()
      for (const [key, value] of entries) map.set(key, value)
    }
    this.#unsorted.clear()
  }

  #of(map: ReadonlyMap<string, unknown>) {
    let ranks = this.#ranks.get(map)
    if (!ranks) {
      ranks = { of: new Map([...map.keys()].map((key, rank) => [key, rank])), next: map.size }
      this.#ranks.set(map, ranks)
    }
    return ranks
  }
}
