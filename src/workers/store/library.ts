import { downloadZip } from 'client-zip'
import { AbortError, UsageError } from '../../core/errors'
import { safeName, UniqueNames } from '../../core/safe-names'
import { formatRecipe } from '../../jobs/recipe'
import { PresetSchema, readRecord, ResultRecordSchema, type ResultRecord } from '../../jobs/store/records'
import type { OutputFile } from '../job-api'
import type { ExportProgress, Preset, ResultSummary } from '../store-api'
import type { Database } from './database'
import { diskFull, idFolder, openFile, removeFolder } from './files'
import { summaryOf } from './summary'

/** How long a removed result can be brought back. */
export const UNDO_MS = 10_000

export async function listResults(db: Database): Promise<ResultSummary[]> {
  const records = (await db.getAll('results')).flatMap((raw) => readRecord(ResultRecordSchema, raw) ?? [])
  return records
    .filter(({ removedAt }) => removedAt === undefined)
    .sort((a, b) => b.createdAt - a.createdAt)
    .map(summaryOf)
}

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

/** For good: records first, bytes without a record are nobody's. */
export async function removeResults(db: Database, ids: readonly string[]): Promise<void> {
  const transaction = db.transaction('results', 'readwrite')
  const gone: string[] = []
  for (const id of ids) {
    const record = await transaction.store.get(id)
    if (record?.removedAt === undefined) continue // brought back meanwhile
    await transaction.store.delete(id)
    gone.push(id)
  }
  await transaction.done
  for (const id of gone) await removeFolder('results', id)
}

export async function listPresets(db: Database): Promise<Preset[]> {
  const presets = (await db.getAll('presets')).flatMap((raw) => readRecord(PresetSchema, raw) ?? [])
  return presets.sort((a, b) => a.createdAt - b.createdAt)
}

/** @throws UsageError for a name that is empty or too long, or a recipe that is none */
export async function savePreset(db: Database, preset: Preset): Promise<void> {
  const valid = readRecord(PresetSchema, preset)
  if (!valid) throw new UsageError('A preset needs a name of at most 128 characters and a recipe.')
  await db.put('presets', valid)
}

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
  const records = (await db.getAll('results')).flatMap((raw) => readRecord(ResultRecordSchema, raw) ?? [])
  const wanted = records.filter(({ id, removedAt }) => removedAt === undefined && (ids === 'all' || ids.includes(id)))
  const entries = zipEntries(wanted.sort((a, b) => a.createdAt - b.createdAt))
  const stream = downloadZip(entries).body
  if (!stream) throw new Error('Bug in Plume: the zip has no body')
  const totalBytes = wanted.reduce((sum, { files }) => sum + files.reduce((all, file) => all + file.sizeBytes, 0), 0)
  const temporary = crypto.randomUUID()
  const folder = await idFolder('temporary', temporary, true)
  try {
    const handle = await folder.getFileHandle(EXPORT_NAME, { create: true })
    const counted = stream.pipeThrough(byteCounter((doneBytes) => onProgress?.({ doneBytes, totalBytes })))
    await counted.pipeTo(await handle.createWritable(), signal && { signal })
    return { name: EXPORT_NAME, blob: await handle.getFile() }
  } catch (error) {
    await removeFolder('temporary', temporary)
    if (signal?.aborted) throw new AbortError()
    if (error instanceof Error && error.name === 'QuotaExceededError') throw diskFull(EXPORT_NAME, totalBytes, 0)
    throw error
  }
}

const EXPORT_NAME = 'plume-results.zip'
const PROGRESS_MS = 100

/** Passes bytes on and says how many they were, at most ten times a second and at the end. */
function byteCounter(onBytes: (doneBytes: number) => void): TransformStream<Uint8Array, Uint8Array> {
  let [doneBytes, toldAt] = [0, -Infinity]
  return new TransformStream({
    transform(chunk, controller) {
      doneBytes += chunk.byteLength
      controller.enqueue(chunk)
      if (performance.now() - toldAt < PROGRESS_MS) return
      toldAt = performance.now()
      onBytes(doneBytes)
    },
    flush: () => onBytes(doneBytes),
  })
}

async function* zipEntries(records: readonly ResultRecord[]) {
  const names = new UniqueNames()
  for (const record of records) {
    const folder = names.take(safeName(record.name))
    const lastModified = new Date(record.createdAt)
    for (const [index, { name }] of record.files.entries()) {
      const file = record.isDamaged ? null : await openFile('results', record.id, String(index))
      if (file) yield { name: `${folder}/${safeName(name)}`, input: file, lastModified }
    }
    yield { name: `${folder}/report.json`, input: `${JSON.stringify(record.report, null, 2)}\n`, lastModified }
    yield { name: `${folder}/recipe.json`, input: formatRecipe(record.report.recipe), lastModified }
  }
}
