/** Keeps the few entries that were used last. */
export class Lru<V> {
  readonly #entries = new Map<string, V>()
  readonly #most: number
  readonly #drop: (value: V) => void

  constructor(most: number, drop: (value: V) => void) {
    this.#most = most
    this.#drop = drop
  }

  get(key: string): V | undefined {
    const found = this.#entries.get(key)
    if (found === undefined) return undefined
    this.#entries.delete(key)
    this.#entries.set(key, found)
    return found
  }

  set(key: string, value: V): void {
    this.#entries.set(key, value)
    for (const [oldest, dropped] of this.#entries) {
      if (this.#entries.size <= this.#most) return
      this.#entries.delete(oldest)
      this.#drop(dropped)
    }
  }

  get values(): readonly V[] {
    return [...this.#entries.values()]
  }

  clear(): void {
    for (const value of this.#entries.values()) this.#drop(value)
    this.#entries.clear()
  }
}
