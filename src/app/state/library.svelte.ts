import type { Recipe } from '../../jobs/recipe'
import type { Preset, ResultSummary, StoredResult } from '../../workers/store-api'
import type { ModelFiles, OutputFile } from '../../workers/job-api'
import { findResults, type Sort } from '../history/find'
import { newId } from './new-id'
import { store, type Store } from './store.svelte'

/** The part of the store that the library uses; tests have one in memory. */
export type LibraryStore = Pick<Store, 'open' | 'refresh' | 'version'> & {
  readonly client: Pick<Store['client'], 'call'>
}

/** What was just removed and can still be brought back. */
export interface Removed {
  readonly ids: readonly string[]
  readonly name: string
}

/** As long as the store waits before the bytes go. */
const UNDO_MS = 10_000

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
  #removed = $state.raw<Removed | null>(null)
  #undoTimer: ReturnType<typeof setTimeout> | undefined

  constructor(from: LibraryStore) {
    this.#store = from
  }

  /** Newest first; null until the store has answered. */
  get results(): readonly ResultSummary[] | null {
    return this.#results
  }
  get presets(): readonly Preset[] {
    return this.#presets
  }
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
  /** Ids that are ticked and still there. */
  get selected(): readonly string[] {
    return (this.#results ?? []).filter(({ id }) => this.#selected.includes(id)).map(({ id }) => id)
  }
  /** The two results side by side. */
  get pair(): readonly [string | null, string | null] {
    return this.#pair
  }
  get removed(): Removed | null {
    return this.#removed
  }

  async refresh(): Promise<void> {
    await this.#store.open()
    const [results, presets] = await this.#store.client.call((api) => Promise.all([api.list(), api.presets()]))
    this.#results = results
    this.#presets = presets
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
    const isOn = this.#selected.includes(id)
    this.#selected = isOn ? this.#selected.filter((other) => other !== id) : [...this.#selected, id]
  }
  clearSelection(): void {
    this.#selected = []
  }

  compare(a: string | null, b: string | null): void {
    this.#pair = [a, b]
  }

  load(id: string): Promise<StoredResult | null> {
    return this.#store.client.call((api) => api.load(id))
  }
  /** The files that a result was made from, where they are still kept. */
  inputOf(result: ResultSummary): Promise<ModelFiles | null> {
    return this.#store.client.call((api) => api.inputOf(result.input.sha256))
  }
  exportZip(ids: readonly string[] | 'all'): Promise<OutputFile> {
    return this.#store.client.call((api) => api.exportZip(ids))
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
    await this.#change((api) => api.remove(ids))
    this.#removed = { ids, name: first.name }
    clearTimeout(this.#undoTimer)
    this.#undoTimer = setTimeout(() => (this.#removed = null), UNDO_MS)
  }
  async undoRemove(): Promise<void> {
    const removed = this.#removed
    if (!removed) return
    this.#removed = null
    await this.#change((api) => api.restore(removed.ids))
  }

  async savePreset(name: string, recipe: Recipe, id: string = newId(), createdAt = Date.now()): Promise<void> {
    await this.#change((api) => api.savePreset({ id, name: name.trim(), recipe, createdAt }))
  }
  async removePreset(id: string): Promise<void> {
    await this.#change((api) => api.removePreset(id))
  }

  /** What was changed here is seen at once; other tabs hear of it from the store. */
  async #change(work: Parameters<LibraryStore['client']['call']>[0]): Promise<void> {
    await this.#store.client.call(work)
    await this.refresh()
  }
}

export const library = new Library(store)
