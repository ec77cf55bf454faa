import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { AbortError } from '../../core/errors'
import type { OutputFile } from '../../workers/job-api'
import type { Preset, ResultSummary, StoreWorkerApi } from '../../workers/store-api'
import { result } from '../history/result-kit'
import { Library, UNDO_MS, type LibraryStore } from './library.svelte'

/** The store's contract, in memory. */
class MemoryStore {
  readonly results = new Map<string, ResultSummary>()
  readonly hidden = new Set<string>()
  readonly kept = new Map<string, Preset>()
  cancel: (() => void) | undefined

  readonly api = {
    list: async () =>
      [...this.results.values()].filter(({ id }) => !this.hidden.has(id)).sort((a, b) => b.createdAt - a.createdAt),
    presets: async () => [...this.kept.values()].sort((a, b) => a.createdAt - b.createdAt),
    rename: async (id: string, name: string) => this.#change(id, { name }),
    pin: async (id: string, isPinned: boolean) => this.#change(id, { isPinned }),
    remove: async (ids: readonly string[]) => ids.forEach((id) => this.hidden.add(id)),
    restore: async (ids: readonly string[]) => ids.forEach((id) => this.hidden.delete(id)),
    savePreset: async (preset: Preset) => void this.kept.set(preset.id, preset),
    removePreset: async (id: string) => void this.kept.delete(id),
    cancelExport: async () => this.cancel?.(),
  } satisfies Partial<StoreWorkerApi>

  constructor(results: readonly ResultSummary[] = []) {
    for (const one of results) this.results.set(one.id, one)
  }

  get asStore(): LibraryStore {
    const exportZip: LibraryStore['client']['exportZip'] = (_, onProgress) => {
      onProgress({ doneBytes: 5, totalBytes: 10 })
      return new Promise<OutputFile>((_resolve, reject) => (this.cancel = () => reject(new AbortError())))
    }
    const call = (work: (api: unknown) => unknown) => work(this.api)
    return { open: async () => ({}), client: { call, exportZip } } as unknown as LibraryStore
  }

  #change(id: string, change: Partial<ResultSummary>): void {
    const found = this.results.get(id)
    if (found) this.results.set(id, { ...found, ...change })
  }
}

const three = [
  result({ id: 'old', createdAt: 1, name: 'cat.onnx' }),
  result({ id: 'middle', createdAt: 2, name: 'dog.onnx', inputSha256: 'b'.repeat(64) }),
  result({ id: 'new', createdAt: 3, name: 'cat.onnx', method: 'float16' }),
]

async function libraryOf(store: MemoryStore): Promise<Library> {
  const library = new Library(store.asStore)
  await library.refresh()
  return library
}

const ids = (results: readonly ResultSummary[] | null) => results?.map(({ id }) => id)

describe('results', () => {
  it('are unknown before the store has answered, then newest first', async () => {
    const library = new Library(new MemoryStore(three).asStore)
    expect([library.results, library.shown]).toEqual([null, []])
    await library.refresh()
    expect(ids(library.results)).toEqual(['new', 'middle', 'old'])
  })

  it('are none where the store cannot be used, and stay where it breaks later', async () => {
    const store = new MemoryStore(three)
    const { client } = store.asStore
    let isBroken = true
    const call: typeof client.call = (work) => (isBroken ? Promise.reject(new Error('gone')) : client.call(work))
    const library = new Library({ ...store.asStore, client: { ...client, call } })
    await library.refresh()
    expect(library.results).toEqual([])
    isBroken = false
    await library.refresh()
    isBroken = true
    await library.refresh()
    expect(library.results).toHaveLength(3)
  })

  it('are renamed and starred', async () => {
    const library = await libraryOf(new MemoryStore(three))
    await library.rename('old', 'kitten')
    await library.pin('old', true)
    library.showPinnedOnly(true)
    expect(library.shown.map(({ name, isPinned }) => [name, isPinned])).toEqual([['kitten', true]])
  })

  it('that a search hides are no longer part of the selection', async () => {
    const library = await libraryOf(new MemoryStore(three))
    library.toggle('old')
    library.toggle('middle')
    expect(library.selected).toEqual(['middle', 'old'])
    library.find('dog')
    expect(library.selected).toEqual(['middle'])
    library.toggle('middle')
    expect(library.selected).toEqual([])
    library.find('')
    expect(library.selected).toEqual(['old'])
    library.clearSelection()
    expect(library.selected).toEqual([])
  })
})

describe('the two that are compared', () => {
  it('are the newest and another one of the same file, where none were chosen', async () => {
    const library = await libraryOf(new MemoryStore(three))
    library.chooseTwo()
    expect(library.pair).toEqual(['old', 'new'])
  })

  it('stay as chosen, and one that is gone is replaced', async () => {
    const library = await libraryOf(new MemoryStore(three))
    library.compare('middle', 'old')
    library.chooseTwo()
    expect(library.pair).toEqual(['middle', 'old'])
    await library.remove(['middle'])
    library.chooseTwo()
    expect(library.pair).toEqual(['new', 'old'])
    library.compare('old', 'gone')
    library.chooseTwo()
    expect(library.pair).toEqual(['old', 'new'])
  })

  it('are one, or none, where there are no more', async () => {
    const one = await libraryOf(new MemoryStore(three.slice(0, 1)))
    one.chooseTwo()
    expect(one.pair).toEqual([null, 'old'])
    const none = await libraryOf(new MemoryStore())
    none.chooseTwo()
    expect(none.pair).toEqual([null, null])
  })
})

describe('what is removed', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  it('is gone at once and comes back by undo', async () => {
    const library = await libraryOf(new MemoryStore(three))
    await library.remove(['new', 'old'])
    expect(ids(library.results)).toEqual(['middle'])
    expect(library.removed).toMatchObject([{ kind: 'results', count: 2, name: 'cat.onnx' }])
    await library.undo()
    expect(ids(library.results)).toEqual(['new', 'middle', 'old'])
    expect(library.removed).toEqual([])
  })

  it('twice in a row can be undone both times, in any order', async () => {
    const library = await libraryOf(new MemoryStore(three))
    await library.remove(['new'])
    await library.remove(['old'])
    await library.undo(library.removed[1]?.id)
    expect(ids(library.results)).toEqual(['new', 'middle'])
    await library.undo()
    expect(ids(library.results)).toEqual(['new', 'middle', 'old'])
  })

  it('is no longer offered when the bytes are about to go', async () => {
    const store = new MemoryStore(three)
    const library = await libraryOf(store)
    await library.remove(['new'])
    vi.advanceTimersByTime(UNDO_MS - 1)
    expect(library.removed).toHaveLength(1)
    vi.advanceTimersByTime(1)
    expect(library.removed).toEqual([])
    await library.undo()
    expect(store.hidden.has('new')).toBe(true)
    expect(UNDO_MS).toBeLessThan(10_000)
  })

  it('may be nothing', async () => {
    const library = await libraryOf(new MemoryStore(three))
    await library.remove([])
    await library.remove(['unknown'])
    expect(library.removed).toEqual([])
  })
})

describe('presets', () => {
  const recipe = { version: 1, seed: 3, steps: [{ method: 'float16', options: {} }] } as const

  it('are saved, renamed, removed and brought back', async () => {
    const library = await libraryOf(new MemoryStore())
    await library.savePreset(' half ', { ...recipe, steps: [...recipe.steps] })
    const [preset] = library.presets
    expect(preset).toMatchObject({ name: 'half', recipe })
    if (!preset) return
    await library.renamePreset(preset, 'halves')
    expect(library.presets).toMatchObject([{ id: preset.id, name: 'halves', createdAt: preset.createdAt }])
    await library.removePreset(library.presets[0] ?? preset)
    expect(library.presets).toEqual([])
    expect(library.removed).toMatchObject([{ kind: 'preset', name: 'halves' }])
    await library.undo()
    expect(library.presets).toMatchObject([{ id: preset.id, name: 'halves', recipe }])
  })
})

describe('a zip of results', () => {
  it('says how far it is, and is null when it was cancelled', async () => {
    const library = await libraryOf(new MemoryStore(three))
    const zip = library.exportZip('all')
    expect(library.exporting).toEqual({ doneBytes: 5, totalBytes: 10 })
    await library.cancelExport()
    expect(await zip).toBeNull()
    expect(library.exporting).toBeNull()
  })
})
