import type { FileSet } from '../core/bytes'
import { elementCount, storageBytes } from '../core/dtypes'
import { sha256Of } from '../core/hash'
import { resolveOptions } from '../core/options'
import type { Note } from '../core/progress'
import type { Coverage } from '../engine/coverage'
import { describeModel } from '../graph/facts'
import { bodies, type LazyTensor, type Model, type ValueInfo } from '../graph/model'
import { loadMethod } from '../methods'
import type { Decision } from '../methods/method'
import { openInput } from './input'

/** What a file holds, told from its header: no weight is read. `inspect --json` prints it. */
export interface InspectReport {
  readonly version: 1
  readonly file: {
    readonly name: string
    readonly format: string
    /** With the files that hold its weights. */
    readonly sizeBytes: number
    /** Of all its files in order; null above 64 MB, where hashing would take longer than a look. */
    readonly sha256: string | null
  }
  readonly producer?: string
  readonly opsets?: Readonly<Record<string, number>>
  readonly inputs: readonly ValueRow[]
  readonly outputs: readonly ValueRow[]
  /** Operators of all graphs and functions with their counts, most frequent first. */
  readonly operators: Readonly<Record<string, number>>
  readonly parameters: number
  readonly tensors: readonly TensorRow[]
  /** What `weights-int8` would do to each tensor, and the file size that follows. */
  readonly prediction: Prediction
  /** The same for `static-int8`, which needs data to run; only where it was asked for. */
  readonly predictionWithData?: Prediction
  /** What of it our own engine can run; only where it was asked for. */
  readonly engine?: Coverage
  readonly notes: readonly Note[]
}

export interface Prediction {
  readonly method: string
  readonly sizeBytes: number
  readonly decisions: readonly Decision[]
}

export interface ValueRow {
  readonly name: string
  readonly dtype: string
  readonly shape: readonly (number | string | null)[] | null
}

export interface TensorRow {
  readonly name: string
  readonly dtype: string
  readonly shape: readonly number[]
  readonly sizeBytes: number
}

const HASH_UP_TO_BYTES = 64_000_000

export interface InspectOptions {
  /** Also tell what our own engine can run: its operators are then loaded. */
  readonly withEngine?: boolean
  /** Also tell what integers throughout would give. */
  readonly withStatic?: boolean
}

/** @throws FormatError, UnsupportedError */
export async function inspectModel(
  files: FileSet,
  signal?: AbortSignal,
  { withEngine, withStatic }: InspectOptions = {},
): Promise<InspectReport> {
  const { model, meta, sources, sizeBytes } = await openInput(files, signal)
  const facts = describeModel(model)
  return {
    version: 1,
    file: {
      name: files.main.name,
      format: meta.id,
      sizeBytes,
      sha256: sizeBytes <= HASH_UP_TO_BYTES ? await sha256Of(sources, { ...(signal && { signal }) }) : null,
    },
    ...(model.producerName && { producer: `${model.producerName} ${model.producerVersion}`.trim() }),
    opsets: Object.fromEntries([...model.opsets].map(([domain, version]) => [domain || 'ai.onnx', version])),
    inputs: model.graph.inputs.filter((info) => !model.graph.initializers.has(info.name)).map(valueRow),
    outputs: model.graph.outputs.map(valueRow),
    operators: countOperators(model),
    parameters: countParameters(model),
    tensors: [...allTensors(model)].map(({ name, dtype, shape }) => ({
      name,
      dtype,
      shape,
      sizeBytes: storageBytes(dtype, elementCount(shape)) ?? 0,
    })),
    prediction: await predict(model, 'weights-int8', sizeBytes),
    ...(withStatic && { predictionWithData: await predict(model, 'static-int8', sizeBytes) }),
    ...(withEngine && { engine: await (await import('../engine/coverage')).coverageOf(model, signal) }),
    notes: facts.reasonUntouched ? [{ severity: 'info', text: facts.reasonUntouched }] : [],
  }
}

async function predict(model: Model, id: 'weights-int8' | 'static-int8', sizeBytes: number): Promise<Prediction> {
  const method = await loadMethod(id)
  const decisions = method.predict(model, resolveOptions(method.meta.options, {}, id))
  const saved = decisions.reduce((sum, decision) => sum + decision.sizeBeforeBytes - decision.sizeAfterBytes, 0)
  return { method: id, sizeBytes: Math.max(0, sizeBytes - saved), decisions }
}

function valueRow(info: ValueInfo): ValueRow {
  const { type } = info
  if (!type) return { name: info.name, dtype: 'unknown', shape: null }
  if (type.kind === 'other') return { name: info.name, dtype: type.label, shape: null }
  return { name: info.name, dtype: type.dtype, shape: type.shape ? [...type.shape] : null }
}

function countOperators(model: Model): Record<string, number> {
  const counts = new Map<string, number>()
  for (const body of bodies(model)) {
    for (const { opType, domain } of body.nodes) {
      const name = domain === '' || domain === 'ai.onnx' ? opType : `${domain}::${opType}`
      counts.set(name, (counts.get(name) ?? 0) + 1)
    }
  }
  return Object.fromEntries([...counts].sort((a, b) => b[1] - a[1] || a[0].localeCompare(b[0], 'en')))
}

/** Initializers and constants of every body. */
export function* allTensors(model: Model): Generator<LazyTensor> {
  for (const body of bodies(model)) {
    if (body.kind === 'graph') yield* body.initializers.values()
    for (const node of body.nodes) {
      const attribute = node.opType === 'Constant' ? node.attributes.get('value') : undefined
      const output = node.outputs[0]
      if (attribute?.type === 'tensor' && output) yield { ...attribute.value, name: output }
    }
  }
}

/** Shapes, axes and indices are int64 or int32; weights are floats, or narrow integers once they are quantized. */
const NOT_WEIGHTS = new Set<string>(['int64', 'int32', 'uint64', 'uint32', 'bool', 'string'])

function countParameters(model: Model): number {
  let count = 0
  for (const { dtype, shape } of allTensors(model)) if (!NOT_WEIGHTS.has(dtype)) count += elementCount(shape)
  return count
}
