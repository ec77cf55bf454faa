import type { StoreTrouble } from '../store-api'
import { openDatabase, type Closed, type Database } from './database'
import { tell } from './news'

/** One worker's way to the store; opened when something first needs it. */
let opened: Promise<Database | null> | undefined
let whyClosed: StoreTrouble | null = null

/** The database; null where nothing can be kept (`storeTrouble` says why). */
export function openStore(): Promise<Database | null> {
  return (opened ??= open())
}

export const storeTrouble = (): StoreTrouble | null => whyClosed

async function open(): Promise<Database | null> {
  if (!canKeep()) {
    whyClosed = { kind: 'refused', detail: 'this browser has no private file system (OPFS) or no IndexedDB' }
    return null
  }
  try {
    // some browsers have it and refuse it: private windows of Firefox
    await navigator.storage.getDirectory()
  } catch (error) {
    whyClosed = refused(error)
    return null
  }
  const found = await openDatabase(letGo)
  if ('db' in found) return found.db
  whyClosed = found.trouble
  return null
}

export function refused(error: unknown): StoreTrouble {
  return { kind: 'refused', detail: error instanceof Error ? error.message : String(error) }
}

/** From here on this worker works as if there were no store; one that was deleted is made anew. */
function letGo(why: Closed): void {
  if (why === 'gone') {
    opened = undefined
    tell({ kind: 'changed' })
    return
  }
  whyClosed = { kind: 'closed' }
  opened = Promise.resolve(null)
  tell({ kind: 'trouble', trouble: whyClosed })
}

/** Whether the database was taken away under the work. */
export const isClosing = (error: unknown): boolean => error instanceof Error && error.name === 'InvalidStateError'

const canKeep = () =>
  typeof indexedDB !== 'undefined' &&
  'storage' in navigator &&
  'getDirectory' in navigator.storage &&
  'locks' in navigator
