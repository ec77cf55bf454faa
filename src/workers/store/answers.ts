import type { AnswerIdentity } from '../../jobs/store/keys'
import { readRecord, ResultRecordSchema, type ResultRecord } from '../../jobs/store/records'
import type { Report } from '../../jobs/report'
import type { OutputFile } from '../job-api'
import type { StoredResult, StoreTrouble } from '../store-api'
import type { Database } from './database'
import { DiskFullError, hasHash, openFile, removeFolder, writeBlob } from './files'
import { keyOf } from './key-of'
import { hold } from './locks'
import { tell } from './news'
import { giveUp, makeRoom } from './room'
import { discard, setAside } from './set-aside'
import { isClosing, openStore, refused, storeTrouble } from './store'
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
  const neededBytes = bytesOf(answer)
  try {
    const db = await openStore()
    if (!db) {
      tell({ kind: 'unkept', result: { ...(await describe(crypto.randomUUID(), asked, answer)), files: answer.files } })
      return notKept(storeTrouble())
    }
    const full = await makeRoom(db, neededBytes, true)
    return full ? notKept(full) : { id: await writeOrMakeRoom(db, asked, answer) }
  } catch (error) {
    if (isNoRoom(error)) return notKept({ kind: 'full', neededBytes, freeBytes: roomFound(error) })
    return notKept(isClosing(error) ? storeTrouble() : refused(error))
  }
}

const notKept = (trouble: StoreTrouble | null): Saved => ({ id: null, ...(trouble && { trouble }) })

/** The original as the result is not kept: whoever dropped it has it. */
const bytesOf = ({ report, files }: Answer) =>
  report.output.isOriginal ? 0 : files.reduce((sum, { blob }) => sum + blob.size, 0)

/** A full disk shows as a short write, or as the browser's own error. */
const isNoRoom = (error: unknown) =>
  error instanceof DiskFullError || (error instanceof Error && error.name === 'QuotaExceededError')

const roomFound = (error: unknown) => (error instanceof DiskFullError ? error.foundBytes : 0)

/** Browsers promise more than there is (private windows do): what was promised is then made, once. */
async function writeOrMakeRoom(db: Database, asked: AnswerIdentity, answer: Answer): Promise<string> {
  try {
    return await write(db, asked, answer)
  } catch (error) {
    if (!isNoRoom(error) || !(await giveUp(db, bytesOf(answer) - roomFound(error), true))) throw error
    return write(db, asked, answer)
  }
}

async function write(db: Database, asked: AnswerIdentity, answer: Answer): Promise<string> {
  const id = crypto.randomUUID()
  const writing = await hold('writing', id)
  try {
    const record = await writeRecord(id, asked, answer)
    if (!readRecord(ResultRecordSchema, record)) throw new Error('Bug in Plume: a report that cannot be read back')
    await db.put('results', record)
    tell({ kind: 'changed' })
    return id
  } catch (error) {
    await removeFolder('results', id)
    throw error
  } finally {
    writing?.release()
  }
}

async function writeRecord(id: string, asked: AnswerIdentity, answer: Answer): Promise<ResultRecord> {
  const files: ResultRecord['files'] = []
  for (const [index, { name, blob }] of (answer.report.output.isOriginal ? [] : answer.files).entries()) {
    files.push({ name, ...(await writeBlob('results', id, String(index), blob)) })
  }
  return { ...(await describe(id, asked, answer)), files }
}

async function describe(
  id: string,
  asked: AnswerIdentity,
  { report, dataName }: Answer,
): Promise<Omit<ResultRecord, 'files'>> {
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
  }
}

/** A recipe that the automatic choice arrived at answers whoever asks for that recipe. */
async function keysOf(asked: AnswerIdentity, report: Report): Promise<string[]> {
  const keys = [await keyOf(asked)]
  const { budget: _, maxTrials: __, ...ofSteps } = asked
  if (!report.output.isOriginal) keys.push(await keyOf({ ...ofSteps, recipe: report.recipe }))
  return [...new Set(keys)]
}

/** The newest answer of that identity whose bytes are right; null otherwise. */
export async function findAnswer(identity: AnswerIdentity): Promise<StoredResult | null> {
  const db = await openStore()
  if (!db) return null
  const found = await db.getAllFromIndex('results', 'keys', await keyOf(identity))
  for (const { id, isDamaged } of found.sort((a, b) => b.createdAt - a.createdAt)) {
    const answer = isDamaged === true ? null : await loadAnswer(db, id)
    if (answer && !answer.isDamaged) return answer
  }
  return null
}

/** A result with its files; damaged ones have none and are set aside. null where there is none, or it was removed. */
export async function loadAnswer(db: Database, id: string): Promise<StoredResult | null> {
  const raw = await db.get('results', id)
  if (!raw) return null
  const record = readRecord(ResultRecordSchema, raw)
  if (!record) await discard(db, id, raw)
  if (!record || record.removedAt !== undefined) return null
  const { report } = record
  if (record.isDamaged) return { ...summaryOf(record), report, files: [] }
  const files: OutputFile[] = []
  for (const [index, expected] of record.files.entries()) {
    const file = await openFile('results', id, String(index))
    if (!file || !(await hasHash(file, expected))) {
      await setAside(db, [record], file ? 'damaged' : 'evicted')
      return { ...summaryOf({ ...record, isDamaged: true }), report, files: [] }
    }
    files.push({ name: expected.name, blob: file })
  }
  return { ...summaryOf(record), report, files }
}
