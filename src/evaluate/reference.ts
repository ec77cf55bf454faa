import { memorySource, singleFile, type Bytes } from '../core/bytes'
import { RuntimeFailure, throwIfAborted } from '../core/errors'
import type { OnProgress } from '../core/progress'
import type { Tensor } from '../core/tensor'
import type { Samples } from '../formats/format'
import { readModel } from '../formats/onnx/read-model'
import type { Model } from '../graph/model'
import type { Runtime, Session, ValueSignature } from '../runtime/runtime'
import { withoutBadSamples, type LeftOut } from './bad-samples'
import { blameNode } from './blame'
import { decisionsForLabels, findDecisions, type Decisions } from './classifier'
import { cutRows, keepingBatches, type Batch, type Feeds, type PreparedData, type StateLink } from './data'
import { feedsFor } from './feeds'
import { sampleData } from './sample-data'
import { syntheticData } from './synthetic'

/** A finished ONNX file, with the files that hold its external data by the path it uses. */
export interface ModelFile {
  readonly bytes: Bytes
  readonly externalData?: ReadonlyMap<string, Bytes>
}

/** What models are compared on. `model` is the original as read; without it, it is read from its bytes. */
export type EvaluationData =
  | { readonly kind: 'synthetic'; readonly model?: Model; readonly seed: number }
  | {
      readonly kind: 'samples'
      readonly model?: Model
      readonly samples: Samples
      /** In the words of `--preprocess`; without it, the preset is chosen by the labels. */
      readonly preprocess?: string
      /** Outputs that are fed back as inputs of the next sample. */
      readonly state?: readonly StateLink[]
    }

export interface EvaluateOptions {
  /** Memory for the original's outputs, and as much again for inputs; beyond it they are computed again. */
  readonly storeBytes?: number
  readonly signal?: AbortSignal
  readonly onProgress?: OnProgress
}

/** The original's answers, which any number of results are held against. */
export interface Reference {
  readonly runtime: Runtime
  readonly original: ModelFile
  readonly data: PreparedData
  readonly inputs: readonly ValueSignature[]
  /** Names of the outputs, in the model's order. */
  readonly outputs: readonly string[]
  readonly decisions?: Decisions
  /** Outputs of each batch; null where they did not fit the memory that was given. */
  readonly stored: readonly ReadonlyMap<string, Tensor>[] | null
  /** Gives the memory back. */
  release(): Promise<void>
}

const STORE_BYTES = 256 * 2 ** 20

/**
 * Runs the original once on the data and keeps what it said. Bad samples are left out, with a note.
 * @throws RuntimeFailure where onnxruntime cannot run the original
 * @throws UsageError where the data does not fit the model
 */
export async function prepareReference(
  runtime: Runtime,
  file: ModelFile | Bytes,
  from: EvaluationData,
  options: EvaluateOptions = {},
): Promise<Reference> {
  if (from.kind === 'synthetic') return prepare(runtime, file, from, options)
  const work = async (samples: Samples, left: LeftOut) => {
    const reference = await prepare(runtime, file, { ...from, samples }, options)
    const { data } = reference
    return { ...reference, data: { ...data, notes: [...left.notes, ...data.notes] } }
  }
  return withoutBadSamples(from.samples, work, options.signal)
}

async function prepare(
  runtime: Runtime,
  file: ModelFile | Bytes,
  from: EvaluationData,
  options: EvaluateOptions,
): Promise<Reference> {
  const original = asFile(file)
  const model = from.model ?? (await readModel(singleFile(memorySource(original.bytes, 'model')), options.signal))
  const storeBytes = options.storeBytes ?? STORE_BYTES
  const session = await openModel(runtime, original).catch((error: unknown) => {
    throw blameNode(error, model)
  })
  try {
    const data = keepingBatches(await chooseData(session, model, from, options), storeBytes)
    const stored: ReadonlyMap<string, Tensor>[] = []
    let size = 0
    let decisions: Decisions | undefined
    for await (const { batch, outputs } of runBatches(session, data, { ...options, item: 'original' })) {
      if (batch.start === 0) decisions = decisionsOf(model, data, batch, outputs)
      for (const output of outputs.values()) size += output.data.byteLength
      if (size <= storeBytes) stored.push(outputs)
      // Nothing else needs the rest of the run: the outputs are computed again beside each result's
      else break
    }
    if (size > storeBytes && from.kind === 'samples') await readToEnd(data, options.signal)
    return {
      runtime,
      original,
      data,
      inputs: session.inputs,
      outputs: session.outputs.map((output) => output.name),
      ...(decisions && { decisions }),
      stored: size <= storeBytes ? stored : null,
      release: async () => void stored.splice(0),
    }
  } finally {
    await session.release()
  }
}

/** Bad samples are to be found before anything is measured. */
async function readToEnd(data: PreparedData, signal: AbortSignal | undefined): Promise<void> {
  for await (const _ of data.batches(signal)) throwIfAborted(signal)
}

export function asFile(file: ModelFile | Bytes): ModelFile {
  return file instanceof Uint8Array ? { bytes: file } : file
}

export function openModel(runtime: Runtime, { bytes, externalData }: ModelFile): Promise<Session> {
  return runtime.open(bytes, externalData && { externalData })
}

async function chooseData(
  session: Session,
  model: Model,
  from: EvaluationData,
  { signal }: EvaluateOptions,
): Promise<PreparedData> {
  if (from.kind === 'synthetic') return syntheticData(model, session, { seed: from.seed, signal })
  const build = (maxBatch?: number) => sampleData(from.samples, session, model, { ...from, maxBatch, signal })
  const data = await build()
  for await (const batch of data.batches(signal)) {
    if (batch.rows === 1 || isFixedBatch(session)) return data
    try {
      await session.run(feedsFor(batch.feeds, session.inputs))
      return data
    } catch (error) {
      // Exports that say "any batch" and mean one are common
      if (!(error instanceof RuntimeFailure)) throw error
      return build(1)
    }
  }
  return data
}

const isFixedBatch = ({ inputs }: Session) =>
  inputs.some(({ shape }) => shape.length > 0 && typeof shape[0] === 'number')

function decisionsOf(model: Model, data: PreparedData, batch: Batch, outputs: ReadonlyMap<string, Tensor>) {
  const guessed = findDecisions(model, outputs)
  return data.labels ? decisionsForLabels(data.labels, outputs, batch.count, guessed) : guessed
}

export interface RunOptions {
  readonly signal?: AbortSignal
  readonly onProgress?: OnProgress
  /** For progress: 'original' or 'result'. */
  readonly item: string
}

/** Runs all data through a model, state carried from zero; outputs hold the batch's samples only. */
export async function* runBatches(
  session: Session,
  data: PreparedData,
  { signal, onProgress, item }: RunOptions,
): AsyncGenerator<{ batch: Batch; outputs: ReadonlyMap<string, Tensor> }> {
  let carried: Feeds | undefined
  for await (const batch of data.batches(signal)) {
    const feeds = carried ? new Map([...batch.feeds, ...carried]) : batch.feeds
    const { outputs } = await session.run(feedsFor(feeds, session.inputs))
    if (data.state.length > 0) carried = carryState(data.state, outputs)
    yield { batch, outputs: cutRows(outputs, batch) }
    onProgress?.({ stage: 'verify', item, done: batch.start + batch.count, total: data.count, unit: 'items' })
  }
}

function carryState(state: readonly StateLink[], outputs: ReadonlyMap<string, Tensor>): Feeds {
  return new Map(
    state.map(({ output, input }) => {
      const value = outputs.get(output)
      if (!value) throw new RuntimeFailure(`State "${output}=${input}": the model has no output "${output}".`)
      return [input, value]
    }),
  )
}
