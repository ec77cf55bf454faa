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

/** How long another tab may hold on to an older version of the database, and how long a busy disk may take. */
const BLOCKED_MS = 3000
const SLOW_MS = 20_000

/** Why the database was let go of: another tab runs a newer Plume, or the browser deleted or lost it. */
export type Closed = 'newer' | 'gone'

/** Opens the database, or says why it cannot be. */
export async function openDatabase(onClosed: (why: Closed) => void, name = STORE_DATABASE): Promise<OpenedDatabase> {
  const deadline = new Deadline()
  deadline.set(SLOW_MS, `the browser's database did not open within ${SLOW_MS / 1000} seconds; reload the page`)
  try {
    const opening = openDB<StoreSchema>(name, STORE_VERSION, {
      upgrade(db, oldVersion) {
        if (oldVersion < 1) createStores(db)
      },
      blocked: () =>
        deadline.set(BLOCKED_MS, 'another tab holds on to an older version of the store; close it and reload'),
      // a newer Plume waits for us, and we must not lose what it then writes; without a version it is being deleted
      blocking(_current, wanted, event) {
        ;(event.target as IDBDatabase).close()
        onClosed(wanted === null ? 'gone' : 'newer')
      },
      terminated: () => onClosed('gone'),
    })
    return { db: await deadline.race(opening) }
  } catch (error) {
    return { trouble: await troubleOf(error, name) }
  } finally {
    deadline.clear()
  }
}

/** A database that opens too late is closed again. */
class Deadline {
  #timer: ReturnType<typeof setTimeout> | undefined
  #isLate = false
  #reject: (error: Error) => void = () => undefined
  readonly #late = new Promise<never>((_, reject) => (this.#reject = reject))

  set(ms: number, why: string): void {
    this.clear()
    this.#timer = setTimeout(() => {
      this.#isLate = true
      this.#reject(new Error(why))
    }, ms)
  }

  clear(): void {
    clearTimeout(this.#timer)
  }

  race(opening: Promise<Database>): Promise<Database> {
    opening.then(
      (db) => this.#isLate && db.close(),
      () => undefined,
    )
    return Promise.race([opening, this.#late])
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
