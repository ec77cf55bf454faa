import { elementCount } from '../core/dtypes'
import { assert, throwIfAborted, UsageError } from '../core/errors'
import type { Note } from '../core/progress'
import { roundHalfEven, type Tensor } from '../core/tensor'
import type { Picture, Samples } from '../formats/format'
import type { Model } from '../graph/model'
import type { Session, ValueSignature } from '../runtime/runtime'
import { readGood } from './bad-samples'
import { decisionsForLabels, findDecisions } from './classifier'
import { cutRows, type Batch, type PreparedData } from './data'
import { encodeNumbers, isEncodable, isFloat, type Encodable } from './numbers'
import {
  applyPreprocess,
  candidatePresets,
  deriveTarget,
  formatPreprocess,
  inputShape,
  parsePreprocess,
  preprocessedSize,
  presetSpec,
  type PictureTarget,
  type PreprocessSpec,
  type PresetName,
} from './preprocess/preprocess'
import { TaskMeter } from './task'

export type PictureSamples = Extract<Samples, { kind: 'pictures' }>

export interface PictureOptions {
  readonly preprocess?: string | undefined
  readonly maxBatch?: number | undefined
  readonly signal?: AbortSignal | undefined
}

const BATCH_ELEMENTS = 2 ** 18
const MAX_BATCH = 64

interface Plan {
  readonly samples: PictureSamples
  readonly input: ValueSignature & { readonly dtype: Encodable }
  readonly target: PictureTarget
  readonly rows: number
  readonly isFixed: boolean
}

/**
 * Pictures as the one input of a model.
 *
 * Without a preset it is chosen by the labels: the one with which the original is right most often.
 * @throws UsageError where the model has no input for pictures, or the preset does not fit; BadSamples, also while batches are
 *   read, for pictures that do not decode
 */
export async function pictureData(
  samples: PictureSamples,
  session: Pick<Session, 'inputs'> & Partial<Pick<Session, 'run'>>,
  model: Model,
  options: PictureOptions,
): Promise<PreparedData> {
  const plan = planPictures(samples, session, options.maxBatch ?? MAX_BATCH)
  const notes: Note[] = samples.notes.map((text) => ({ severity: 'info', text }))
  const spec =
    options.preprocess === undefined
      ? await choosePreset(plan, session, model, notes, options.signal)
      : parsePreprocess(options.preprocess)
  const { rows, isFixed } = plan
  const read: ReadPicture = (index) => readGood(samples, index)
  const all = Array.from({ length: samples.count }, (_, index) => index)
  return {
    kind: 'user',
    count: samples.count,
    ...(samples.labels && { labels: samples.labels }),
    preprocess: formatPreprocess(spec),
    state: [],
    notes,
    batches: (signal) => pictureBatches(plan, spec, all, read, signal),
    async single() {
      const indices = Array.from({ length: isFixed ? rows : 1 }, (_, row) => row % samples.count)
      return new Map([[plan.input.name, await inputOf(plan, spec, indices, read)]])
    },
  }
}

function planPictures(samples: PictureSamples, { inputs }: Pick<Session, 'inputs'>, maxBatch: number): Plan {
  const [input] = inputs
  const target = deriveTarget(input?.shape)
  if (!input || inputs.length !== 1 || !target || !isEncodable(input.dtype)) {
    const found = inputs.map(
      ({ name, dtype, shape }) => `${name} ${dtype}[${shape.map((dim) => dim ?? '?').join(', ')}]`,
    )
    throw new UsageError(
      `${samples.name}: pictures need a model with one input such as [n, 3, height, width]; this one takes ${found.join(', ')}. ` +
        "Give arrays named like the model's inputs (.npz).",
    )
  }
  const [first] = input.shape
  const isFixed = target.isBatched && typeof first === 'number'
  const elements = target.height && target.width ? target.channels * target.height * target.width : Infinity
  const fitting = Math.max(1, Math.floor(BATCH_ELEMENTS / elements))
  // Pictures whose size the model leaves open keep their own, so they cannot share a batch
  const rows = isFixed ? first : target.isBatched ? Math.min(maxBatch, fitting, samples.count) : 1
  return { samples, input: { ...input, dtype: input.dtype }, target, rows, isFixed }
}

type ReadPicture = (index: number) => Promise<Picture>

async function* pictureBatches(
  plan: Plan,
  spec: PreprocessSpec,
  indices: readonly number[],
  read: ReadPicture,
  signal: AbortSignal | undefined,
): AsyncGenerator<Batch> {
  const { rows, isFixed, input } = plan
  for (let start = 0; start < indices.length; start += rows) {
    throwIfAborted(signal)
    const part = indices.slice(start, start + rows)
    const count = part.length
    while (isFixed && part.length < rows) part.push(part[part.length % count] as number)
    const value = await inputOf(plan, spec, part, read)
    yield { feeds: new Map([[input.name, value]]), start, count, rows: part.length }
  }
}

async function inputOf(
  { target, input }: Plan,
  spec: PreprocessSpec,
  indices: readonly number[],
  read: ReadPicture,
): Promise<Tensor> {
  let values = new Float32Array(0)
  let shape: number[] = []
  let first: readonly [height: number, width: number] | undefined
  for (const [row, index] of indices.entries()) {
    const picture = await read(index)
    const [height, width] = preprocessedSize(picture, spec, target)
    if (!first) {
      first = [height, width]
      shape = inputShape({ ...target, layout: spec.layout ?? target.layout }, indices.length, height, width)
      values = new Float32Array(elementCount(shape))
    }
    if (height !== first[0] || width !== first[1]) {
      throw new UsageError(
        `--preprocess: the model takes ${indices.length} pictures at once, which need one size, but one becomes ` +
          `${first[1]} × ${first[0]} (width × height) and another ${width} × ${height}. Give resize and crop.`,
      )
    }
    const size = values.length / indices.length
    applyPreprocess(picture, spec, target, values.subarray(row * size, (row + 1) * size))
  }
  return encodeNumbers(input.dtype, shape, isFloat(input.dtype) ? values : values.map(roundHalfEven))
}

/** At most so many samples choose the preset; the first quarter drops those that are clearly worse. */
const TRIAL_SAMPLES = 200
const CLEARLY_WORSE = 0.25

async function choosePreset(
  plan: Plan,
  session: Partial<Pick<Session, 'run'>>,
  model: Model,
  notes: Note[],
  signal: AbortSignal | undefined,
): Promise<PreprocessSpec> {
  const { samples, target, input } = plan
  // Whole numbers are what pictures are made of, so nothing is left to choose
  if (!isFloat(input.dtype)) return presetSpec('raw')
  const names = candidatePresets(target)
  const indices = trialIndices(samples.count, TRIAL_SAMPLES)
  const quarter = indices.filter((_, i) => i % 4 === 0)
  const rest = indices.filter((_, i) => i % 4 !== 0)
  const read = remember((index) => readGood(samples, index))
  const first = samples.labels ? await scores(plan, session, model, names, quarter, read, signal) : undefined
  if (!first) {
    const name: PresetName = target.channels === 3 ? 'imagenet' : 'zero-one'
    notes.push({
      severity: 'warning',
      text: `No labels to choose by: pictures become inputs as in ${name}. Say --preprocess if the model was trained otherwise.`,
    })
    return presetSpec(name)
  }
  const best = Math.max(...first.values())
  const finalists = names.filter((name) => (first.get(name) as number) >= best - CLEARLY_WORSE)
  const second =
    finalists.length > 1 && rest.length > 0
      ? await scores(plan, session, model, finalists, rest, read, signal)
      : undefined
  const weight = rest.length / indices.length
  const total = (name: PresetName) => {
    const one = first.get(name) as number
    return second ? one * (1 - weight) + (second.get(name) as number) * weight : one
  }
  const winner = finalists.reduce((a, b) => (total(b) > total(a) ? b : a))
  const seen = second ? indices.length : quarter.length
  notes.push({
    severity: 'info',
    text: `Pictures become inputs as in ${winner}: of ${names.length} presets tried on ${seen} samples, the original was right most often with it (${(100 * total(winner)).toFixed(1)} %).`,
  })
  return presetSpec(winner)
}

/** Evenly over all samples, since files are often sorted by class. */
function trialIndices(count: number, most: number): number[] {
  const size = Math.min(count, most)
  return Array.from({ length: size }, (_, i) => Math.floor((i * count) / size))
}

function remember(read: ReadPicture): ReadPicture {
  const kept = new Map<number, Promise<Picture>>()
  return (index) => {
    const known = kept.get(index) ?? read(index).then(compact)
    kept.set(index, known)
    return known
  }
}

/** Pixels may lie in larger memory of the decoder's. */
const compact = (picture: Picture): Picture => ({ ...picture, pixels: picture.pixels.slice() })

/** Accuracy of the original with each preset; undefined where no output has decisions that fit the labels. */
async function scores(
  plan: Plan,
  session: Partial<Pick<Session, 'run'>>,
  model: Model,
  names: readonly PresetName[],
  indices: readonly number[],
  read: ReadPicture,
  signal: AbortSignal | undefined,
): Promise<Map<PresetName, number> | undefined> {
  assert(session.run, 'a preset is to be chosen without a session')
  const { shape, values } = plan.samples.labels ?? { shape: [], values: new Int32Array(0) }
  const each = elementCount(shape)
  const labels = {
    shape,
    values: Int32Array.from(indices.flatMap((index) => [...values.subarray(index * each, (index + 1) * each)])),
  }
  const result = new Map<PresetName, number>()
  for (const name of names) {
    let meter: TaskMeter | undefined
    let output = ''
    for await (const batch of pictureBatches(plan, presetSpec(name), indices, read, signal)) {
      const outputs = cutRows((await session.run(batch.feeds)).outputs, batch)
      if (!meter) {
        const decisions = decisionsForLabels(labels, outputs, batch.count, findDecisions(model, outputs))
        if (!decisions) return undefined
        meter = new TaskMeter(decisions, labels)
        output = decisions.output
      }
      const value = outputs.get(output)
      if (value) meter.add({ before: value, after: value, start: batch.start, count: batch.count })
    }
    result.set(name, meter?.result?.accuracy?.before ?? 0)
  }
  return result
}
