import { elementCount } from '../core/dtypes'
import { RuntimeFailure, throwIfAborted, UnsupportedError } from '../core/errors'
import type { Note } from '../core/progress'
import { Random } from '../core/random'
import type { Tensor } from '../core/tensor'
import type { Model } from '../graph/model'
import type { Session, ValueSignature } from '../runtime/runtime'
import type { Batch, PreparedData, Feeds } from './data'
import { inputRoles, type InputRole } from './input-roles'
import { encodeNumbers, isEncodable, isFloat, type Encodable } from './numbers'
import { openSizes, shapeWith, sizeGuesses, type SizeGuess } from './shapes'

/** Values that scalars take in one sample, by input name: one case for each way through the graph. */
type Case = ReadonlyMap<string, number>

const MAX_CASES = 8
const MAX_SAMPLES = 32
/** Inputs and outputs together; keeps made-up data at seconds for models of any size. Never measured in time. */
const ELEMENT_BUDGET = 2 ** 21
/** Above this many weights, fewer samples. */
const LARGE_WEIGHT_BYTES = 64 * 2 ** 20

export interface SyntheticOptions {
  seed: number
  signal?: AbortSignal
}

/**
 * Seeded inputs for a model without data: the same on every machine.
 *
 * Open sizes are guessed (`shapes.ts`), and other guesses are tried when onnxruntime refuses one. Scalars that the
 * graph compares with constants, and boolean scalars, take each of those values in turn, so that every branch runs.
 * @param session the original, open: it says which guess runs
 * @throws RuntimeFailure onnxruntime's answer to the first guess, when none ran
 * @throws UnsupportedError for inputs that no numbers can be made for (strings)
 */
export async function syntheticData(
  model: Model,
  session: Session,
  { seed, signal }: SyntheticOptions,
): Promise<PreparedData> {
  const inputs = session.inputs
  for (const { name, dtype } of inputs) if (!isEncodable(dtype)) throw cannotMake(name, dtype)
  const roles = await inputRoles(model)
  const makers = inputs.map((input) => ({ input, role: roles.get(input.name) ?? { compared: [] } }))
  const { guess, cases, notes, outputElements } = await findRunning(session, makers, signal)
  const open = openSizes(inputs)
  const elements = inputs.reduce((sum, { name }) => sum + elementCount(shapeWith(open.get(name) ?? [], guess)), 0)
  const runs = sampleRuns(elements + outputElements, weightBytes(model), cases.length)
  const rows = batchRows(inputs, guess)
  const first = makeFeeds(makers, guess, cases[0] as Case, seed)
  const feeds = (run: number) =>
    run === 0 ? first : makeFeeds(makers, guess, cases[run % cases.length] as Case, seed + run)
  return {
    kind: 'synthetic',
    count: runs * rows,
    state: [],
    notes,
    async *batches(abort): AsyncGenerator<Batch> {
      for (let run = 0; run < runs; run++) {
        throwIfAborted(abort)
        yield { feeds: feeds(run), start: run * rows, count: rows, rows }
      }
    },
    single: async () => feeds(0),
  }
}

function cannotMake(name: string, dtype: string): UnsupportedError {
  return new UnsupportedError(
    `Input "${name}" takes ${dtype} values, and Plume cannot make any up. Give data (--test) to compare on.`,
  )
}

interface Maker {
  readonly input: ValueSignature
  readonly role: InputRole
}

/** The first guess with which every case runs; else the one with which most do. */
async function findRunning(session: Session, makers: readonly Maker[], signal: AbortSignal | undefined) {
  const open = openSizes(session.inputs)
  const all = casesOf(makers, open)
  const declared = declaredElements(session)
  if (all.length === 1 && isFixed(open) && declared !== undefined) {
    // Nothing was guessed, so nothing is tried: a run of a large fixed batch is dear
    return { guess: NO_GUESS, cases: all, outputElements: declared, notes: [] }
  }
  let best: { guess: SizeGuess; cases: Case[]; outputElements: number } | undefined
  let firstFailure: unknown
  for (const guess of sizeGuesses(open)) {
    const cases: Case[] = []
    let outputElements = 0
    for (const candidate of all) {
      throwIfAborted(signal)
      try {
        const { outputs } = await session.run(makeFeeds(makers, guess, candidate, 0))
        cases.push(candidate)
        outputElements = [...outputs.values()].reduce((sum, output) => sum + elementCount(output.shape), 0)
      } catch (error) {
        if (!(error instanceof RuntimeFailure)) throw error
        firstFailure ??= error
      }
    }
    if (cases.length > (best?.cases.length ?? 0)) best = { guess, cases, outputElements }
    if (cases.length === all.length) break
  }
  if (!best) throw firstFailure
  const { cases } = best
  const notes: Note[] = all.filter((one) => !cases.includes(one)).map(skippedNote)
  return { ...best, notes }
}

const NO_GUESS: SizeGuess = { batch: 1, length: 1, side: 1 }

function isFixed(open: ReadonlyMap<string, readonly (number | string)[]>): boolean {
  return [...open.values()].flat().every((size) => typeof size === 'number')
}

/** Elements of all outputs, where the model declares their sizes. */
function declaredElements({ outputs }: Session): number | undefined {
  let sum = 0
  for (const { shape } of outputs) {
    for (const size of shape) if (typeof size !== 'number') return undefined
    sum += elementCount(shape as readonly number[])
  }
  return sum
}

function skippedNote(one: Case): Note {
  const values = [...one].map(([name, value]) => `${name} = ${value}`).join(', ')
  return {
    severity: 'warning',
    text: `Made-up inputs with ${values} did not run in the original; that case is not compared.`,
  }
}

/** Every combination of the values that scalars need to take, up to a limit. */
function casesOf(makers: readonly Maker[], open: ReadonlyMap<string, readonly (number | string)[]>): Case[] {
  let cases: Map<string, number>[] = [new Map()]
  for (const { input, role } of makers) {
    const isScalar = (open.get(input.name) ?? []).every((size) => size === 1 || size === 'batch')
    if (!isScalar || role.rows !== undefined) continue
    const values = input.dtype === 'bool' ? [1, 0] : role.compared
    if (values.length === 0) continue
    cases = cases.flatMap((one) => values.map((value) => new Map([...one, [input.name, value]])))
  }
  return cases.slice(0, MAX_CASES)
}

function sampleRuns(elements: number, weights: number, cases: number): number {
  const most = weights > LARGE_WEIGHT_BYTES ? MAX_SAMPLES / 4 : MAX_SAMPLES
  const fitting = Math.min(most, Math.max(1, Math.floor(ELEMENT_BUDGET / Math.max(1, elements))))
  return Math.max(fitting, cases)
}

function weightBytes(model: Model): number {
  return [...model.graph.initializers.values()].reduce((sum, weight) => sum + weight.data.sizeBytes, 0)
}

/** A fixed batch holds many samples. */
function batchRows(inputs: readonly ValueSignature[], guess: SizeGuess): number {
  const sizes = inputs.filter(({ shape }) => shape.length > 1).map(({ shape }) => shape[0])
  const [first] = sizes
  if (first === undefined || sizes.some((size) => size !== first)) return 1
  return typeof first === 'number' ? first : guess.batch
}

/** A gigabyte while it is made; a colour picture of 4096 × 4096 has fewer. */
const MOST_INPUT_ELEMENTS = 2 ** 27

function refuseHuge(makers: readonly Maker[], open: ReturnType<typeof openSizes>, guess: SizeGuess): void {
  const shapes = makers.map(({ input }) => shapeWith(open.get(input.name) ?? [], guess))
  const total = shapes.reduce((sum, shape) => sum + elementCount(shape), 0)
  if (total <= MOST_INPUT_ELEMENTS) return
  const largest = shapes.reduce((a, b) => (elementCount(b) > elementCount(a) ? b : a))
  const { name = '' } = makers[shapes.indexOf(largest)]?.input ?? {}
  throw new UnsupportedError(
    `The inputs have ${total} values for one run (input "${name}" is ${largest.join('×')}), and Plume makes up at most ` +
      `${MOST_INPUT_ELEMENTS}. Export the model with a smaller batch.`,
  )
}

function makeFeeds(makers: readonly Maker[], guess: SizeGuess, one: Case, seed: number): Feeds {
  const random = new Random(seed)
  const open = openSizes(makers.map(({ input }) => input))
  refuseHuge(makers, open, guess)
  const feeds = new Map<string, Tensor>()
  for (const { input, role } of makers) {
    const shape = shapeWith(open.get(input.name) ?? [], guess)
    const count = elementCount(shape)
    const fixed = one.get(input.name)
    const values =
      fixed !== undefined
        ? new Float64Array(count).fill(fixed)
        : isFloat(input.dtype)
          ? floats(random, shape)
          : wholeNumbers(random, count, input, role)
    feeds.set(input.name, encodeNumbers(input.dtype as Encodable, shape, values))
  }
  return feeds
}

/**
 * Signals that are neither noise nor constant: along the last axis straight lines between random points eight apart,
 * which drift from row to row as lines of a picture do, plus noise that is nearly normal (the sum of four uniform
 * numbers); each tensor with its own mean (−0.5 to 0.5) and scale (0.5 to 1.5). Only + − × are used, so the values
 * are the same on every machine.
 */
export function floats(random: Random, shape: readonly number[]): Float64Array {
  const count = elementCount(shape)
  const width = shape.at(-1) ?? 1
  const values = new Float64Array(count)
  const mean = random.uniform() - 0.5
  const scale = 0.5 + random.uniform()
  const points = new Float64Array(Math.ceil(width / 8) + 1).map(() => noise(random))
  for (let i = 0; i < count; i++) {
    const column = i % width
    if (column === 0)
      for (let p = 0; p < points.length; p++) points[p] = 0.9 * (points[p] as number) + 0.45 * noise(random)
    const at = column >> 3
    const part = (column & 7) / 8
    const line = (points[at] as number) * (1 - part) + (points[at + 1] as number) * part
    values[i] = mean + scale * (0.8 * line + 0.5 * noise(random))
  }
  return values
}

/** Mean 0, variance 1. */
function noise(random: Random): number {
  const sum = random.uniform() + random.uniform() + random.uniform() + random.uniform()
  return (sum - 2) * 1.7320508075688772
}

/** Indices below a table's rows, constants that the graph compares with, all of a byte's values, else 0 to 3. */
function wholeNumbers(random: Random, count: number, { name, dtype }: ValueSignature, role: InputRole): Float64Array {
  const values = new Float64Array(count)
  const next = (): number => {
    if (role.rows !== undefined) return random.below(role.rows)
    if (role.compared.length > 0) return role.compared[random.below(role.compared.length)] as number
    if (dtype === 'bool') return random.below(4) === 0 ? 0 : 1
    if (/mask/i.test(name)) return 1
    if (dtype === 'uint8') return random.below(256)
    if (dtype === 'int8') return random.below(256) - 128
    return random.below(4)
  }
  for (let i = 0; i < count; i++) values[i] = next()
  return values
}
