import { planEviction, type Evictable } from '../../jobs/store/eviction'
import type { StoreTrouble } from '../store-api'
import type { Database } from './database'
import { removeFolder } from './files'
import { heldIds } from './locks'
import { tell } from './news'

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
  const candidates = (await evictables(db)).filter(({ kind }) => mayEvictResults || kind === 'input')
  const plan = planEviction(candidates, neededBytes - freeBytes)
  if (plan.length === 0) return { kind: 'full', neededBytes, freeBytes }
  const names: string[] = []
  for (const one of plan) names.push(...(await evict(db, one)))
  if (names.length > 0) {
    const freedBytes = plan.reduce((sum, { kind, sizeBytes }) => sum + (kind === 'result' ? sizeBytes : 0), 0)
    tell({ kind: 'trouble', trouble: { kind: 'made-room', names, freedBytes } })
  }
  tell({ kind: 'changed' })
  const nowFree = await roomLeft()
  return nowFree >= neededBytes ? null : { kind: 'full', neededBytes, freeBytes: nowFree }
}

async function roomLeft(): Promise<number> {
  const { quotaBytes, usageBytes } = await estimate()
  return Math.max(0, quotaBytes - usageBytes - MARGIN_BYTES)
}

/** Everything that is kept, and what an open tab needs of it. */
async function evictables(db: Database): Promise<Evictable[]> {
  const [inputs, results, jobs, owned] = await Promise.all([
    db.getAll('inputs'),
    db.getAll('results'),
    db.getAll('journal'),
    heldIds('job'),
  ])
  const live = jobs.filter(({ id, phase }) => owned.has(id) || phase === 'queued' || phase === 'running')
  const used = new Set(live.flatMap(({ inputId, data, resultIds }) => [inputId, data?.inputId ?? null, ...resultIds]))
  return [
    ...inputs.map(({ id, sizeBytes, usedAt }) => {
      return { id, kind: 'input' as const, sizeBytes, usedAt, isProtected: used.has(id) }
    }),
    ...results.map(({ id, files, createdAt, isPinned }) => {
      const sizeBytes = files.reduce((sum, file) => sum + file.sizeBytes, 0)
      return { id, kind: 'result' as const, sizeBytes, usedAt: createdAt, isProtected: isPinned || used.has(id) }
    }),
  ]
}

/** The record goes first: bytes without a record are swept, a record without bytes would be an error. */
async function evict(db: Database, { id, kind }: Evictable): Promise<string[]> {
  if (kind === 'input') {
    await db.delete('inputs', id)
    await removeFolder('inputs', id)
    return []
  }
  const record = await db.get('results', id)
  await db.delete('results', id)
  await removeFolder('results', id)
  return record ? [record.name] : []
}
