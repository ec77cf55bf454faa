import { JournalRecordSchema, readRecord, type JournalRecord } from '../../jobs/store/records'
import type { DataFiles, ModelFiles } from '../job-api'
import type { JournalEntry, RestoredJob } from '../store-api'
import { openCheckpoints } from './checkpoints'
import type { Database } from './database'
import { identify, keepFiles, loadFiles, removeInputs } from './inputs'
import { hold } from './locks'

/** Cards that ended come back for this long; after it their results are found in the history. */
const CARD_LIFETIME_MS = 12 * 3_600_000

/** The cards of this tab, so that a reload or a killed tab loses none. One lock a card says whose it is. */
export class Journal {
  readonly #db: Database
  readonly #owned = new Map<string, () => void>()
  /** What is written about one card happens in order. */
  readonly #lanes = new Map<string, Promise<unknown>>()

  constructor(db: Database) {
    this.#db = db
  }

  /** Cards of earlier visits that no other tab has, oldest first; they are this tab's from here on. */
  async restore(): Promise<RestoredJob[]> {
    const restored: RestoredJob[] = []
    const all = (await this.#db.getAll('journal')).sort((a, b) => a.createdAt - b.createdAt)
    for (const raw of all) {
      const record = readRecord(JournalRecordSchema, raw)
      if (!record) {
        await this.#db.delete('journal', raw.id)
        continue
      }
      if (!(await this.#own(record.id))) continue
      const isOld = Date.now() - record.updatedAt > CARD_LIFETIME_MS
      if (isOld && (record.phase === 'done' || record.phase === 'failed')) await this.forget(record.id)
      else restored.push(await this.#restoreOne(record))
    }
    return restored
  }

  async #restoreOne(record: JournalRecord): Promise<RestoredJob> {
    const { id, createdAt, phase, recipe, attempts, resultIds, expected, data } = record
    const files = await loadFiles(this.#db, record.inputId)
    const dataFiles = data && (await loadFiles(this.#db, data.inputId))
    return {
      id,
      createdAt,
      phase,
      recipe,
      attempts,
      resultIds,
      expected,
      files: files && (files as unknown as ModelFiles),
      data: data && dataFiles && { ...dataOptions(data), name: data.name, files: dataFiles },
      lostData: data && !dataFiles ? data.name : null,
    }
  }

  keep(id: string, files: ModelFiles, data: DataFiles | null): Promise<void> {
    return this.#inLane(id, async () => {
      await this.#own(id)
      const now = Date.now()
      const record: JournalRecord = {
        version: 1,
        id,
        createdAt: now,
        updatedAt: now,
        phase: 'ready',
        recipe: 'auto',
        attempts: 0,
        resultIds: [],
        expected: files.map(({ path, file }) => ({ path, sizeBytes: file.size })),
        inputId: null,
        data: null,
      }
      // the card first: a copy of gigabytes takes time, and a card without its file can still ask for it
      await this.#db.put('journal', record)
      const inputId = await keepFiles(this.#db, files)
      await this.#change(id, () => ({ inputId }))
      if (data) await this.#setData(id, data)
    })
  }

  note(
    id: string,
    change: Partial<Pick<JournalEntry, 'phase' | 'recipe' | 'attempts' | 'resultIds'>> & { data?: DataFiles | null },
  ): Promise<void> {
    return this.#inLane(id, async () => {
      const { data, resultIds, ...rest } = change
      await this.#change(id, () => ({ ...rest, ...(resultIds && { resultIds: [...resultIds] }) }))
      if (data !== undefined) await this.#setData(id, data)
      if (change.phase === 'done') await openCheckpoints(id).clear()
    })
  }

  identify(id: string, sha256: string): Promise<void> {
    return this.#inLane(id, async () => {
      const record = await this.#db.get('journal', id)
      if (!record?.inputId) return
      const inputId = await identify(this.#db, record.inputId, sha256)
      await this.#change(id, () => ({ inputId }))
    })
  }

  forget(id: string): Promise<void> {
    return this.#inLane(id, async () => {
      const record = await this.#db.get('journal', id)
      await this.#db.delete('journal', id)
      await openCheckpoints(id).clear()
      const used = await usedInputs(this.#db)
      const own = [record?.inputId, record?.data?.inputId].filter((one) => typeof one === 'string' && !used.has(one))
      await removeInputs(this.#db, own as string[])
      this.#owned.get(id)?.()
      this.#owned.delete(id)
      this.#lanes.delete(id)
    })
  }

  /** Data that changed is copied anew; an equal name and size means that it is the same. */
  async #setData(id: string, data: DataFiles | null): Promise<void> {
    const before = (await this.#db.get('journal', id))?.data ?? null
    const kept = before && (await loadFiles(this.#db, before.inputId))
    const isSame = data && kept && before.name === data.name && equalFiles(kept, data.files)
    const inputId = isSame ? before.inputId : data && (await keepFiles(this.#db, data.files))
    await this.#change(id, () => ({ data: data && { ...dataOptions(data), name: data.name, inputId } }))
    if (before?.inputId && before.inputId !== inputId && !(await usedInputs(this.#db)).has(before.inputId)) {
      await removeInputs(this.#db, [before.inputId])
    }
  }

  async #change(id: string, change: (record: JournalRecord) => Partial<JournalRecord>): Promise<void> {
    const transaction = this.#db.transaction('journal', 'readwrite')
    const record = await transaction.store.get(id)
    if (record) await transaction.store.put({ ...record, ...change(record), updatedAt: Date.now() })
    await transaction.done
  }

  async #own(id: string): Promise<boolean> {
    if (this.#owned.has(id)) return true
    const lock = await hold('job', id)
    if (lock) this.#owned.set(id, lock.release)
    return lock !== null
  }

  #inLane(id: string, work: () => Promise<void>): Promise<void> {
    const result = (this.#lanes.get(id) ?? Promise.resolve()).then(work)
    this.#lanes.set(
      id,
      result.catch(() => undefined),
    )
    return result
  }
}

function dataOptions({
  preprocess,
  state,
}: {
  preprocess?: string | undefined
  state?: readonly string[] | undefined
}) {
  return { ...(preprocess !== undefined && { preprocess }), ...(state && { state: [...state] }) }
}

function equalFiles(a: DataFiles['files'], b: DataFiles['files']): boolean {
  return (
    a.length === b.length &&
    a.every(({ path, file }, i) => {
      const other = b[i]
      return (
        other && path === other.path && file.size === other.file.size && file.lastModified === other.file.lastModified
      )
    })
  )
}

/** Inputs that a card of any tab refers to. */
export async function usedInputs(db: Database): Promise<ReadonlySet<string>> {
  const jobs = await db.getAll('journal')
  return new Set(jobs.flatMap(({ inputId, data }) => [inputId, data?.inputId]).filter((id) => typeof id === 'string'))
}
