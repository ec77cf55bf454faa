/** Real models on our own engine beside onnxruntime-web: results and times. Not part of the product. */
import type { Machine } from '../backends/machine'
import { PlumeError, RuntimeFailure } from '../core/errors'
import { fromTensor, isFloat, numbersOf } from '../core/host-array'
import { float32Tensor, type Tensor } from '../core/tensor'
import { openEngine, type EngineSession } from '../engine/session'
import { findDecisions, type Decisions } from '../evaluate/classifier'
import { cutRows } from '../evaluate/data'
import { asRuntimeSession, openOnEngine } from '../evaluate/engine-session'
import { syntheticData } from '../evaluate/synthetic'
import { TaskMeter } from '../evaluate/task'
import type { Model } from '../graph/model'
import { openInput, originalBytes } from '../jobs/input'
import type { Session } from '../runtime/runtime'
import { nodeFileSet } from './node-files'
import { testRuntime } from './runtime'
import { SHARED_MODELS } from './shared-models'

type Feeds = ReadonlyMap<string, Tensor>

export interface ModelRow {
  readonly file: string
  /** Why there is nothing to compare: onnxruntime's sentence, or our engine's. */
  readonly refused?: { readonly by: 'onnxruntime' | 'engine'; readonly why: string }
  readonly flops: number
  /** Samples compared. */
  readonly samples: number
  /** Largest difference as a share of the output's range. */
  readonly worst: number
  /** Of classifiers: share of samples with the same answer. */
  readonly top1?: number
  /** The same of the references; null above `MOST_REFERENCE_FLOPS`. */
  readonly referenceWorst: number | null
  readonly oursMs: number
  readonly onnxruntimeMs: number
}

/** What a model gave on a GPU, where times say little: only results count. */
export interface DeviceRow extends Pick<ModelRow, 'file' | 'refused' | 'flops' | 'samples' | 'worst' | 'top1'> {
  /** No run ended within the limit. */
  readonly isLeftOut: boolean
  /** Of the first run that ended, plans included. */
  readonly firstMs: number
  /** Nodes that the host computed: 'Operator: why', each once. */
  readonly host: readonly string[]
}

const MOST_REFERENCE_FLOPS = 5e9
const CLASSIFIED = 50
const OTHERS = 4
const MOST_SEEDS = 40
const ROUNDS = 15
const MOST_MS = 4000

/** @param path below the folder `root` */
export async function compareOnEngine(root: string, path: string, machine: Machine): Promise<ModelRow> {
  const empty = { file: path, flops: 0, samples: 0, worst: NaN, referenceWorst: null, oursMs: NaN, onnxruntimeMs: NaN }
  const input = await openInput(await nodeFileSet(`${root}/${path}`))
  const { model } = input
  let judge: Session
  try {
    judge = await (await testRuntime()).open(await originalBytes(input))
  } catch (error) {
    return { ...empty, refused: { by: 'onnxruntime', why: (error as Error).message } }
  }
  let own: Session | undefined
  try {
    own = await openOnEngine(model, machine)
    return { ...empty, ...(await compare(model, path, judge, own, machine)) }
  } catch (error) {
    if (!(error instanceof PlumeError)) throw error
    return { ...empty, refused: { by: error instanceof RuntimeFailure ? 'onnxruntime' : 'engine', why: error.message } }
  } finally {
    await own?.release()
    await judge.release()
  }
}

/** As many samples as end within `limitMs`, at most those of `compareOnEngine`. */
export async function compareOnDevice(
  root: string,
  path: string,
  machine: Machine,
  limitMs: number,
): Promise<DeviceRow> {
  const row = { file: path, flops: 0, samples: 0, worst: NaN, isLeftOut: false, firstMs: NaN, host: [] }
  const { model, ...input } = await openInput(await nodeFileSet(`${root}/${path}`))
  let judge: Session
  try {
    judge = await (await testRuntime()).open(await originalBytes({ ...input, model }))
  } catch (error) {
    return { ...row, refused: { by: 'onnxruntime', why: (error as Error).message } }
  }
  const signal = AbortSignal.timeout(limitMs)
  let own: EngineSession | undefined
  try {
    own = await openEngine(model, { machine, signal })
    return { ...row, ...(await agreement(model, path, judge, own, signal)) }
  } catch (error) {
    if (signal.aborted) return { ...row, isLeftOut: true }
    if (!(error instanceof PlumeError)) throw error
    return { ...row, refused: { by: error instanceof RuntimeFailure ? 'onnxruntime' : 'engine', why: error.message } }
  } finally {
    own?.dispose()
    await judge.release()
  }
}

async function agreement(model: Model, path: string, judge: Session, engine: EngineSession, signal: AbortSignal) {
  const own = asRuntimeSession(engine, model, signal)
  const first = picturesFor(path, judge)[0] ?? (await (await syntheticData(model, judge, { seed: 1 })).single())
  const { outputs: judged } = await judge.run(first)
  const { outputs, ms: firstMs } = await own.run(first)
  const plan = await engine.explain(arraysOf(first), { signal }).catch(() => undefined)
  const host = (plan?.stages ?? []).flatMap(({ steps, interpreted }) => [
    ...steps.filter(({ kernel }) => kernel === 'host').map(({ operators, detail }) => `${operators[0]}: ${detail}`),
    ...interpreted.map(({ operator, why }) => `${operator}: ${why}`),
  ])
  const facts = { flops: plan?.flops ?? 0, firstMs, host: [...new Set(host)] }
  const decisions = findDecisions(model, judged)
  const task = decisions && new TaskMeter(decisions, undefined)
  let samples = 0
  let worst = worstShare(judged, outputs)
  for await (const { feeds: given, rows } of inputsOf(model, path, judge, decisions ? CLASSIFIED : OTHERS)) {
    const before = (await judge.run(given)).outputs
    const after = await own.run(given).catch((error: unknown) => {
      if (!signal.aborted) throw error
    })
    if (!after) break
    worst = Math.max(worst, worstShare(before, after.outputs))
    if (decisions && task) addAnswers(task, decisions, { given, rows, before, after: after.outputs, start: samples })
    samples += decisions ? Math.min(rows, CLASSIFIED) : rows
  }
  // the first run counts, where no other ended
  return {
    ...facts,
    worst,
    samples: Math.max(1, samples),
    ...(task?.top1Agreement !== undefined && { top1: task.top1Agreement }),
  }
}

interface Answers {
  readonly given: Feeds
  readonly rows: number
  readonly before: Feeds
  readonly after: Feeds
  readonly start: number
}

function addAnswers(task: TaskMeter, decisions: Decisions, { given, rows, before, after, start }: Answers): void {
  const count = Math.min(rows, CLASSIFIED)
  const cut = (outputs: Feeds) => cutRows(outputs, { feeds: given, start, count, rows }).get(decisions.output)!
  task.add({ before: cut(before), after: cut(after), start, count })
}

async function compare(model: Model, path: string, judge: Session, own: Session, machine: Machine) {
  const first = (await syntheticData(model, judge, { seed: 1 })).single()
  const feeds = await first
  const { outputs: judged } = await judge.run(feeds)
  const decisions = findDecisions(model, judged)
  const task = decisions && new TaskMeter(decisions, undefined)
  let samples = 0
  let worst = 0
  for await (const { feeds: given, rows } of inputsOf(model, path, judge, decisions ? CLASSIFIED : OTHERS)) {
    const [before, after] = [(await judge.run(given)).outputs, (await own.run(given)).outputs]
    worst = Math.max(worst, worstShare(before, after))
    if (decisions && task) addAnswers(task, decisions, { given, rows, before, after, start: samples })
    samples += decisions ? Math.min(rows, CLASSIFIED) : rows
  }
  const flops = await flopsOf(model, machine, feeds)
  const reference = flops <= MOST_REFERENCE_FLOPS ? await referenceOutputs(model, feeds) : null
  return {
    flops,
    samples,
    worst,
    ...(task?.top1Agreement !== undefined && { top1: task.top1Agreement }),
    referenceWorst: reference && worstShare(judged, reference),
    ...(await timed(judge, own, feeds)),
  }
}

/** Inputs that make every branch run, where they are known, and seeded ones until there are `count` samples. */
async function* inputsOf(model: Model, path: string, judge: Session, count: number) {
  let done = 0
  for (const feeds of [
    ...(SHARED_MODELS.find((shared) => shared.path === path)?.feeds ?? []),
    ...picturesFor(path, judge),
  ]) {
    yield { feeds, rows: 1 }
    done++
  }
  if (PICTURE_MODELS.has(path)) return
  for (let seed = 1; done < count && seed < MOST_SEEDS; seed++) {
    const data = await syntheticData(model, judge, { seed: seed * 1000 })
    for await (const { feeds, rows } of data.batches()) {
      yield { feeds, rows }
      done += rows
      if (done >= count) return
    }
  }
}

/**
 * Models that see noise as no picture: each of style transfer's fifteen normalizations over 640,000 values enlarges the error
 * of onnxruntime's sums in float32 (2e-4, ours 4e-7).
 */
const PICTURE_MODELS = new Set(['style-transfer/candy.onnx'])

/** Waves of several lengths and a grid, 0…255 in three channels. */
function picturesFor(path: string, { inputs: [input] }: Session): Feeds[] {
  const shape = input?.shape.map((size) => (typeof size === 'number' ? size : 1))
  if (!PICTURE_MODELS.has(path) || !input || !shape) return []
  const [, channels = 3, height = 1, width = 1] = shape
  return [0, 1].map((picture) => {
    const values = new Float32Array(channels * height * width)
    for (let i = 0; i < values.length; i++) {
      const [x, y, c] = [i % width, Math.floor(i / width) % height, Math.floor(i / (width * height))]
      const waves =
        Math.sin((x + 40 * c) / (31 + 9 * picture)) + Math.cos((y - 25 * c) / 47) + Math.sin((x + y) / 9) / 2
      values[i] = 128 + 40 * waves + (((x >> 5) + (y >> 5)) % 2) * 25
    }
    return new Map([[input.name, float32Tensor(shape, values)]])
  })
}

async function flopsOf(model: Model, machine: Machine, feeds: Feeds): Promise<number> {
  const session = await openEngine(model, { machine })
  try {
    return (await session.explain(arraysOf(feeds))).flops
  } finally {
    session.dispose()
  }
}

async function referenceOutputs(model: Model, feeds: Feeds): Promise<Feeds> {
  const session = await openOnEngine(model, 'reference')
  return (await session.run(feeds)).outputs
}

const arraysOf = (feeds: Feeds) => new Map([...feeds].map(([name, value]) => [name, fromTensor(value)]))

/** Medians of single runs, taken by turns. */
async function timed(judge: Session, own: Session, feeds: Feeds) {
  const times = { oursMs: [] as number[], onnxruntimeMs: [] as number[] }
  const start = performance.now()
  for (let round = 0; round <= ROUNDS && (round < 3 || performance.now() - start < MOST_MS); round++) {
    const theirs = (await judge.run(feeds)).ms
    const ours = (await own.run(feeds)).ms
    if (round === 0) continue
    times.onnxruntimeMs.push(theirs)
    times.oursMs.push(ours)
  }
  const median = (values: number[]) => values.sort((a, b) => a - b)[values.length >> 1] as number
  return { oursMs: median(times.oursMs), onnxruntimeMs: median(times.onnxruntimeMs) }
}

/** Over all outputs; infinite where shapes differ, or one is NaN and the other is not. */
export function worstShare(wanted: Feeds, found: Feeds): number {
  let worst = 0
  for (const [name, tensor] of wanted) {
    const other = found.get(name)
    if (other?.shape.join() !== tensor.shape.join() || other.dtype !== tensor.dtype) return Infinity
    const [x, y] = [fromTensor(tensor), fromTensor(other)]
    const share = shareOfRange([...numbersOf(x)], [...numbersOf(y)])
    // what is not a float is exact
    worst = Math.max(worst, isFloat(tensor.dtype) || share === 0 ? share : Infinity)
  }
  return worst
}

function shareOfRange(wanted: readonly number[], found: readonly number[]): number {
  let [low, high, worst] = [Infinity, -Infinity, 0]
  wanted.forEach((value, i) => {
    const other = found[i] as number
    if (Number.isNaN(value) && Number.isNaN(other)) return
    if (Number.isFinite(value)) [low, high] = [Math.min(low, value), Math.max(high, value)]
    const difference = value === other ? 0 : Math.abs(value - other)
    worst = Number.isNaN(difference) ? Infinity : Math.max(worst, difference)
  })
  return worst === 0 ? 0 : worst / (high - low || Math.abs(high) || 1)
}
