import { readRecord, ResultRecordSchema, type ResultRecord } from '../../jobs/store/records'
import type { Database } from './database'
import { listFolders, openFile, removeFolder, type Kind } from './files'
import { loadFiles, removeInputs } from './inputs'
import { unusedInputs } from './journal'
import { removeResults, UNDO_MS } from './library'
import { alone, heldIds } from './locks'
import { discard, setAside, type Loss } from './set-aside'

/**
 * Takes away what killed tabs left: bytes without a record that nobody is writing, removed results whose time to undo
 * is over, inputs and checkpoints of no job. Finds what the browser took: records without their bytes. One tab at a
 * time; what cannot be done now (a file that is open elsewhere) is left to the next visit.
 */
export async function sweep(db: Database, tabId: string): Promise<void> {
  await alone('sweep', async () => {
    const tabs = await heldIds('tab')
    const isOnlyTab = [...tabs].every((id) => id === tabId)
    const steps = [
      () => forgetRemoved(db, isOnlyTab),
      () => checkResults(db),
      () => checkInputs(db),
      () => sweepFolders(db, 'results'),
      () => sweepFolders(db, 'inputs'),
      () => sweepFolders(db, 'checkpoints'),
      // spilled results and zips belong to the page that asked for them, as long as it is open
      () => (isOnlyTab ? removeAll('temporary') : Promise.resolve()),
    ]
    for (const step of steps) await step().catch(() => undefined)
  })
}

/** In another tab the button for undo may still be there. */
async function forgetRemoved(db: Database, isOnlyTab: boolean): Promise<void> {
  const ids = await db.getAllKeys('results')
  await removeResults(db, ids, isOnlyTab ? Infinity : Date.now() - UNDO_MS)
}

/** Looks at sizes only; bytes are hashed when a result is opened. */
async function checkResults(db: Database): Promise<void> {
  const lost: Record<Loss, ResultRecord[]> = { damaged: [], evicted: [] }
  for (const raw of await db.getAll('results')) {
    const record = readRecord(ResultRecordSchema, raw)
    if (!record) {
      await discard(db, raw.id, raw)
      continue
    }
    const loss = record.isDamaged ? null : await lossOf(record)
    if (loss) lost[loss].push(record)
  }
  await setAside(db, lost.damaged, 'damaged')
  await setAside(db, lost.evicted, 'evicted')
}

async function lossOf({ id, files }: ResultRecord): Promise<Loss | null> {
  for (const [index, { sizeBytes }] of files.entries()) {
    const file = await openFile('results', id, String(index))
    if (file?.size !== sizeBytes) return file ? 'damaged' : 'evicted'
  }
  return null
}

/** Inputs that nobody can ask for any more: damaged ones, and those of no card that have no hash to be found by. */
async function checkInputs(db: Database): Promise<void> {
  const orphans = new Set((await unusedInputs(db)).flatMap(({ id, sha256 }) => (sha256 === null ? [id] : [])))
  const useless: string[] = []
  for (const id of await db.getAllKeys('inputs')) {
    if (orphans.has(id) || !(await loadFiles(db, id))) useless.push(id)
  }
  await removeInputs(db, useless)
}

async function sweepFolders(db: Database, kind: Exclude<Kind, 'temporary'>): Promise<void> {
  // in this order: a writer takes its lock before its folder, and gives it back after its record
  const folders = await listFolders(kind)
  const writing = await heldIds('writing')
  const known = new Set<string>(kind === 'checkpoints' ? await db.getAllKeys('journal') : await db.getAllKeys(kind))
  await removeAll(
    kind,
    folders.filter((id) => !writing.has(id) && !known.has(id)),
  )
  if (kind !== 'checkpoints') return
  for (const [jobId, key] of await db.getAllKeys('checkpoints')) {
    if (!known.has(jobId)) await db.delete('checkpoints', [jobId, key])
  }
}

/** One folder that cannot be removed does not keep the others. */
async function removeAll(kind: Kind, ids?: readonly string[]): Promise<void> {
  for (const id of ids ?? (await listFolders(kind))) await removeFolder(kind, id).catch(() => undefined)
}
