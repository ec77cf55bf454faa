import { readRecord, InputRecordSchema, type InputRecord } from '../../jobs/store/records'
import type { InputFile } from '../job-api'
import type { Database } from './database'
import { openFile, removeFolder, writeBlob } from './files'
import { hold } from './locks'
import { makeRoom } from './room'

/**
 * Copies dropped files; null where there is no room for them or they cannot be read any more.
 * @param refer notes the id in the card; until then nobody else may take the files for unused
 */
export async function keepFiles(
  db: Database,
  files: readonly InputFile[],
  refer: (id: string) => Promise<void>,
): Promise<string | null> {
  const sizeBytes = files.reduce((sum, { file }) => sum + file.size, 0)
  if (await makeRoom(db, sizeBytes, false)) return null
  const id = crypto.randomUUID()
  const writing = await hold('writing', id)
  try {
    for (const [index, { file }] of files.entries()) await writeBlob('inputs', id, String(index), file)
    await db.put('inputs', {
      version: 1,
      id,
      sha256: null,
      files: files.map(({ path, file, folder }) => {
        return { path, sizeBytes: file.size, lastModified: file.lastModified, ...(folder && { folder }) }
      }),
      sizeBytes,
      usedAt: Date.now(),
    })
    await refer(id)
    return id
  } catch {
    // what is kept here is a convenience: the job itself runs on the dropped file
    await removeInputs(db, [id]).catch(() => undefined)
    return null
  } finally {
    writing?.release()
  }
}

/** The kept files under their own names; null where one is gone or cut short. */
export async function loadFiles(db: Database, id: string | null): Promise<InputFile[] | null> {
  const record = id === null ? null : readRecord(InputRecordSchema, await db.get('inputs', id))
  if (!record) return null
  const files: InputFile[] = []
  for (const [index, { path, sizeBytes, lastModified, folder }] of record.files.entries()) {
    const stored = await openFile('inputs', record.id, String(index)).catch(() => null)
    if (!stored || stored.size !== sizeBytes) return null
    const name = path.slice(path.lastIndexOf('/') + 1)
    files.push({ path, file: new File([stored], name, { lastModified }), ...(folder && { folder }) })
  }
  return files
}

/**
 * Notes what a kept input is; a whole and equal one that is kept already takes its place. Returns the id that stays.
 * @param isInUse a job reads these very bytes, so they stay
 */
export async function identify(db: Database, id: string, sha256: string, isInUse: boolean): Promise<string> {
  const own = await db.get('inputs', id)
  if (!own) return id
  const equal = isInUse ? null : await findEqual(db, own, sha256)
  if (!equal) {
    await db.put('inputs', { ...own, sha256, usedAt: Date.now() })
    return id
  }
  await db.put('inputs', { ...equal, usedAt: Date.now() })
  await removeInputs(db, [id])
  return equal.id
}

async function findEqual(db: Database, own: InputRecord, sha256: string): Promise<InputRecord | null> {
  for (const other of await db.getAllFromIndex('inputs', 'sha256', sha256)) {
    if (isSame(other, own) && (await loadFiles(db, other.id))) return other
  }
  return null
}

/** The hash is over the files' bytes; their names decide which of them are found. */
function isSame(other: InputRecord, own: InputRecord): boolean {
  if (other.id === own.id || other.files.length !== own.files.length) return false
  return other.files.every(
    ({ path, sizeBytes }, i) => path === own.files[i]?.path && sizeBytes === own.files[i].sizeBytes,
  )
}

export async function removeInputs(db: Database, ids: readonly string[]): Promise<void> {
  for (const id of ids) {
    await db.delete('inputs', id)
    await removeFolder('inputs', id)
  }
}
