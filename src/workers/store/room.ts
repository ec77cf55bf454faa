import { planEviction, type Evictable } from '../../jobs/store/eviction'
import { InputRecordSchema, JournalRecordSchema, readRecord, type ResultRecord } from '../../jobs/store/records'
import type { StoreTrouble } from '../store-api'
import type { Database } from './database'
import { removeFolder } from './files'
import { exclusive, heldIds } from './locks'
import { tell } from './news'
import { readResults } from './set-aside'

/** Left free for the browser's own records and for what other pages of this origin write at the same time. */
const MARGIN_BYTES = 16_000_000

export interface Estimate {
  readonly quotaBytes: number
  readonly usageBytes: number
}

export async function estimate(): Promise<Estimate> {
  const { quota = 0, usage = 0 } = await navigator.storage.estimate()
  return { quotaBytes: quota, usageBytes: usage }
}

/**
 * Makes sure that `neededBytes` fit, giving up what can be given up; says so to every tab.
 * @param mayEvictResults inputs are kept for convenience, so no result goes for them
 * @returns null when there is room, else how much there is
 */
export async function makeRoom(
  db: Database,
  neededBytes: number,
  mayEvictResults: boolean,
): Promise<Extract<StoreTrouble, { kind: 'full' }> | null> {
  const freeBytes = await roomLeft()
  if (freeBytes >= neededBytes) return null
  await giveUp(db, neededBytes - freeBytes, mayEvictResults)
  const nowFree = await roomLeft()
  return nowFree >= neededBytes ? null : { kind: 'full', neededBytes, freeBytes: nowFree }
}

/**
 * Gives up at least `bytes` of what is kept, and says so to every tab; one tab at a time.
 * @returns false where that much cannot be given up; then nothing is
 */
export async function giveUp(db: Database, bytes: number, mayEvictResults: boolean): Promise<boolean> {
  return exclusive('room', async () => {
    const candidates = (await evictables(db)).filter(({ kind }) => mayEvictResults || kind === 'input')
    const plan = planEviction(candidates, bytes)
    if (plan.length === 0) return false
    const results: ResultRecord[] = []
    for (const { id, kind } of plan) {
      const record = kind === 'input' ? await evictInput(db, id) : await evictResult(db, id)
      if (record) results.push(record)
    }
    if (results.length > 0) {
      const names = results.map(({ name }) => name)
      const freedBytes = results.reduce((sum, record) => sum + sizeOf(record), 0)
      tell({ kind: 'trouble', trouble: { kind: 'made-room', names, freedBytes } })
    }
    tell({ kind: 'changed' })
    return true
  })
}

async function roomLeft(): Promise<number> {
  const { quota, usage = 0 } = await navigator.storage.estimate()
  // a browser that does not say is tried; a full disk shows as a short write
  return quota === undefined ? Infinity : Math.max(0, quota - usage - MARGIN_BYTES)
}

const sizeOf = ({ files }: Pick<ResultRecord, 'files'>) => files.reduce((sum, file) => sum + file.sizeBytes, 0)

/** Everything that is kept, and what an open tab needs of it. */
async function evictables(db: Database): Promise<Evictable[]> {
  // in this order: who keeps an input gives its lock back after the card refers to it
  const [inputs, results] = await Promise.all([db.getAll('inputs'), readResults(db)])
  const [writing, owned] = await Promise.all([heldIds('writing'), heldIds('job')])
  const journal = await db.getAll('journal')
  const jobs = journal.flatMap((raw) => readRecord(JournalRecordSchema, raw) ?? [])
  const isLive = ({ id, phase }: (typeof jobs)[number]) => owned.has(id) || phase === 'queued' || phase === 'running'
  const refersTo = ({ inputId, data }: (typeof jobs)[number]) => [inputId, data?.inputId ?? null]
  const used = new Set(jobs.filter(isLive).flatMap((job) => [...refersTo(job), ...job.resultIds]))
  const missed = new Set(jobs.flatMap(refersTo))
  return [
    ...inputs.flatMap((raw): Evictable[] => {
      const input = readRecord(InputRecordSchema, raw)
      if (!input) return []
      const { id, sizeBytes, usedAt } = input
      const isProtected = used.has(id) || writing.has(id)
      return [{ id, kind: 'input', sizeBytes, usedAt, isProtected, isMissed: missed.has(id) }]
    }),
    ...results.map((record): Evictable => {
      const { id, createdAt, isPinned } = record
      const isProtected = isPinned || used.has(id)
      return { id, kind: 'result', sizeBytes: sizeOf(record), usedAt: createdAt, isProtected, isMissed: true }
    }),
  ]
}

async function evictInput(db: Database, id: string): Promise<null> {
  await db.delete('inputs', id)
  await removeFolder('inputs', id)
  return null
}

/**
 * The record goes first: bytes without a record are swept, a record without bytes would be an error. null where it was
 * pinned or removed since it was looked at.
 */
async function evictResult(db: Database, id: string): Promise<ResultRecord | null> {
  const transaction = db.transaction('results', 'readwrite')
  const record = await transaction.store.get(id)
  const goes = record && !record.isPinned
  if (goes) await transaction.store.delete(id)
  await transaction.done
  if (!goes) return null
  await removeFolder('results', id)
  return record
}
