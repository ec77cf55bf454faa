import { assert } from '../../core/errors'
import { safeName, UniqueNames } from '../../core/safe-names'
import { formatRecipe } from '../../jobs/recipe'
import type { ResultRecord } from '../../jobs/store/records'
import type { OutputFile } from '../job-api'
import type { ExportProgress } from '../store-api'
import type { Database } from './database'
import { idFolder, openFile, removeFolder, writeStream } from './files'
import { readResults, setAside } from './set-aside'

export interface ExportOptions {
  readonly signal?: AbortSignal
  readonly onProgress?: (progress: ExportProgress) => void
}

/**
 * All results with their reports and recipes, a folder each, streamed to the disk.
 * @throws AbortError once the signal is aborted, DeviceError where there is no room; nothing is left behind then
 */
export async function exportZip(
  db: Database,
  ids: readonly string[] | 'all',
  { signal, onProgress }: ExportOptions = {},
): Promise<OutputFile> {
  const wanted = (await readResults(db))
    .filter(({ id, removedAt }) => removedAt === undefined && (ids === 'all' || ids.includes(id)))
    .sort((a, b) => a.createdAt - b.createdAt)
  const { downloadZip } = await import('client-zip')
  const stream = downloadZip(zipEntries(wanted, (record) => filesOf(db, record))).body
  assert(stream, 'the zip has no body')
  const totalBytes = wanted.reduce((sum, { files }) => sum + files.reduce((all, file) => all + file.sizeBytes, 0), 0)
  const tell = throttled((doneBytes) => onProgress?.({ doneBytes, totalBytes }))
  const temporary = crypto.randomUUID()
  const folder = await idFolder('temporary', temporary, true)
  try {
    const handle = await folder.getFileHandle(EXPORT_NAME, { create: true })
    const doneBytes = await writeStream(handle, EXPORT_NAME, stream, tell, signal)
    onProgress?.({ doneBytes, totalBytes })
    return { name: EXPORT_NAME, blob: await handle.getFile() }
  } catch (error) {
    await removeFolder('temporary', temporary)
    throw error
  }
}

const EXPORT_NAME = 'plume-results.zip'
const PROGRESS_MS = 100

/** At most ten times a second. */
function throttled(onBytes: (doneBytes: number) => void): (doneBytes: number) => void {
  let toldAt = -Infinity
  return (doneBytes) => {
    if (performance.now() - toldAt < PROGRESS_MS) return
    toldAt = performance.now()
    onBytes(doneBytes)
  }
}

/** What goes into a folder of the zip. */
type Zipped = Pick<ResultRecord, 'name' | 'createdAt' | 'report'>

/** Packs in memory what lies in memory. */
export async function zipOf<T extends Zipped & { readonly files: readonly OutputFile[] }>(
  results: readonly T[],
): Promise<OutputFile> {
  const entries = zipEntries(results, async ({ files }) => files)
  const { downloadZip } = await import('client-zip')
  return { name: EXPORT_NAME, blob: await downloadZip(entries).blob() }
}

async function* zipEntries<T extends Zipped>(
  records: readonly T[],
  filesOf: (record: T) => Promise<readonly OutputFile[]>,
) {
  const names = new UniqueNames()
  for (const record of records) {
    const folder = names.take(safeName(record.name))
    const lastModified = new Date(record.createdAt)
    for (const { name, blob } of await filesOf(record)) {
      yield { name: `${folder}/${safeName(name)}`, input: blob, lastModified }
    }
    yield { name: `${folder}/report.json`, input: `${JSON.stringify(record.report, null, 2)}\n`, lastModified }
    yield { name: `${folder}/recipe.json`, input: formatRecipe(record.report.recipe), lastModified }
  }
}

/** None where one is gone or cut short: half a model is none. Its report says what it was. */
async function filesOf(db: Database, record: ResultRecord): Promise<OutputFile[]> {
  if (record.isDamaged) return []
  const files: OutputFile[] = []
  for (const [index, { name, sizeBytes }] of record.files.entries()) {
    const file = await openFile('results', record.id, String(index))
    if (file?.size !== sizeBytes) {
      await setAside(db, [record], file ? 'damaged' : 'evicted')
      return []
    }
    files.push({ name, blob: file })
  }
  return files
}
