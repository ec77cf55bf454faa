import { openDB, type DBSchema, type IDBPDatabase } from 'idb'
import { STORE_DATABASE } from '../../core/storage-names'
import type { CheckpointRecord, InputRecord, JournalRecord, ResultRecord } from '../../jobs/store/records'
import type { Preset, StoreTrouble } from '../store-api'

/** Raised when a record changes its shape; an older Plume then leaves the store alone. */
export const STORE_VERSION = 1

export interface StoreSchema extends DBSchema {
  results: { key: string; value: ResultRecord; indexes: { keys: string } }
  inputs: { key: string; value: InputRecord; indexes: { sha256: string } }
  journal: { key: string; value: JournalRecord }
  checkpoints: { key: [string, string]; value: CheckpointRecord; indexes: { jobId: string } }
  presets: { key: string; value: Preset }
}

export type Database = IDBPDatabase<StoreSchema>

export type OpenedDatabase = { readonly db: Database } | { readonly trouble: StoreTrouble }

/** How long another tab may hold on to an older version of the database. */
const BLOCKED_MS = 3000

/**
 * Opens the database, or says why it cannot be.
 * @param onClosed called when it was let go of: another tab runs a newer Plume, or the browser took it away
 */
export async function openDatabase(onClosed: () => void, name = STORE_DATABASE): Promise<OpenedDatabase> {
  try {
    const opening = openDB<StoreSchema>(name, STORE_VERSION, {
      upgrade(db, oldVersion) {
        if (oldVersion < 1) createStores(db)
      },
      // a newer Plume wants to upgrade: it waits for us, and we must not lose what it then writes
      blocking(_current, _blocked, event) {
        ;(event.target as IDBDatabase).close()
        onClosed()
      },
      terminated: onClosed,
    })
    return { db: await inTime(opening) }
  } catch (error) {
    return { trouble: await troubleOf(error, name) }
  }
}

/** A database that opens too late is closed again. */
async function inTime(opening: Promise<Database>): Promise<Database> {
  let timer: ReturnType<typeof setTimeout> | undefined
  let isLate = false
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      isLate = true
      reject(new Error('another tab holds on to an older version of the store; close it and reload'))
    }, BLOCKED_MS)
  })
  void opening.then(
    (db) => isLate && db.close(),
    () => undefined,
  )
  try {
    return await Promise.race([opening, late])
  } finally {
    clearTimeout(timer)
  }
}

function createStores(db: Database): void {
  db.createObjectStore('results', { keyPath: 'id' }).createIndex('keys', 'keys', { multiEntry: true })
  db.createObjectStore('inputs', { keyPath: 'id' }).createIndex('sha256', 'sha256')
  db.createObjectStore('journal', { keyPath: 'id' })
  db.createObjectStore('checkpoints', { keyPath: ['jobId', 'key'] }).createIndex('jobId', 'jobId')
  db.createObjectStore('presets', { keyPath: 'id' })
}

async function troubleOf(error: unknown, name: string): Promise<StoreTrouble> {
  const { name: kind, message } = error instanceof Error ? error : new Error(String(error))
  if (kind !== 'VersionError') return { kind: 'refused', detail: message }
  const databases = (await indexedDB.databases?.().catch(() => [])) ?? []
  return { kind: 'newer', version: databases.find((one) => one.name === name)?.version ?? STORE_VERSION + 1 }
}
