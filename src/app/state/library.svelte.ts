import { AbortError } from '../../core/errors'
import type { Recipe } from '../../jobs/recipe'
import type { ModelFiles, OutputFile } from '../../workers/job-api'
import type { ExportProgress, Preset, ResultSummary, StoredResult } from '../../workers/store-api'
import { findResults, type Sort } from '../history/find'
import { newId } from './new-id'
import { store, type Store } from './store.svelte'

/** The part of the store that the library uses; tests have one in memory. */
export type LibraryStore = Pick<Store, 'open'> & {
  readonly client: Pick<Store['client'], 'call' | 'exportZip'>
}

/** What was just removed and can still be brought back. */
export interface Removed {
  readonly id: string
  readonly kind: 'results' | 'preset'
  readonly count: number
  /** Of the first of them. */
  readonly name: string
}

interface Undoable extends Removed {
  readonly undo: () => Promise<void>
}

/** A little less than the store waits before the bytes go, so that a button that is there always works. */
export const UNDO_MS = 9500

/** Every result that was kept, and the presets. */
export class Library {
  readonly #store: LibraryStore
  #results = $state.raw<readonly ResultSummary[] | null>(null)
  #presets = $state.raw<readonly Preset[]>([])
  #query = $state('')
  #sort = $state<Sort>('newest')
  #isPinnedOnly = $state(false)
  #selected = $state.raw<readonly string[]>([])
  #pair = $state.raw<readonly [string | null, string | null]>([null, null])
  #removed = $state.raw<readonly Undoable[]>([])
  #export = $state.raw<ExportProgress | null>(null)

  constructor(from: LibraryStore) {
    this.#store = from
  }

  /** Newest first; null until the store has answered. */
  get results(): readonly ResultSummary[] | null {
    return this.#results
  }
  /** Oldest first. */
  get presets(): readonly Preset[] {
    return this.#presets
  }
  /** Those that were searched for, in the order asked for. */
  get shown(): readonly ResultSummary[] {
    const wanted = { query: this.#query, sort: this.#sort, isPinnedOnly: this.#isPinnedOnly }
    return findResults(this.#results ?? [], wanted)
  }
  get query(): string {
    return this.#query
  }
  get sort(): Sort {
    return this.#sort
  }
  get isPinnedOnly(): boolean {
    return this.#isPinnedOnly
  }
  /** Ids that are ticked and on the screen, newest first: what is hidden by a search is never deleted. */
  get selected(): readonly string[] {
    const shown = this.shown.map(({ id }) => id)
    return (this.#results ?? []).map(({ id }) => id).filter((id) => this.#selected.includes(id) && shown.includes(id))
  }
  /** The two results side by side. */
  get pair(): readonly [string | null, string | null] {
    return this.#pair
  }
  /** Newest first. */
  get removed(): readonly Removed[] {
    return this.#removed
  }
  /** null where no zip is being packed. */
  get exporting(): ExportProgress | null {
    return this.#export
  }

  async refresh(): Promise<void> {
    await this.#store.open()
    try {
      const [results, presets] = await this.#store.client.call((api) => Promise.all([api.list(), api.presets()]))
      this.#results = results
      this.#presets = presets
    } catch {
      // the store says itself that it cannot be used; what was read before stays
      this.#results ??= []
    }
  }

  find(query: string): void {
    this.#query = query
  }
  sortBy(sort: Sort): void {
    this.#sort = sort
  }
  showPinnedOnly(isPinnedOnly: boolean): void {
    this.#isPinnedOnly = isPinnedOnly
  }

  isSelected(id: string): boolean {
    return this.#selected.includes(id)
  }
  toggle(id: string): void {
    this.#selected = this.isSelected(id) ? this.#selected.filter((other) => other !== id) : [...this.#selected, id]
  }
  clearSelection(): void {
    this.#selected = []
  }

  compare(a: string | null, b: string | null): void {
    this.#pair = [a, b]
  }

  /** Two to begin with, where none were chosen: the newest, and the newest other one of the same file. */
  chooseTwo(): void {
    const all = this.#results ?? []
    const [a, b] = this.#pair.map((wanted) => all.find(({ id }) => id === wanted))
    if (a && b) return
    const kept = a ?? b ?? all[0]
    const others = all.filter((other) => other !== kept)
    const other = others.find(({ input }) => input.sha256 === kept?.input.sha256) ?? others[0]
    const ids = [kept?.id ?? null, other?.id ?? null] as const
    this.#pair = a ? ids : [ids[1], ids[0]]
  }

  load(id: string): Promise<StoredResult | null> {
    return this.#store.client.call((api) => api.load(id))
  }
  /** The files that a result was made from, where they are still kept. */
  inputOf(result: Pick<ResultSummary, 'input'>): Promise<ModelFiles | null> {
    return this.#store.client.call((api) => api.inputOf(result.input.sha256))
  }

  /** One zip of these results; null when it was cancelled. */
  async exportZip(ids: readonly string[] | 'all'): Promise<OutputFile | null> {
    this.#export = { doneBytes: 0, totalBytes: 0 }
    try {
      return await this.#store.client.exportZip(ids, (progress) => {
        if (this.#export) this.#export = progress
      })
    } catch (error) {
      if (error instanceof AbortError) return null
      throw error
    } finally {
      this.#export = null
    }
  }
  async cancelExport(): Promise<void> {
    await this.#store.client.call((api) => api.cancelExport())
  }

  async rename(id: string, name: string): Promise<void> {
    await this.#change((api) => api.rename(id, name))
  }
  async pin(id: string, isPinned: boolean): Promise<void> {
    await this.#change((api) => api.pin(id, isPinned))
  }
  async remove(ids: readonly string[]): Promise<void> {
    const first = this.#results?.find(({ id }) => id === ids[0])
    if (!first) return
    const removed = { kind: 'results', count: ids.length, name: first.name } as const
    this.#canUndo(removed, () => this.#change((api) => api.restore(ids)))
    await this.#change((api) => api.remove(ids))
  }

  async savePreset(name: string, recipe: Recipe): Promise<void> {
    await this.#put({ id: newId(), name: name.trim(), recipe, createdAt: Date.now() })
  }
  async renamePreset(preset: Preset, name: string): Promise<void> {
    await this.#put({ ...preset, name: name.trim() })
  }
  async removePreset(preset: Preset): Promise<void> {
    this.#canUndo({ kind: 'preset', count: 1, name: preset.name }, () => this.#put(preset))
    await this.#change((api) => api.removePreset(preset.id))
  }

  /** Brings back what was removed; without an id, what was removed last. */
  async undo(id = this.#removed[0]?.id): Promise<void> {
    const removed = this.#removed.find((one) => one.id === id)
    if (!removed) return
    this.#forget(removed.id)
    await removed.undo()
  }

  #canUndo(removed: Omit<Removed, 'id'>, undo: () => Promise<void>): void {
    const id = newId()
    this.#removed = [{ ...removed, id, undo }, ...this.#removed]
    setTimeout(() => this.#forget(id), UNDO_MS)
  }

  #forget(id: string): void {
    this.#removed = this.#removed.filter((one) => one.id !== id)
  }

  #put(preset: Preset): Promise<void> {
    return this.#change((api) => api.savePreset(preset))
  }

  /** What was changed here is seen at once; other tabs hear of it from the store. */
  async #change(
    work: (api: Parameters<Parameters<LibraryStore['client']['call']>[0]>[0]) => Promise<void>,
  ): Promise<void> {
    await this.#store.client.call(work)
    await this.refresh()
  }
}

export const library = new Library(store)
