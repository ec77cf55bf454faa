import { DeviceError } from '../../core/errors'
import { answerKey, type AnswerIdentity } from '../../jobs/store/keys'
import { readRecord, ResultRecordSchema, type ResultRecord } from '../../jobs/store/records'
import type { Report } from '../../jobs/report'
import type { OutputFile } from '../job-api'
import type { StoredResult, StoreTrouble } from '../store-api'
import type { Database } from './database'
import { hasHash, openFile, removeFolder, writeBlob } from './files'
import { hold } from './locks'
import { tell } from './news'
import { makeRoom } from './room'
import { openStore, storeTrouble } from './store'
import { summaryOf } from './summary'

export interface Answer {
  readonly report: Report
  readonly files: readonly OutputFile[]
  readonly dataName: string | null
}

export interface Saved {
  /** null where it could not be kept; `trouble` says why. */
  readonly id: string | null
  readonly trouble?: StoreTrouble
}

/**
 * Keeps a finished answer: bytes first, each checked against its length, the record last; so a tab that is killed
 * in between leaves nothing that looks like a result. Never throws for a store that is full or refused.
 */
export async function saveAnswer(asked: AnswerIdentity, answer: Answer): Promise<Saved> {
  const db = await openStore()
  if (!db) return notKept(storeTrouble())
  const neededBytes = bytesOf(answer)
  const full = await makeRoom(db, neededBytes, true)
  if (full) return notKept(full)
  const id = crypto.randomUUID()
  const writing = await hold('writing', id)
  try {
    const record = await writeRecord(id, asked, answer)
    await db.put('results', record)
    tell({ kind: 'changed' })
    return { id }
  } catch (error) {
    await removeFolder('results', id)
    if (!isNoRoom(error)) throw error
    return notKept({ kind: 'full', neededBytes, freeBytes: 0 })
  } finally {
    writing?.release()
  }
}

const notKept = (trouble: StoreTrouble | null): Saved => ({ id: null, ...(trouble && { trouble }) })

/** The original as the result is not kept: whoever dropped it has it. */
const bytesOf = ({ report, files }: Answer) =>
  report.output.isOriginal ? 0 : files.reduce((sum, { blob }) => sum + blob.size, 0)

/** A full disk shows as a short write, or as the browser's own error. */
const isNoRoom = (error: unknown) =>
  error instanceof DeviceError || (error instanceof Error && error.name === 'QuotaExceededError')

async function writeRecord(id: string, asked: AnswerIdentity, answer: Answer): Promise<ResultRecord> {
  const { report, dataName } = answer
  const files: ResultRecord['files'] = []
  for (const [index, { name, blob }] of (report.output.isOriginal ? [] : answer.files).entries()) {
    files.push({ name, ...(await writeBlob('results', id, String(index), blob)) })
  }
  const test = report.recipe.data?.find(({ role }) => role === 'test')
  return {
    version: 1,
    id,
    keys: await keysOf(asked, report),
    createdAt: Date.now(),
    name: report.input.name,
    isPinned: false,
    isAuto: asked.recipe === 'auto',
    data: test && dataName !== null ? { name: dataName, sha256: test.sha256, samples: test.samples } : null,
    report,
    files,
  }
}

/** A recipe that the automatic choice arrived at answers whoever asks for that recipe. */
async function keysOf(asked: AnswerIdentity, report: Report): Promise<string[]> {
  const keys = [await answerKey(asked)]
  if (!report.output.isOriginal) keys.push(await answerKey({ ...asked, recipe: report.recipe }))
  return [...new Set(keys)]
}

/** The newest answer of that identity whose bytes are right; null otherwise. */
export async function findAnswer(identity: AnswerIdentity): Promise<StoredResult | null> {
  const db = await openStore()
  if (!db) return null
  const found = await db.getAllFromIndex('results', 'keys', await answerKey(identity))
  const usable = found.filter(({ removedAt, isDamaged }) => removedAt === undefined && isDamaged !== true)
  for (const { id } of usable.sort((a, b) => b.createdAt - a.createdAt)) {
    const answer = await loadAnswer(db, id)
    if (answer && !answer.isDamaged) return answer
  }
  return null
}

/** A result with its files; damaged ones have none and are set aside. null where there is no such result. */
export async function loadAnswer(db: Database, id: string): Promise<StoredResult | null> {
  const raw = await db.get('results', id)
  if (!raw) return null
  const record = readRecord(ResultRecordSchema, raw)
  if (!record) {
    await discard(db, id, id)
    return null
  }
  const files: OutputFile[] = []
  for (const [index, expected] of record.files.entries()) {
    const file = await openFile('results', id, String(index))
    if (!file || !(await hasHash(file, expected))) {
      await setAside(db, record, file ? 'damaged' : 'evicted')
      return { ...summaryOf({ ...record, isDamaged: true }), report: record.report, files: [] }
    }
    files.push({ name: expected.name, blob: file })
  }
  return { ...summaryOf(record), report: record.report, files }
}

/** Marks a result whose bytes are wrong or gone. Every tab is told. */
export async function setAside(db: Database, record: ResultRecord, kind: 'damaged' | 'evicted'): Promise<void> {
  await db.put('results', { ...record, isDamaged: true })
  tell({ kind: 'trouble', trouble: { kind, names: [record.name] } })
  tell({ kind: 'changed' })
}

/** A record that is not what this version writes cannot be shown; its bytes are swept at the next visit. */
export async function discard(db: Database, id: string, name: string): Promise<void> {
  await db.delete('results', id)
  tell({ kind: 'trouble', trouble: { kind: 'damaged', names: [name] } })
  tell({ kind: 'changed' })
}
