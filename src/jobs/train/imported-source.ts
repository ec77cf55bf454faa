/** Data in the form that a given model takes. */
import type { ByteSource } from '../../core/bytes'
import { UsageError } from '../../core/errors'
import { fromTensor, type HostArray } from '../../core/host-array'
import type { Note } from '../../core/progress'
import { arrayDataset } from '../../engine/data/from-samples'
import { splitSamples } from '../../engine/data/table/split'
import { encodingOf } from '../../engine/data/table/preprocessing'
import { rawInputs } from '../../engine/data/table/raw-inputs'
import { targetOf } from '../../engine/data/table/target-values'
import { TARGET } from '../../engine/train/step-graph'
import {
  applyPreprocess,
  deriveTarget,
  inputShape,
  parsePreprocess,
  preprocessedSize,
} from '../../evaluate/preprocess/preprocess'
import { pictureData } from '../../evaluate/picture-data'
import { pickSamples } from '../../evaluate/split'
import type { Samples } from '../../formats/format'
import { encodeOnnx } from '../../formats/onnx/encode'
import { PREPROCESS_KEY } from './finish-model'
import type { ImportedModel } from './imported-model'
import { labelsOf } from './labels'
import { pickRows } from './pick-rows'
import type { TrainPorts, TrainSettings } from './request'
import { partsOf, sharesOf, type Prepared, type Split, type TrainingSource } from './source'
import { openTable, rawRows, type OpenedTable } from './table-source'

type Pictures = Extract<Samples, { kind: 'pictures' }>

interface Context {
  readonly settings: TrainSettings
  readonly ports: TrainPorts
}

/**
 * @param count samples that may be looked at: what follows them is for the test
 * @throws UsageError where the model takes no pictures, or has fewer outputs than there are classes
 */
export async function importedPictures(
  samples: Pictures,
  imported: ImportedModel,
  { settings, ports, count = samples.count }: Context & { readonly count?: number },
): Promise<TrainingSource> {
  const labels = labelsOf(samples)
  const [input] = imported.inputs
  const classes = classNames(imported, labels)
  const all = Uint32Array.from({ length: samples.count }, (_, i) => i)
  const split: TrainingSource['split'] = ({ seed, validation, test }) =>
    splitSamples(all, labels, { seed, validationShare: validation, testShare: test })
  // the test's samples are not looked at
  const seen = Array.from(split(sharesOf(settings, settings.seed)).train).filter((row) => row < count)
  const { preprocess, notes } = await choosePreprocess(pickSamples(samples, seen) as Pictures, imported, {
    settings,
    ports,
  })
  const features = await readInputs(samples, imported, preprocess)
  const arrays = new Map<string, HostArray>([
    [input?.name ?? '', features],
    [TARGET, { dtype: 'int64', shape: [samples.count], values: BigInt64Array.from(labels, BigInt) }],
  ])
  return {
    ...{ name: samples.name, samples: samples.count, sha256: samples.sha256, notes },
    task: { kind: 'classification', classes },
    facts: {
      ...{ rows: samples.count, columns: features.values.length / samples.count, ignored: [] },
      ...{ target: 'label', task: 'classification', classes },
    },
    split,
    prepare: (parts) => ({ ...prepared(arrays, labels, parts), preprocess }),
    raw: (parts, part) => pickSamples(samples, Array.from(parts[part])),
  }
}

function prepared(arrays: ReadonlyMap<string, HostArray>, targets: ArrayLike<number>, split: Split): Prepared {
  const isClasses = arrays.get(TARGET)?.dtype === 'int64'
  const data = arrayDataset(arrays)
  return {
    input: { kind: 'row', size: 0 },
    parts: partsOf((part) => pickRows(data, split[part])),
    targets: partsOf((part) => {
      const own = Array.from(split[part], (row) => targets[row] as number)
      return isClasses ? Int32Array.from(own) : Float64Array.from(own)
    }),
    notes: [],
    withInputs: (network) => network,
  }
}

/** The model's own, or the numbers of its outputs. */
function classNames({ name, network, model }: ImportedModel, labels: Int32Array): string[] {
  const known = model.metadata.get('plume.classes')
  const [output] = network.graph.outputs
  const width = output?.type?.kind === 'tensor' ? output.type.shape?.at(-1) : undefined
  const last = labels.reduce((most, label) => Math.max(most, label), 0)
  const count = typeof width === 'number' ? width : last + 1
  if (last >= count) {
    throw new UsageError(`${name} tells ${count} classes apart, but there are labels up to ${last} (from 0 on).`)
  }
  const names = listOf(known)
  return Array.from({ length: count }, (_, i) => names[i] ?? String(i))
}

/** Texts that a model's metadata lists; none where it holds anything else. */
function listOf(json: string | undefined): string[] {
  try {
    const list: unknown = JSON.parse(json ?? '[]')
    return Array.isArray(list) ? list.map(String) : []
  } catch {
    return []
  }
}

/** As it was asked for or as the model says, else as the model is right most often before it is trained. */
async function choosePreprocess(
  samples: Pictures,
  { model }: ImportedModel,
  { settings, ports }: Context,
): Promise<{ preprocess: string; notes: readonly Note[] }> {
  const known = settings.preprocess ?? model.metadata.get(PREPROCESS_KEY)
  if (known !== undefined) return { preprocess: known, notes: [] }
  const session = await (await ports.openRuntime()).open(await encodeOnnx(model))
  try {
    const { preprocess, notes } = await pictureData(samples, session, model, { signal: ports.signal })
    return { preprocess: preprocess ?? 'zero-one', notes }
  } finally {
    await session.release()
  }
}

async function readInputs(samples: Pictures, { name, inputs }: ImportedModel, preprocess: string): Promise<HostArray> {
  const [input, ...others] = inputs
  const target = deriveTarget(input?.type?.kind === 'tensor' ? input.type.shape : undefined)
  if (!target || others.length > 0) {
    throw new UsageError(`${name}: pictures need a model with one input such as [n, 3, height, width].`)
  }
  const spec = parsePreprocess(preprocess)
  const first = await samples.read(0)
  const [height, width] = preprocessedSize(first, spec, target)
  const fixed = { ...target, height, width }
  const shape = inputShape({ ...fixed, layout: spec.layout ?? target.layout }, samples.count, height, width)
  const each = height * width * target.channels
  const values = new Float32Array(samples.count * each)
  for (let i = 0; i < samples.count; i++) {
    applyPreprocess(await samples.read(i), spec, fixed, values.subarray(i * each, (i + 1) * each))
  }
  return { dtype: 'float32', shape, values }
}

/**
 * A table for a model that takes its columns raw: one that was trained here, or one with an input [batch, columns].
 * @throws UsageError for a table that lacks columns of the model, or a model that takes no rows of numbers
 */
export async function importedTable(
  file: ByteSource,
  imported: ImportedModel,
  { settings, ports }: Context,
): Promise<TrainingSource> {
  const encoding = encodingOf(imported.model)
  const target = settings.target ?? encoding?.target
  const given = await openTable(file, { ...settings, ...(target !== undefined && { target }) }, ports)
  const plan = encoding?.classes ? { ...given.plan, classes: encoding.classes } : given.plan
  return rowSource({ ...given, plan }, imported)
}

function rowSource(opened: OpenedTable, imported: ImportedModel): TrainingSource {
  const { table, plan, notes, sha256 } = opened
  const { rows, labels } = targetOf(table, plan)
  const every = Int32Array.from({ length: table.rows }, (_, row) => row)
  const arrays = new Map<string, HostArray>()
  const encoding = encodingOf(imported.model)
  const raw = encoding ? rawInputs(table, encoding, every) : rawRows(opened, every).arrays
  for (const [name, tensor] of raw) arrays.set(inputName(imported, name, raw.size), fromTensor(tensor))
  const targets = new Float64Array(table.rows)
  rows.forEach((row, i) => (targets[row] = labels[i] as number))
  const isClasses = plan.task === 'classification'
  arrays.set(
    TARGET,
    isClasses
      ? { dtype: 'int64', shape: [table.rows], values: BigInt64Array.from(targets, BigInt) }
      : { dtype: 'float32', shape: [table.rows, 1], values: Float32Array.from(targets) },
  )
  const { target, task, classes = [] } = plan
  return {
    ...{ name: table.name, samples: rows.length, sha256, notes },
    task: isClasses ? { kind: 'classification', classes } : { kind: 'regression' },
    facts: {
      ...{ rows: table.rows, columns: table.columns.length, target, task, ...(isClasses && { classes }) },
      ignored: plan.roles.flatMap(({ column, role, why = '' }) => (role === 'ignored' ? [{ column, why }] : [])),
    },
    split: ({ seed, validation, test }) =>
      splitSamples(rows, isClasses ? labels : undefined, { seed, validationShare: validation, testShare: test }),
    prepare: (split) => prepared(arrays, targets, split),
    raw: (parts, part) => rawRows(opened, parts[part]),
  }
}

/** A model from elsewhere calls its one input as it likes. */
function inputName({ name, inputs }: ImportedModel, wish: string, count: number): string {
  if (inputs.some((input) => input.name === wish)) return wish
  const [only, ...others] = inputs
  if (only && others.length === 0 && count === 1) return only.name
  throw new UsageError(`${name} has no input ${wish}; it takes ${inputs.map((input) => input.name).join(', ')}.`)
}
