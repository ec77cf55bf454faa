import * as v from 'valibot'
import type { Bytes } from '../core/bytes'
import { AbortError } from '../core/errors'
import { startSha256 } from '../core/hash'
import type { Note } from '../core/progress'
import type { Candidate } from './candidate'
import type { Checkpoints } from './checkpoints'
import { APP_VERSION } from './ports'
import { RecipeSchema, type Recipe } from './recipe'
import { MeasuredSchema, Sha256Schema, StepsRecordSchema } from './report-schema'
import { canonicalJson } from './store/keys'

const size = v.pipe(v.number(), v.integer(), v.minValue(0))
const name = v.pipe(v.string(), v.minLength(1), v.maxLength(4096))

const TrialSchema = v.object({
  version: v.literal(1),
  recipe: RecipeSchema,
  ...StepsRecordSchema.entries,
  ...MeasuredSchema.entries,
  files: v.tuple([v.object({ name, sizeBytes: size, sha256: Sha256Schema })]),
  gzipBytes: size,
  ms: v.pipe(v.number(), v.finite(), v.minValue(0)),
})

const PartSchema = v.object({
  version: v.literal(1),
  ms: v.pipe(v.number(), v.finite(), v.minValue(0)),
  part: v.unknown(),
})

/**
 * The trials of one job. Finished ones are kept outside of it, where there is such a place, and taken from there when
 * the job starts again: what was measured is not measured twice.
 */
export class Trials {
  #taken = 0
  #takenMs = 0
  #made = 0
  /** Trials that are scored in parts, and whether the last part was taken. */
  readonly #parts = new Map<string, boolean>()
  readonly #checkpoints: Checkpoints | undefined
  readonly #identity: unknown

  /** @param identity all that decides a trial besides its recipe: the model, the data, the name of the result */
  constructor(checkpoints: Checkpoints | undefined, identity: unknown) {
    this.#checkpoints = checkpoints
    this.#identity = identity
  }

  /** Time that the trials took before the interruption. */
  get takenMs(): number {
    return this.#takenMs
  }

  /** Says that the job went on; nothing where it ran in one piece. */
  get notes(): Note[] {
    const takenParts = [...this.#parts.values()].filter(Boolean).length
    const taken = this.#taken + takenParts
    if (taken === 0) return []
    const trials = this.#taken + this.#made + this.#parts.size
    const text =
      trials === 1
        ? 'Continued after an interruption: the trial was taken from before.'
        : `Continued after an interruption: ${taken} of ${trials} trials were taken from before.`
    return [{ severity: 'info', text }]
  }

  /** The finished trial of an earlier start, or null: then it has to be made. */
  async take(recipe: Recipe): Promise<Candidate | null> {
    const found = await attempt(async () => this.#checkpoints?.load(await this.#key(recipe)))
    const candidate = found?.bytes ? await readTrial(found.json, found.bytes, recipe) : null
    if (candidate) {
      this.#taken++
      this.#takenMs += candidate.ms
    } else {
      this.#made++
    }
    return candidate
  }

  /** @param asked the recipe that it was made by, without what the run added to it */
  async keep(asked: Recipe, candidate: Candidate): Promise<void> {
    const { bytes, recipe, result, files, gzipBytes, quality, speed, notes, ms } = candidate
    // what lies beside the model is not kept, so such a trial is made again
    if (!bytes || result.extras.length > 0) return
    const { tensors, timing, values, layers } = result
    const json = { version: 1, recipe, tensors, timing, values, layers, files, gzipBytes, quality, speed, notes, ms }
    await attempt(async () => this.#checkpoints?.save(await this.#key(asked), json, bytes))
  }

  /**
   * What was kept of a measurement that leaves no file, or undefined: then it has to be made.
   * @param trial which trial it belongs to; for the notes
   * @param identity all that decides it, besides the job
   */
  async takePart(trial: string, identity: unknown): Promise<unknown> {
    const found = await attempt(async () => this.#checkpoints?.load(await this.#partKey(identity)))
    const read = v.safeParse(PartSchema, found?.json)
    this.#parts.set(trial, read.success)
    if (!read.success) return undefined
    this.#takenMs += read.output.ms
    return read.output.part
  }

  /** @param ms what it took */
  async keepPart(identity: unknown, part: unknown, ms: number): Promise<void> {
    const json = { version: 1, ms, part }
    await attempt(async () => this.#checkpoints?.save(await this.#partKey(identity), json, null))
  }

  async #key(recipe: Recipe): Promise<string> {
    return hashOf(new TextEncoder().encode(canonicalJson({ app: APP_VERSION, identity: this.#identity, recipe })))
  }

  async #partKey(part: unknown): Promise<string> {
    return hashOf(new TextEncoder().encode(canonicalJson({ app: APP_VERSION, identity: this.#identity, part })))
  }
}

/** Checkpoints only save time: a full disk or a damaged store must not end the job. */
async function attempt<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof AbortError) throw error
    return undefined
  }
}

/** What was kept, where it is whole and of that very recipe. */
async function readTrial(json: unknown, bytes: Bytes, recipe: Recipe): Promise<Candidate | null> {
  const read = v.safeParse(TrialSchema, json)
  if (!read.success) return null
  const { tensors, timing, values = [], layers = [], files, version: _, ...trial } = read.output
  const [main] = files
  if (canonicalJson(withoutRanges(trial.recipe)) !== canonicalJson(withoutRanges(recipe))) return null
  if (main.sizeBytes !== bytes.byteLength || main.sha256 !== (await hashOf(bytes))) return null
  const result = { tensors, timing, values, layers, extras: [] }
  return { ...trial, result, files, sizeBytes: main.sizeBytes, bytes }
}

/** Ranges come out of a run, and out of the data that is part of the trial's identity. */
function withoutRanges({ steps, ...recipe }: Recipe) {
  return { ...recipe, steps: steps.map(({ method, options }) => ({ method, options })) }
}

async function hashOf(bytes: Uint8Array): Promise<string> {
  const hash = await startSha256()
  hash.update(bytes)
  return hash.digest()
}
