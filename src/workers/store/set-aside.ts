import { readRecord, ResultRecordSchema, type ResultRecord } from '../../jobs/store/records'
import type { Database } from './database'
import { tell } from './news'

/** Changes records in one transaction, so that two tabs never undo each other's change. */
export async function changeResults(
  db: Database,
  ids: readonly string[],
  change: (record: ResultRecord) => ResultRecord,
): Promise<void> {
  const transaction = db.transaction('results', 'readwrite')
  for (const id of ids) {
    const record = await transaction.store.get(id)
    if (record) await transaction.store.put(change(record))
  }
  await transaction.done
}

/** Every record that this version understands, in no order. */
export async function readResults(db: Database): Promise<ResultRecord[]> {
  return (await db.getAll('results')).flatMap((raw) => readRecord(ResultRecordSchema, raw) ?? [])
}

export type Loss = 'damaged' | 'evicted'

/** Marks results whose bytes are wrong or gone. Every tab is told. */
export async function setAside(db: Database, records: readonly ResultRecord[], kind: Loss): Promise<void> {
  if (records.length === 0) return
  const ids = records.map(({ id }) => id)
  await changeResults(db, ids, (record) => ({ ...record, isDamaged: true }))
  tell({ kind: 'trouble', trouble: { kind, names: records.map(({ name }) => name) } })
  tell({ kind: 'changed' })
}

/** What stands under an id but is no result. */
type Foreign = Readonly<Record<'id' | 'name' | 'version', unknown>>

/**
 * A record that cannot be shown: one that a newer Plume wrote is left to it, a damaged one goes; its bytes are swept at
 * the next visit.
 */
export async function discard(db: Database, id: string, raw: unknown): Promise<void> {
  const { name, version } = raw as Foreign
  if (typeof version === 'number' && version > 1) return
  await db.delete('results', id)
  tell({ kind: 'trouble', trouble: { kind: 'damaged', names: [typeof name === 'string' ? name : id] } })
  tell({ kind: 'changed' })
}
