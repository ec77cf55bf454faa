/** Ranges of inner values from the user's data: where methods get their calibration from. */
import { fromTensor } from '../core/host-array'
import type { Note } from '../core/progress'
import { chooseRange, needsCounts } from '../engine/observers'
import { AVERAGE_RATE } from '../engine/observers/accumulate'
import type { CalibrationSource, Range, RangeChoice, RangeWish } from '../engine/observers/calibration-source'
import type { ValueStatistics } from '../engine/observers/observer'
import type { Feeds } from '../engine/session'
import { BadSamples, type BadSample, type LeftOut } from '../evaluate/bad-samples'
import type { PreparedData } from '../evaluate/data'
import type { Model } from '../graph/model'
import { calibrateModel, type CalibratedModel } from './calibrate-model'
import { fingerprintOf } from './fingerprint'
import type { JobPorts } from './ports'
import type { CalibrationFacts } from './report'

/** Shown in reports; results do not depend on it. */
export const CALIBRATION_MEMORY_BYTES = 512_000_000

/** Below it ranges hang on what these few happen to hold. */
const FEW_SAMPLES = 8

export interface CalibrationOptions {
  readonly memoryCapBytes?: number
  /** Samples of the data that were left out. */
  readonly skipped?: number
  /** The data again, without what turned out to be bad while it was read. */
  readonly without?: (bad: readonly BadSample[]) => Promise<{ readonly data: PreparedData; readonly left: LeftOut }>
}

/** Statistics of a graph's values, as far as they were asked for. */
interface Known {
  readonly values: Map<string, ValueStatistics>
  readonly nonFinite: Set<string>
}

/** What was asked of statistics. */
interface Asked {
  readonly counts: boolean
  readonly rate: number
}

/** The user's data as a source of ranges; statistics are kept, so that further choices for a graph cost nothing. */
export class DataCalibration implements CalibrationSource {
  readonly isStored = false
  #data: PreparedData
  #skipped: number
  readonly #ports: JobPorts
  readonly #options: CalibrationOptions
  readonly #known = new Map<string, Known>()
  readonly #notes: Note[]
  #machine = 'wasm'
  #ms = 0
  #last: Promise<unknown> = Promise.resolve()

  /** @param data one sample a batch, or the model's fixed batch */
  constructor(data: PreparedData, ports: JobPorts, options: CalibrationOptions = {}) {
    this.#data = data
    this.#ports = ports
    this.#options = options
    this.#skipped = options.skipped ?? 0
    this.#notes = [...data.notes]
  }

  get samples(): number {
    return this.#data.count
  }

  get machine(): string {
    return this.#machine
  }

  get notes(): readonly Note[] {
    return this.samples < FEW_SAMPLES ? [...this.#notes, fewNote(this.samples)] : this.#notes
  }

  get facts(): CalibrationFacts {
    return {
      samples: this.samples,
      skipped: this.#skipped,
      machine: this.#machine,
      memoryCapBytes: this.#memoryCapBytes,
      ms: this.#ms,
    }
  }

  get #memoryCapBytes(): number {
    return this.#options.memoryCapBytes ?? CALIBRATION_MEMORY_BYTES
  }

  async ranges(model: Model, wishes: readonly RangeWish[], choice: RangeChoice) {
    const values = [...new Set(wishes.map(({ value }) => value))]
    const statistics = await this.#observed(model, values, askedBy(choice))
    const ranges = new Map<string, Range & { readonly clipped?: number }>()
    for (const { value, type } of wishes) {
      const known = statistics.get(value)
      if (known) ranges.set(value, chooseRange(known, type, choice))
    }
    return ranges
  }

  statistics(model: Model, values: readonly string[]): Promise<ReadonlyMap<string, ValueStatistics>> {
    return this.#observed(model, values, { counts: true, rate: AVERAGE_RATE })
  }

  async #observed(model: Model, values: readonly string[], asked: Asked) {
    const key = `${await fingerprintOf(model, this.#ports.signal)} ${asked.rate}`
    // trials that run side by side share one calibration
    const run = this.#last.then(() => this.#statistics(key, model, values, asked))
    this.#last = run.catch(() => undefined)
    return (await run).values
  }

  async #statistics(key: string, model: Model, values: readonly string[], asked: Asked): Promise<Known> {
    const known = this.#known.get(key) ?? { values: new Map(), nonFinite: new Set() }
    this.#known.set(key, known)
    const isKnown = (value: string) => {
      const found = known.values.get(value)
      return known.nonFinite.has(value) || (found !== undefined && (!asked.counts || found.counts !== undefined))
    }
    const missing = values.filter((value) => !isKnown(value))
    if (missing.length === 0) return known
    const start = this.#ports.now()
    const found = await this.#calibrate(model, missing, asked)
    this.#ms += this.#ports.now() - start
    this.#machine = found.machine
    for (const note of found.notes) if (!this.#notes.some(({ text }) => text === note.text)) this.#notes.push(note)
    for (const [value, statistics] of found.values) known.values.set(value, statistics)
    for (const value of found.nonFinite.keys()) known.nonFinite.add(value)
    return known
  }

  async #calibrate(model: Model, values: readonly string[], asked: Asked): Promise<CalibratedModel> {
    try {
      return await this.#run(model, values, asked)
    } catch (error) {
      const { without } = this.#options
      if (!(error instanceof BadSamples) || !without) throw error
      const { data, left } = await without(await error.find(this.#ports.signal))
      this.#data = data
      this.#skipped += left.count
      this.#notes.push(...left.notes)
      return this.#run(model, values, asked)
    }
  }

  #run(model: Model, values: readonly string[], { counts, rate }: Asked): Promise<CalibratedModel> {
    const { signal, onProgress } = this.#ports
    const total = this.#data.count
    const options = {
      ...{ values, counts, rate, signal, memoryCapBytes: this.#memoryCapBytes },
      state: new Map(this.#data.state.map(({ output, input }) => [output, input])),
      onSample: (done: number) => onProgress({ stage: 'calibrate', done, total, unit: 'items' }),
    }
    return calibrateModel(model, () => this.#feeds(), options, this.#ports)
  }

  async *#feeds(): AsyncGenerator<Feeds> {
    for await (const { feeds } of this.#data.batches(this.#ports.signal)) {
      yield new Map([...feeds].map(([name, value]) => [name, fromTensor(value)]))
    }
  }
}

const askedBy = (choice: RangeChoice): Asked => ({
  counts: needsCounts(choice),
  rate: choice.kind === 'moving-average' ? choice.rate : AVERAGE_RATE,
})

function fewNote(count: number): Note {
  const text =
    count === 1
      ? 'Ranges were chosen on 1 sample only: other inputs may leave them. Give more data if there is some.'
      : `Ranges were chosen on ${count} samples only: other inputs may leave them. Give more data if there is some.`
  return { severity: 'warning', text }
}
