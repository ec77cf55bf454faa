import {
  InputRecordSchema,
  JournalRecordSchema,
  readRecord,
  type InputRecord,
  type JournalRecord,
} from '../../jobs/store/records'
import type { DataFiles, ModelFiles } from '../job-api'
import type { JournalChange, RestoredJob, TrainCard } from '../store-api'
import { openCheckpoints } from './checkpoints'
import type { Database } from './database'
import { identify, keepFiles, loadFiles, removeInputs } from './inputs'
import { exclusive, heldIds, hold } from './locks'

/** Cards that ended come back for this long; after it their results are found in the history. */
const CARD_LIFETIME_MS = 12 * 3_600_000

/** After a reload the worker of the page before may live a little longer, and hold its cards. */
const RELOAD_MS = 1000

/** The cards of this tab, so that a reload or a killed tab loses none. One lock a card says whose it is. */
export class Journal {
  readonly #db: Database
  readonly #owned = new Map<string, () => void>()
  /** Cards whose files are the kept ones. */
  readonly #restored = new Set<string>()
  /** Inputs that a card was made from anew: it reads these very bytes. */
  readonly #handedOut = new Set<string>()
  /** What is written about one card happens in order. */
  readonly #lanes = new Map<string, Promise<unknown>>()

  constructor(db: Database) {
    this.#db = db
  }

  /** Cards of earlier visits that no other tab has, oldest first; they are this tab's from here on. */
  async restore(): Promise<RestoredJob[]> {
    const ids = await this.#db.getAllKeys('journal')
    const owned = await Promise.all(ids.map((id) => this.#own(id, RELOAD_MS)))
    const restored: RestoredJob[] = []
    for (const id of ids.filter((_, i) => owned[i])) {
      // read only now: its tab may have changed or forgotten it while we waited
      const raw = await this.#db.get('journal', id)
      const record = readRecord(JournalRecordSchema, raw)
      if (!record) await this.#drop(id, raw)
      else if (isOver(record)) await this.#inLane(id, () => this.#forget(id, true))
      else restored.push(await this.#restoreOne(record))
    }
    return restored.sort((a, b) => a.createdAt - b.createdAt)
  }

  /** A card that this version does not understand is left to a newer one that wrote it, or goes. */
  async #drop(id: string, raw: unknown): Promise<void> {
    const { version } = (raw ?? {}) as { version?: unknown }
    if (!(typeof version === 'number' && version > 1)) await this.#db.delete('journal', id)
    this.#release(id)
  }

  async #restoreOne(record: JournalRecord): Promise<RestoredJob> {
    const { id, createdAt, phase, recipe, attempts, resultIds, expected, budget, maxTrials, train } = record
    const files = await loadFiles(this.#db, record.inputId)
    const [data, calibrate] = [await this.#loadData(record.data), await this.#loadData(record.calibrate ?? null)]
    const lost = [record.data && !data && record.data.name, record.calibrate && !calibrate && record.calibrate.name]
    this.#restored.add(id)
    return {
      id,
      createdAt,
      phase,
      recipe,
      attempts,
      resultIds,
      expected,
      files: files && (files as unknown as ModelFiles),
      data,
      calibrate,
      budget,
      maxTrials,
      train,
      lostData: lost.find((one) => one) || null,
    }
  }

  async #loadData(kept: JournalRecord['data']): Promise<DataFiles | null> {
    const files = kept && (await loadFiles(this.#db, kept.inputId))
    return kept && files && { ...dataOptions(kept), name: kept.name, files }
  }

  keep(id: string, files: ModelFiles, data: DataFiles | null, train?: TrainCard): Promise<void> {
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
        ...(train && { train }),
      }
      // the card first: a copy of gigabytes takes time, and a card without its file can still ask for it
      await this.#db.put('journal', record)
      await keepFiles(this.#db, files, (inputId) => this.#change(id, () => ({ inputId })))
      if (data) await this.#setData(id, 'data', data)
    })
  }

  note(id: string, change: JournalChange): Promise<void> {
    return this.#inLane(id, async () => {
      const { data, calibrate, resultIds, ...rest } = change
      await this.#change(id, () => ({ ...rest, ...(resultIds && { resultIds: [...resultIds] }) }))
      if (data !== undefined) await this.#setData(id, 'data', data)
      if (calibrate !== undefined) await this.#setData(id, 'calibrate', calibrate)
      const isTraining = (await this.#db.get('journal', id))?.train !== undefined
      // what a training gave is kept beside its checkpoints
      if (change.phase === 'done' && !isTraining) await openCheckpoints(id).clear()
    })
  }

  identify(id: string, sha256: string): Promise<void> {
    return this.#inLane(id, async () => {
      await exclusive('inputs', async () => {
        const record = await this.#db.get('journal', id)
        if (!record?.inputId) return
        const inputId = await identify(this.#db, record.inputId, sha256, this.#restored.has(id))
        await this.#change(id, () => ({ inputId }))
      })
    })
  }

  /** The kept input of that hash, or null. */
  async inputOf(sha256: string): Promise<ModelFiles | null> {
    for (const id of await this.#db.getAllKeysFromIndex('inputs', 'sha256', sha256)) {
      const files = await loadFiles(this.#db, id)
      if (!files) continue
      this.#handedOut.add(id)
      return files as unknown as ModelFiles
    }
    return null
  }

  forget(id: string): Promise<void> {
    return this.#inLane(id, () => this.#forget(id, false))
  }

  /** @param keepsModel a model that can be found by its hash stays for results that are made again, while there is room */
  async #forget(id: string, keepsModel: boolean): Promise<void> {
    // the card goes at once: a reload may follow, and its bytes can be swept
    const record = await this.#take(id)
    await exclusive('inputs', async () => {
      const used = await usedInputs(this.#db)
      const { inputId = null, data = null, calibrate = null } = record ?? {}
      const model = inputId === null ? undefined : await this.#db.get('inputs', inputId)
      const isKept = keepsModel && typeof model?.sha256 === 'string'
      const own = [isKept ? null : inputId, data?.inputId ?? null, calibrate?.inputId ?? null].filter(
        (one) => one !== null,
      )
      await removeInputs(
        this.#db,
        own.filter((one) => !used.has(one) && !this.#handedOut.has(one)),
      )
    })
    await openCheckpoints(id).clear()
    this.#release(id)
  }

  async #take(id: string): Promise<JournalRecord | undefined> {
    const transaction = this.#db.transaction('journal', 'readwrite')
    const [record] = await Promise.all([transaction.store.get(id), transaction.store.delete(id), transaction.done])
    return record
  }

  #release(id: string): void {
    this.#owned.get(id)?.()
    this.#owned.delete(id)
    this.#lanes.delete(id)
    this.#restored.delete(id)
  }

  /** Data that changed is copied anew; an equal name and size means that it is the same. */
  async #setData(id: string, role: 'data' | 'calibrate', data: DataFiles | null): Promise<void> {
    const before = (await this.#db.get('journal', id))?.[role] ?? null
    const kept = before && (await loadFiles(this.#db, before.inputId))
    const isSame = data && kept && before.name === data.name && equalFiles(kept, data.files)
    const refer = (to: string | null) =>
      this.#change(id, () => ({ [role]: data && { ...dataOptions(data), name: data.name, inputId: to } }))
    const inputId = isSame ? before.inputId : data && (await keepFiles(this.#db, data.files, refer))
    await refer(inputId)
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

  async #own(id: string, waitMs = 0): Promise<boolean> {
    if (this.#owned.has(id)) return true
    const lock = (await hold('job', id)) ?? (waitMs > 0 ? await hold('job', id, waitMs) : null)
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

/** A trained model is in no history, so its card stays. */
const isOver = ({ phase, updatedAt, train }: JournalRecord) =>
  !train && (phase === 'done' || phase === 'failed') && Date.now() - updatedAt > CARD_LIFETIME_MS

type DataOptions = Pick<DataFiles, 'preprocess' | 'state' | 'target' | 'split'>

function dataOptions({ preprocess, state, target, split }: { [K in keyof DataOptions]: DataOptions[K] | undefined }) {
  return {
    ...(preprocess !== undefined && { preprocess }),
    ...(state && { state: [...state] }),
    ...(target !== undefined && { target }),
    ...(split && { split }),
  }
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

/** Inputs that no card of any tab refers to, nor is about to. */
export async function unusedInputs(db: Database): Promise<readonly InputRecord[]> {
  // in this order: who keeps an input gives its lock back after the card refers to it
  const inputs = (await db.getAll('inputs')).flatMap((raw) => readRecord(InputRecordSchema, raw) ?? [])
  const writing = await heldIds('writing')
  const used = await usedInputs(db)
  return inputs.filter(({ id }) => !writing.has(id) && !used.has(id))
}

/** Inputs that a card of any tab refers to. */
async function usedInputs(db: Database): Promise<ReadonlySet<string>> {
  const jobs = (await db.getAll('journal')).flatMap((raw) => readRecord(JournalRecordSchema, raw) ?? [])
  return new Set(
    jobs
      .flatMap(({ inputId, data, calibrate }) => [inputId, data?.inputId, calibrate?.inputId])
      .filter((id) => typeof id === 'string'),
  )
}
