import { UsageError } from '../../core/errors'
import { InputRecordSchema, PresetSchema, readRecord, type ResultRecord } from '../../jobs/store/records'
import type { Preset, ResultSummary, StoreState } from '../store-api'
import type { Database } from './database'
import { removeFolder } from './files'
import { estimate } from './room'
import { readResults } from './set-aside'
import { summaryOf } from './summary'

/** How long a removed result can be brought back. */
export const UNDO_MS = 10_000

export async function listResults(db: Database): Promise<ResultSummary[]> {
  const records = (await readResults(db)).filter(({ removedAt }) => removedAt === undefined)
  return records.sort((a, b) => b.createdAt - a.createdAt).map(summaryOf)
}

/**
 * For good: records first, bytes without a record are nobody's.
 * @param removedUntil what was removed later (brought back and removed again) still waits for its undo
 */
export async function removeResults(db: Database, ids: readonly string[], removedUntil: number): Promise<void> {
  const transaction = db.transaction('results', 'readwrite')
  const gone: string[] = []
  for (const id of ids) {
    const record = await transaction.store.get(id)
    if (record?.removedAt === undefined || record.removedAt > removedUntil) continue
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

export async function savePreset(db: Database, preset: Preset): Promise<void> {
  await db.put('presets', validPreset(preset))
}

/** @throws UsageError for a name that is empty or too long, or a recipe that is none */
export function validPreset(preset: Preset): Preset {
  const valid = readRecord(PresetSchema, preset)
  if (!valid) throw new UsageError('A preset needs a name of at most 128 characters and a recipe.')
  return valid
}

/** The new name of a result; without one it has its file's. */
export function renamed<T extends Pick<ResultRecord, 'name' | 'report'>>(record: T, name: string): T {
  return { ...record, name: name.trim().slice(0, 256) || record.report.input.name }
}

export async function stateOf(db: Database): Promise<StoreState> {
  const [results, inputs, { quotaBytes, usageBytes }, isPersisted] = await Promise.all([
    listResults(db),
    db.getAll('inputs'),
    estimate(),
    navigator.storage.persisted(),
  ])
  const kept = inputs.flatMap((raw) => readRecord(InputRecordSchema, raw) ?? [])
  const sum = (all: readonly { readonly keptBytes: number }[]) =>
    all.reduce((total, { keptBytes }) => total + keptBytes, 0)
  return {
    mode: 'kept',
    isPersisted,
    resultBytes: sum(results),
    inputBytes: kept.reduce((total, { sizeBytes }) => total + sizeBytes, 0),
    pinnedBytes: sum(results.filter(({ isPinned }) => isPinned)),
    quotaBytes,
    usageBytes,
  }
}
