import { unzipSync } from 'fflate'
import { describe, expect, it, vi } from 'vitest'
import { RECIPE } from '../../jobs/share/shared-kit'
import type { StoreTrouble } from '../store-api'
import { answer, asked, contents, newBrowser, newWorker } from './store-kit'

/** A tab: the worker that the page asks, and one that a job runs in. */
async function openTab() {
  const [storeWorker, jobWorker] = [await newWorker(), await newWorker()]
  const api = storeWorker.createStoreApi()
  const said: StoreTrouble[] = []
  const state = await api.open(
    (trouble) => said.push(trouble),
    () => undefined,
  )
  return { api, jobWorker, state, said }
}

/** The same questions, whether the browser keeps something or not. */
async function useTheStore({ api, jobWorker }: Awaited<ReturnType<typeof openTab>>) {
  const saved = [
    await jobWorker.saveAnswer(asked(1), answer('a.onnx', [1, 2])),
    await jobWorker.saveAnswer(asked(2), answer('a.onnx', [3])),
  ]
  await vi.waitFor(async () => expect(await api.list()).toHaveLength(2))
  const found = await api.find(asked(1))
  if (!found) throw new Error('the answer was not found')
  await api.rename(found.id, 'mine')
  await api.pin(found.id, true)
  const loaded = await api.load(found.id)
  const { blob } = await api.exportZip('all')
  const zipped = Object.entries(unzipSync(new Uint8Array(await blob.arrayBuffer())))
  const preset = { id: '00000000-0000-4000-8000-000000000001', name: 'phones', recipe: RECIPE, createdAt: 1 }
  await api.savePreset(preset)
  const presets = await api.presets()
  await api.removePreset(preset.id)
  await api.remove([found.id])
  const left = await api.list()
  await api.restore([found.id])
  return {
    saved,
    loaded: { name: loaded?.name, isPinned: loaded?.isPinned, bytes: await contents(loaded?.files[0]?.blob) },
    zipped: zipped.map(([path, bytes]) => (path.endsWith('.onnx') ? [path, [...bytes]] : path)).sort(),
    presets: [presets.map(({ name }) => name), await api.presets()],
    left: left.map(({ name, keptBytes }) => [name, keptBytes]),
    afterUndo: (await api.list()).length,
  }
}

const SAME_EVERYWHERE = {
  loaded: { name: 'mine', isPinned: true, bytes: [1, 2] },
  zipped: [
    'a.onnx/recipe.json',
    'a.onnx/report.json',
    ['a.onnx/small.onnx', [3]],
    'mine/recipe.json',
    'mine/report.json',
    ['mine/small.onnx', [1, 2]],
  ],
  presets: [['phones'], []],
  left: [['a.onnx', 1]],
  afterUndo: 2,
}

describe('the API of the store', () => {
  it('keeps results and presets where the browser does', async () => {
    const { kit } = newBrowser()
    const tab = await openTab()
    expect(tab.state.mode).toBe('kept')
    expect(tab.said).toEqual([])
    const used = await useTheStore(tab)
    expect(used).toMatchObject(SAME_EVERYWHERE)
    expect(used.saved.every(({ id }) => id !== null)).toBe(true)
    expect(kit.paths.filter((path) => path.startsWith('plume/results'))).toHaveLength(2)
  })

  it('answers the same from memory where the browser refuses, and says so once', async () => {
    const { kit } = newBrowser()
    kit.refusesFiles = true
    const tab = await openTab()
    expect(tab.state).toMatchObject({ mode: 'memory', quotaBytes: 0 })
    const refused = { kind: 'refused', detail: 'The operation is insecure.' }
    expect(tab.said).toEqual([refused])
    const used = await useTheStore(tab)
    expect(used).toMatchObject(SAME_EVERYWHERE)
    expect(used.saved).toEqual([
      { id: null, trouble: refused },
      { id: null, trouble: refused },
    ])
    // nothing that needs a disk fails either
    await tab.api.keepJob('00000000-0000-4000-8000-000000000001', [{ path: 'm', file: new File(['x'], 'm') }], null)
    expect(await tab.api.restoreJobs()).toEqual([])
    expect(await tab.api.inputOf('a'.repeat(64))).toBeNull()
    await tab.api.clearInputs()
  })

  it('says what it needs where there is no private file system at all', async () => {
    newBrowser()
    vi.stubGlobal('navigator', {})
    const { state, said } = await openTab()
    expect(state.mode).toBe('memory')
    expect(said).toEqual([
      { kind: 'refused', detail: 'this browser has no private file system (OPFS) or no IndexedDB' },
    ])
  })

  it('leaves a store of a newer Plume as it is, and works', async () => {
    const { kit } = newBrowser()
    await new Promise((resolve) => {
      const request = indexedDB.open('plume', 7)
      request.onupgradeneeded = () => request.result.createObjectStore('things to come')
      request.onsuccess = () => resolve(request.result.close())
    })
    const tab = await openTab()
    expect(tab.said).toEqual([{ kind: 'newer', version: 7 }])
    expect(await useTheStore(tab)).toMatchObject(SAME_EVERYWHERE)
    expect(kit.paths).toEqual([])
    expect((await indexedDB.databases()).map(({ version }) => version)).toEqual([7])
  })

  it('lets go of the store when another tab runs a newer Plume, and goes on without', async () => {
    newBrowser()
    const tab = await openTab()
    await tab.jobWorker.saveAnswer(asked(1), answer('before.onnx'))
    await new Promise((resolve, reject) => {
      const request = indexedDB.open('plume', 2)
      request.onsuccess = () => resolve(request.result.close())
      request.onerror = () => reject(request.error ?? new Error('not opened'))
    })
    await vi.waitFor(() => expect(tab.said).toContainEqual({ kind: 'closed' }))
    expect(await tab.api.list()).toEqual([])
    const saved = await tab.jobWorker.saveAnswer(asked(2), answer('after.onnx'))
    expect(saved).toEqual({ id: null, trouble: { kind: 'closed' } })
    await vi.waitFor(async () => expect((await tab.api.list()).map(({ name }) => name)).toEqual(['after.onnx']))
    expect((await tab.api.state()).mode).toBe('memory')
  })

  it('begins anew where the visitor deleted the data of this site', async () => {
    newBrowser()
    const tab = await openTab()
    await tab.jobWorker.saveAnswer(asked(1), answer('before.onnx'))
    await new Promise((resolve) => {
      indexedDB.deleteDatabase('plume').onsuccess = resolve
    })
    expect(await tab.api.list()).toEqual([])
    expect((await tab.jobWorker.saveAnswer(asked(2), answer('after.onnx'))).id).not.toBeNull()
    expect((await tab.api.list()).map(({ name }) => name)).toEqual(['after.onnx'])
    expect(tab.said).toEqual([])
  })

  it('refuses a preset without a name, kept or not', async () => {
    const browser = newBrowser()
    const preset = { id: '00000000-0000-4000-8000-000000000001', name: '', recipe: RECIPE, createdAt: 1 }
    for (const refusesFiles of [false, true]) {
      browser.kit.refusesFiles = refusesFiles
      const failure = (await openTab()).api.savePreset(preset)
      await expect(failure).rejects.toMatchObject({ name: 'UsageError' })
      await expect(failure).rejects.toThrow('A preset needs a name of at most 128 characters and a recipe.')
    }
  })
})

describe('exportZip', () => {
  it('ends when it is cancelled or the disk is full, and leaves nothing behind', async () => {
    const { kit } = newBrowser()
    const { api, jobWorker } = await openTab()
    await jobWorker.saveAnswer(asked(1), answer('a.onnx', [1, 2]))
    const before = kit.paths
    const cancelled = api.exportZip('all', () => void api.cancelExport())
    await expect(cancelled).rejects.toMatchObject({ name: 'AbortError' })
    expect(kit.paths).toEqual(before)
    kit.capacity = kit.root.sizeBytes + 100
    const failure = api.exportZip('all')
    await expect(failure).rejects.toMatchObject({ name: 'DeviceError' })
    await expect(failure).rejects.toThrow("plume-results.zip: the browser's storage is full")
    expect(kit.paths).toEqual(before)
  })

  it('packs the reports of damaged results without half a model, and says which they are', async () => {
    const { kit, troubles } = newBrowser()
    const { api, jobWorker } = await openTab()
    const { id } = await jobWorker.saveAnswer(asked(1), answer('a.onnx', [1, 2]))
    kit.file(`plume/results/${id}/0`).bytes = Uint8Array.of(1)
    const { blob } = await api.exportZip([id ?? ''])
    const names = Object.keys(unzipSync(new Uint8Array(await blob.arrayBuffer())))
    expect(names.sort()).toEqual(['a.onnx/recipe.json', 'a.onnx/report.json'])
    expect(await troubles()).toEqual([{ kind: 'damaged', names: ['a.onnx'] }])
  })
})
