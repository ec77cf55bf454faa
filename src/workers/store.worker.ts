import { expose, transferHandlers } from 'comlink'
import { keepErrorClasses } from '../core/error-transfer'
import { findAnswer, loadAnswer } from './store/answers'
import type { Database } from './store/database'
import { loadFiles, removeInputs } from './store/inputs'
import { Journal, usedInputs } from './store/journal'
import { changeResults, exportZip, listPresets, listResults, removeResults, savePreset, UNDO_MS } from './store/library'
import { hold } from './store/locks'
import { listen, tell } from './store/news'
import { estimate } from './store/room'
import { openStore, storeTrouble } from './store/store'
import { sweep } from './store/sweep'
import type { ModelFiles } from './job-api'
import type { StoreState, StoreTrouble, StoreWorkerApi } from './store-api'

keepErrorClasses(transferHandlers)

let journal: Promise<Journal | null> | undefined
const openJournal = () => (journal ??= openStore().then((db) => db && new Journal(db)))

/** Without a store every question has the answer of an empty one. */
async function withStore<T>(work: (db: Database) => Promise<T>, otherwise: T): Promise<T> {
  const db = await openStore()
  return db ? work(db) : otherwise
}

/** The export that runs; one at a time. */
let exporting: AbortController | undefined

const changed = () => tell({ kind: 'changed' })

async function stateOf(db: Database): Promise<StoreState> {
  const [results, inputs, { quotaBytes, usageBytes }, isPersisted] = await Promise.all([
    listResults(db),
    db.getAll('inputs'),
    estimate(),
    navigator.storage.persisted(),
  ])
  const sum = (all: readonly { readonly keptBytes: number }[]) =>
    all.reduce((total, { keptBytes }) => total + keptBytes, 0)
  return {
    mode: 'kept',
    isPersisted,
    resultBytes: sum(results),
    inputBytes: inputs.reduce((total, { sizeBytes }) => total + sizeBytes, 0),
    pinnedBytes: sum(results.filter(({ isPinned }) => isPinned)),
    quotaBytes,
    usageBytes,
  }
}

const IN_MEMORY: StoreState = {
  mode: 'memory',
  isPersisted: false,
  resultBytes: 0,
  inputBytes: 0,
  pinnedBytes: 0,
  quotaBytes: 0,
  usageBytes: 0,
}

const api: StoreWorkerApi = {
  async open(onTrouble, onChange) {
    // before anything else, so that nothing that is told is missed
    listen((news) => (news.kind === 'trouble' ? onTrouble(news.trouble) : onChange()))
    const db = await openStore()
    const trouble: StoreTrouble | null = storeTrouble()
    if (trouble) onTrouble(trouble)
    if (!db) return IN_MEMORY
    const tabId = crypto.randomUUID()
    await hold('tab', tabId)
    await sweep(db, tabId)
    return stateOf(db)
  },
  state: () => withStore(stateOf, IN_MEMORY),
  list: () => withStore(listResults, []),
  find: (identity) => findAnswer(identity),
  load: (id) => withStore((db) => loadAnswer(db, id), null),
  rename: (id, name) =>
    withStore(async (db) => {
      await changeResults(db, [id], (record) => ({
        ...record,
        name: name.trim().slice(0, 256) || record.report.input.name,
      }))
      changed()
    }, undefined),
  pin: (id, isPinned) =>
    withStore(async (db) => {
      await changeResults(db, [id], (record) => ({ ...record, isPinned }))
      changed()
    }, undefined),
  remove: (ids) =>
    withStore(async (db) => {
      await changeResults(db, ids, (record) => ({ ...record, removedAt: Date.now() }))
      setTimeout(() => void removeResults(db, ids).then(changed, () => undefined), UNDO_MS)
      changed()
    }, undefined),
  restore: (ids) =>
    withStore(async (db) => {
      await changeResults(db, ids, ({ removedAt: _removedAt, ...record }) => record)
      changed()
    }, undefined),
  exportZip: (ids, onProgress) => {
    exporting = new AbortController()
    const options = { signal: exporting.signal, ...(onProgress && { onProgress }) }
    return withStore((db) => exportZip(db, ids, options), { name: 'plume-results.zip', blob: new Blob([]) })
  },
  async cancelExport() {
    exporting?.abort()
  },
  clearInputs: () =>
    withStore(async (db) => {
      const used = await usedInputs(db)
      await removeInputs(
        db,
        (await db.getAllKeys('inputs')).filter((id) => !used.has(id)),
      )
      changed()
    }, undefined),
  inputOf: (inputSha256) =>
    withStore(async (db) => {
      for (const id of await db.getAllKeysFromIndex('inputs', 'sha256', inputSha256)) {
        const files = await loadFiles(db, id)
        if (files) return files as unknown as ModelFiles
      }
      return null
    }, null),

  presets: () => withStore(listPresets, []),
  savePreset: (preset) =>
    withStore(async (db) => {
      await savePreset(db, preset)
      changed()
    }, undefined),
  removePreset: (id) =>
    withStore(async (db) => {
      await db.delete('presets', id)
      changed()
    }, undefined),

  restoreJobs: async () => (await (await openJournal())?.restore()) ?? [],
  keepJob: async (id, files, data) => (await openJournal())?.keep(id, files, data),
  noteJob: async (id, change) => (await openJournal())?.note(id, change),
  identifyJob: async (id, inputSha256) => (await openJournal())?.identify(id, inputSha256),
  forgetJob: async (id) => (await openJournal())?.forget(id),
}

expose(api)
