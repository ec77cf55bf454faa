import type { Bytes } from '../core/bytes'
import { RuntimeFailure } from '../core/errors'
import type { Note, OnProgress } from '../core/progress'
import type { Tensor } from '../core/tensor'
import type { Runtime, Session } from '../runtime/runtime'
import { OutputMeter } from './output-meter'
import { MIN_COSINE, type OutputQuality, type Quality, type Speed } from './quality'
import {
  asFile,
  openModel,
  prepareReference,
  runBatches,
  type EvaluateOptions,
  type EvaluationData,
  type ModelFile,
  type Reference,
} from './reference'
import { measureSpeed } from './speed'
import { worseSqnr } from './metrics'
import { TaskMeter } from './task'

export { prepareReference, type EvaluationData, type ModelFile, type Reference } from './reference'
export type { StateLink } from './data'

export interface Comparison {
  readonly quality: Quality
  readonly speed: readonly Speed[]
  /** What a person must know, the worst first. */
  readonly notes: readonly Note[]
}

export interface CompareOptions {
  readonly signal?: AbortSignal
  readonly onProgress?: OnProgress
  /** Off where only the quality is asked for. */
  readonly measureSpeed?: boolean
}

/**
 * Holds one result against the original.
 * @throws RuntimeFailure where onnxruntime refuses the result, or its inputs or outputs are not the original's
 */
export async function compareWith(
  reference: Reference,
  file: ModelFile | Bytes,
  options: CompareOptions = {},
): Promise<Comparison> {
  const result = asFile(file)
  const session = await openModel(reference.runtime, result)
  let measured: Measured
  try {
    checkSignature(reference, session)
    measured = await measureQuality(reference, session, options)
  } finally {
    await session.release()
  }
  const isTimed = options.measureSpeed !== false
  if (isTimed) options.onProgress?.({ stage: 'time', done: 0, total: 0, unit: 'items' })
  const speed = isTimed ? [await measureSpeed(reference, result, options.signal)] : []
  return { quality: measured.quality, speed, notes: measured.notes }
}

/** Runs the original and one result on the same inputs. For several results: `prepareReference`, `compareWith`. */
export async function compareModels(
  runtime: Runtime,
  models: { readonly original: ModelFile | Bytes; readonly result: ModelFile | Bytes },
  data: EvaluationData,
  options: EvaluateOptions & CompareOptions = {},
): Promise<Comparison> {
  const reference = await prepareReference(runtime, models.original, data, options)
  try {
    return await compareWith(reference, models.result, options)
  } finally {
    await reference.release()
  }
}

/** One model alone: the comparison of a model with itself, so before and after are the same. */
export async function evaluateModel(
  runtime: Runtime,
  model: ModelFile | Bytes,
  data: EvaluationData,
  options: EvaluateOptions & CompareOptions = {},
): Promise<Comparison> {
  const reference = await prepareReference(runtime, model, data, options)
  const session = reference.stored ? null : await openModel(runtime, reference.original)
  let measured: Measured
  try {
    measured = await measureQuality(reference, session, options)
  } finally {
    await session?.release()
  }
  const isTimed = options.measureSpeed !== false
  const speed = isTimed ? [await measureSpeed(reference, null, options.signal)] : []
  return { quality: measured.quality, speed, notes: measured.notes }
}

function checkSignature({ inputs, outputs }: Reference, session: Session): void {
  const compare = (what: string, before: readonly string[], after: readonly string[]) => {
    const lost = before.filter((name) => !after.includes(name))
    const added = after.filter((name) => !before.includes(name))
    if (lost.length === 0 && added.length === 0) return
    throw new RuntimeFailure(
      `The result's ${what} are not the original's: expected ${before.join(', ')}, found ${after.join(', ')}. ` +
        'Programs that use the model would break.',
    )
  }
  compare(
    'inputs',
    inputs.map(({ name }) => name),
    session.inputs.map(({ name }) => name),
  )
  compare(
    'outputs',
    outputs,
    session.outputs.map(({ name }) => name),
  )
}

interface Measured {
  readonly quality: Quality
  readonly notes: readonly Note[]
}

/** @param session the result, open; null: the original's stored outputs are held against themselves */
async function measureQuality(
  reference: Reference,
  session: Session | null,
  options: CompareOptions,
): Promise<Measured> {
  const { data, decisions, outputs } = reference
  const meters = new Map(outputs.map((name) => [name, new OutputMeter(name)]))
  const task = decisions && new TaskMeter(decisions, data.labels)
  for await (const { start, count, before, after } of pairs(reference, session, options)) {
    for (const [name, meter] of meters) {
      const pair = pairOf(name, before, after)
      meter.add({ ...pair, start, count })
      if (decisions?.output === name) task?.add({ ...pair, start, count })
    }
  }
  const qualities = [...meters.values()].map((meter) => meter.quality)
  const result = task?.result
  const agreement = task?.top1Agreement
  const quality: Quality = {
    data: data.kind,
    samples: data.count,
    ...(data.preprocess !== undefined && { preprocess: data.preprocess }),
    ...worst(qualities),
    ...(agreement !== undefined && { top1Agreement: agreement }),
    ...(task?.agreement95 && { agreement95: task.agreement95 }),
    ...(result && { task: result }),
    ...(task?.classes && { classes: task.classes }),
    outputs: qualities,
    providers: [
      {
        ...providerResult(reference.runtime.provider, qualities, meters),
        ...(agreement !== undefined && { top1Agreement: agreement }),
        ...(result?.accuracy && { accuracy: result.accuracy.after }),
      },
    ],
  }
  return { quality, notes: [...[...meters.values()].flatMap((meter) => meter.notes), ...dataNotes(reference, quality)] }
}

interface Pair {
  readonly start: number
  readonly count: number
  readonly before: ReadonlyMap<string, Tensor>
  readonly after: ReadonlyMap<string, Tensor>
}

/** Outputs of both models, batch by batch; the original runs again only where its outputs were not kept. */
async function* pairs(reference: Reference, session: Session | null, options: CompareOptions): AsyncGenerator<Pair> {
  const { data, stored } = reference
  if (stored && !session) {
    let index = 0
    for await (const { start, count } of data.batches(options.signal)) {
      const outputs = stored[index++] as ReadonlyMap<string, Tensor>
      yield { start, count, before: outputs, after: outputs }
    }
    return
  }
  const again = stored ? null : await openModel(reference.runtime, reference.original)
  try {
    const before = again && runBatches(again, data, { ...options, item: 'original' })
    let index = 0
    for await (const { batch, outputs } of runBatches(session as Session, data, { ...options, item: 'result' })) {
      const kept = before ? (await before.next()).value?.outputs : stored?.[index]
      index++
      yield { start: batch.start, count: batch.count, before: kept as Pair['before'], after: outputs }
    }
  } finally {
    await again?.release()
  }
}

function pairOf(name: string, before: Pair['before'], after: Pair['after']): { before: Tensor; after: Tensor } {
  const expected = before.get(name)
  const found = after.get(name)
  if (!expected || !found) throw new RuntimeFailure(`The result gave no output "${name}".`)
  const isSame =
    expected.shape.length === found.shape.length && expected.shape.every((size, i) => size === found.shape[i])
  if (isSame) return { before: expected, after: found }
  throw new RuntimeFailure(
    `Output "${name}" of the result has shape [${found.shape.join(', ')}], but the original's has ` +
      `[${expected.shape.join(', ')}]. Programs that use the model would break.`,
  )
}

function worst(outputs: readonly OutputQuality[]): Pick<Quality, 'sqnrDb' | 'cosine'> {
  return {
    sqnrDb: outputs.map((output) => output.sqnrDb).reduce(worseSqnr, null),
    cosine: Math.min(1, ...outputs.map((output) => output.cosine)),
  }
}

function providerResult(name: string, outputs: readonly OutputQuality[], meters: ReadonlyMap<string, OutputMeter>) {
  const cosine = Math.min(1, ...outputs.map((output) => output.cosine))
  const maxAbsError = Math.max(0, ...outputs.map((output) => output.maxAbsError))
  const isFinite = [...meters.values()].every((meter) => meter.nonFinite === 0)
  return { name, maxAbsError, cosine, ok: isFinite && cosine >= MIN_COSINE }
}

function dataNotes({ data, decisions }: Reference, quality: Quality): Note[] {
  const notes: Note[] = []
  if (data.kind === 'synthetic') {
    notes.push({
      severity: 'info',
      text: `No data was given: both models were compared on ${data.count} made-up inputs. Give some of your own data to measure what matters to you.`,
    })
  }
  if (data.labels && !decisions) {
    notes.push({
      severity: 'warning',
      text: `No output has the shape of the labels ([${[data.count, ...data.labels.shape].join(', ')}] beside a class axis), so accuracy was not measured.`,
    })
  }
  if (quality.task && data.count < 2) {
    notes.push({ severity: 'info', text: 'One sample gives no interval for the difference.' })
  }
  return [...notes, ...data.notes]
}
