import type { ClassResult } from './quality'

/** Right answers by class, where each sample has one label. */
export class ClassCounts {
  readonly #counts = new Map<number, { samples: number; before: number; after: number; lost: number }>()

  add(label: number, wasRight: boolean, isRight: boolean): void {
    let entry = this.#counts.get(label)
    if (!entry) this.#counts.set(label, (entry = { samples: 0, before: 0, after: 0, lost: 0 }))
    entry.samples++
    if (wasRight) entry.before++
    if (isRight) entry.after++
    if (wasRight && !isRight) entry.lost++
  }

  /** By class number. */
  get results(): ClassResult[] {
    return [...this.#counts].sort(([a], [b]) => a - b).map(([label, counts]) => ({ class: label, ...counts }))
  }
}
