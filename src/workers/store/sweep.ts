import { readRecord, ResultRecordSchema } from '../../jobs/store/records'
import { discard, setAside } from './answers'
import type { Database } from './database'
import { listFolders, openFile, removeFolder, type Kind } from './files'
import { alone, heldIds } from './locks'
import { removeResults } from './library'

/**
 * Takes away what killed tabs left: bytes without a record that nobody is writing, removed results whose time to undo
 * is over, checkpoints of no job. Finds what the browser took: records without their bytes. One tab at a time.
 */
export async function sweep(db: Database, tabId: string): Promise<void> {
  await alone('sweep', async () => {
    const removed = (await db.getAll('results')).filter(({ removedAt }) => removedAt !== undefined)
    await removeResults(
      db,
      removed.map(({ id }) => id),
    )
    await checkResults(db)
    for (const kind of ['results', 'inputs', 'checkpoints'] as const) await sweepFolders(db, kind)
    const tabs = await heldIds('tab')
    const isOnlyTab = [...tabs].every((id) => id === tabId)
    if (isOnlyTab) for (const id of await listFolders('temporary')) await removeFolder('temporary', id)
  })
}

/** Looks at sizes only; bytes are hashed when a result is opened. */
async function checkResults(db: Database): Promise<void> {
  for (const raw of await db.getAll('results')) {
    const record = readRecord(ResultRecordSchema, raw)
    if (!record) {
      await discard(db, raw.id, typeof raw.name === 'string' ? raw.name : raw.id)
      continue
    }
    if (record.isDamaged) continue
    for (const [index, { sizeBytes }] of record.files.entries()) {
      const file = await openFile('results', record.id, String(index))
      if (file?.size === sizeBytes) continue
      await setAside(db, record, file ? 'damaged' : 'evicted')
      break
    }
  }
}

async function sweepFolders(db: Database, kind: Exclude<Kind, 'temporary'>): Promise<void> {
  // in this order: a writer takes its lock before its folder, and gives it back after its record
  const folders = await listFolders(kind)
  const writing = await heldIds('writing')
  const known = new Set<string>(kind === 'checkpoints' ? await db.getAllKeys('journal') : await db.getAllKeys(kind))
  for (const id of folders) if (!writing.has(id) && !known.has(id)) await removeFolder(kind, id)
  if (kind !== 'checkpoints') return
  for (const [jobId, key] of await db.getAllKeys('checkpoints')) {
    if (!known.has(jobId)) await db.delete('checkpoints', [jobId, key])
  }
}
