import type { StoreTrouble } from '../store-api'
import { openDatabase, type Database } from './database'
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
  const found = await openDatabase(() => letGo())
  if ('db' in found) return found.db
  whyClosed = found.trouble
  return null
}

/** From here on this worker works as if there were no store. */
function letGo(): void {
  whyClosed = { kind: 'closed' }
  opened = Promise.resolve(null)
  tell({ kind: 'trouble', trouble: whyClosed })
}

const canKeep = () =>
  typeof indexedDB !== 'undefined' &&
  'storage' in navigator &&
  'getDirectory' in navigator.storage &&
  'locks' in navigator
