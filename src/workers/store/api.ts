import type { StoreWorkerApi } from '../store-api'
import { findAnswer, loadAnswer } from './answers'
import type { Database } from './database'
import { exportZip } from './export'
import { removeInputs } from './inputs'
import { Journal, unusedInputs } from './journal'
import { listPresets, listResults, removeResults, renamed, savePreset, stateOf, UNDO_MS } from './library'
import { keyOf } from './key-of'
import { hold } from './locks'
import { IN_MEMORY, MemoryShelf } from './memory'
import { listen, tell, type News } from './news'
import { changeResults } from './set-aside'
import { isClosing, openStore, storeTrouble } from './store'
import { sweep } from './sweep'

/** What the store's worker exposes: one way to the store, shared by everything that the page asks. */
export function createStoreApi(): StoreWorkerApi {
  const shelf = new MemoryShelf()
  let journal: Promise<Journal | null> | undefined
  const openJournal = () => (journal ??= openStore().then((db) => db && new Journal(db)))
  /** The export that runs; one at a time. */
  let exporting: AbortController | undefined

  /** Where nothing can be kept, or another tab took the store away, the shelf answers. */
  async function either<T>(kept: (db: Database) => Promise<T>, otherwise: () => T | Promise<T>): Promise<T> {
    const db = await openStore()
    try {
      if (db) return await kept(db)
    } catch (error) {
      if (!isClosing(error)) throw error
    }
    return otherwise()
  }

  async function change(kept: (db: Database) => Promise<void>, otherwise: () => void): Promise<void> {
    await either(kept, otherwise)
    tell({ kind: 'changed' })
  }

  return {
    async open(onTrouble, onChange) {
      const hear = (news: News) => {
        if (news.kind === 'trouble') return onTrouble(news.trouble)
        if (news.kind === 'unkept') shelf.add(news.result)
        onChange()
      }
      // before anything else, so that nothing that is told is missed
      listen(hear)
      const db = await openStore()
      const trouble = storeTrouble()
      if (trouble) onTrouble(trouble)
      if (!db) return IN_MEMORY
      const tabId = crypto.randomUUID()
      await hold('tab', tabId)
      await sweep(db, tabId)
      return stateOf(db)
    },
    state: () => either(stateOf, () => IN_MEMORY),
    list: () => either(listResults, () => shelf.list()),
    find: (identity) =>
      either(
        () => findAnswer(identity),
        async () => shelf.find(await keyOf(identity)),
      ),
    load: (id) =>
      either(
        (db) => loadAnswer(db, id),
        () => shelf.load(id),
      ),
    rename: (id, name) =>
      change(
        (db) => changeResults(db, [id], (record) => renamed(record, name)),
        () => shelf.change([id], (record) => renamed(record, name)),
      ),
    pin: (id, isPinned) =>
      change(
        (db) => changeResults(db, [id], (record) => ({ ...record, isPinned })),
        () => shelf.change([id], (record) => ({ ...record, isPinned })),
      ),
    async remove(ids) {
      const removedAt = Date.now()
      await change(
        (db) => changeResults(db, ids, (record) => ({ ...record, removedAt })),
        () => shelf.change(ids, (record) => ({ ...record, removedAt })),
      )
      const forGood = () =>
        change(
          (db) => removeResults(db, ids, removedAt),
          () => shelf.drop(ids, removedAt),
        )
      setTimeout(() => void forGood().catch(() => undefined), UNDO_MS)
    },
    restore: (ids) =>
      change(
        (db) => changeResults(db, ids, ({ removedAt: _removedAt, ...record }) => record),
        () => shelf.change(ids, ({ removedAt: _removedAt, ...record }) => record),
      ),
    exportZip: (ids, onProgress) => {
      exporting = new AbortController()
      const options = { signal: exporting.signal, ...(onProgress && { onProgress }) }
      return either(
        (db) => exportZip(db, ids, options),
        () => shelf.zip(ids),
      )
    },
    async cancelExport() {
      exporting?.abort()
    },
    clearInputs: () => change(clearInputs, () => undefined),
    inputOf: (inputSha256) =>
      either(
        async () => (await openJournal())?.inputOf(inputSha256) ?? null,
        () => null,
      ),

    presets: () => either(listPresets, () => shelf.presets()),
    savePreset: (preset) =>
      change(
        (db) => savePreset(db, preset),
        () => shelf.savePreset(preset),
      ),
    removePreset: (id) =>
      change(
        (db) => db.delete('presets', id),
        () => shelf.removePreset(id),
      ),

    restoreJobs: async () => (await (await openJournal())?.restore()) ?? [],
    keepJob: async (id, files, data, train) => (await openJournal())?.keep(id, files, data, train),
    noteJob: async (id, changed) => (await openJournal())?.note(id, changed),
    identifyJob: async (id, inputSha256) => (await openJournal())?.identify(id, inputSha256),
    forgetJob: async (id) => (await openJournal())?.forget(id),
  }
}

async function clearInputs(db: Database): Promise<void> {
  const unused = await unusedInputs(db)
  await removeInputs(
    db,
    unused.map(({ id }) => id),
  )
}
