import type { ResultRecord } from '../../jobs/store/records'
import type { OutputFile } from '../job-api'
import type { Preset, ResultSummary, StoredResult, StoreState } from '../store-api'
import { zipOf } from './export'
import { validPreset } from './library'
import { summaryOf } from './summary'

/** A result whose bytes are only in memory. */
export type Unkept = Omit<ResultRecord, 'files'> & { readonly files: readonly OutputFile[] }

export const IN_MEMORY: StoreState = {
  mode: 'memory',
  isPersisted: false,
  resultBytes: 0,
  inputBytes: 0,
  pinnedBytes: 0,
  quotaBytes: 0,
  usageBytes: 0,
}

/** Results and presets of this visit, where the browser keeps nothing: history and compare work until the tab ends. */
export class MemoryShelf {
  readonly #results = new Map<string, Unkept>()
  readonly #presets = new Map<string, Preset>()

  add(result: Unkept): void {
    this.#results.set(result.id, result)
  }

  /** Newest first, removed ones left out. */
  list(): ResultSummary[] {
    return this.#shown.map(summarize)
  }

  find(key: string): StoredResult | null {
    const found = this.#shown.find(({ keys }) => keys.includes(key))
    return found ? this.load(found.id) : null
  }

  load(id: string): StoredResult | null {
    const result = this.#shown.find((one) => one.id === id)
    return result ? { ...summarize(result), report: result.report, files: result.files } : null
  }

  change(ids: readonly string[], change: (result: Unkept) => Unkept): void {
    for (const id of ids) {
      const result = this.#results.get(id)
      if (result) this.#results.set(id, change(result))
    }
  }

  /** For good; those brought back since stay. */
  drop(ids: readonly string[], removedUntil: number): void {
    for (const id of ids) {
      const removedAt = this.#results.get(id)?.removedAt
      if (removedAt !== undefined && removedAt <= removedUntil) this.#results.delete(id)
    }
  }

  zip(ids: readonly string[] | 'all'): Promise<OutputFile> {
    return zipOf(this.#shown.filter(({ id }) => ids === 'all' || ids.includes(id)).reverse())
  }

  presets(): Preset[] {
    return [...this.#presets.values()].sort((a, b) => a.createdAt - b.createdAt)
  }
  savePreset(preset: Preset): void {
    this.#presets.set(preset.id, validPreset(preset))
  }
  removePreset(id: string): void {
    this.#presets.delete(id)
  }

  get #shown(): Unkept[] {
    const shown = [...this.#results.values()].filter(({ removedAt }) => removedAt === undefined)
    return shown.sort((a, b) => b.createdAt - a.createdAt)
  }
}

const summarize = (result: Unkept) =>
  summaryOf({ ...result, files: result.files.map(({ blob }) => ({ sizeBytes: blob.size })) })
