/** Pictures with labels as training data: one size, pixels centred by the mean of the training part. */
import { throwIfAborted } from '../../core/errors'
import { numbersOf, type HostArray } from '../../core/host-array'
import type { Note } from '../../core/progress'
import type { Dataset } from '../../engine/data/dataset'
import { splitSamples } from '../../engine/data/table/split'
import { FEATURES } from '../../engine/train/networks'
import { TARGET } from '../../engine/train/step-graph'
import { pickSamples } from '../../evaluate/split'
import { applyPreprocess, presetSpec, type PictureTarget } from '../../evaluate/preprocess/preprocess'
import type { Picture, Samples } from '../../formats/format'
import type { Model } from '../../graph/model'
import { affineInput, type Scale } from './finish-model'
import { classesOf, labelsOf } from './labels'
import { partsOf, type PictureInput, type Prepared, type Split, type TrainingSource } from './source'

type Pictures = Extract<Samples, { kind: 'pictures' }>
/** Of the targets of our networks. */
const FULL_SHAPE = { layout: 'nchw', isBatched: true, isFlat: false, hasChannelDim: true } as const

/** Pictures of different sizes are brought to a square of at most so many pixels a side. */
const MOST_SIDE = 64
/** What the finished model takes: pixels from 0 to 1. */
const PREPROCESS = 'zero-one'

/** @throws UsageError for pictures without labels, or of one class only */
export async function pictureSource(
  samples: Pictures,
  names: readonly string[] | undefined,
  signal?: AbortSignal,
): Promise<TrainingSource> {
  const labels = labelsOf(samples)
  const classes = classesOf(samples.name, labels, names)
  const { input, note } = await sizeOf(samples)
  const pixels = await readPixels(samples, { input, isResized: note !== undefined, ...(signal && { signal }) })
  const all = Uint32Array.from({ length: samples.count }, (_, i) => i)
  const notes: Note[] = samples.notes.map((text) => ({ severity: 'info', text }))
  if (note) notes.push({ severity: 'info', text: note })
  return {
    name: samples.name,
    samples: samples.count,
    sha256: samples.sha256,
    task: { kind: 'classification', classes },
    notes,
    facts: {
      ...{ rows: samples.count, columns: input.channels * input.height * input.width },
      ...{ target: 'label', task: 'classification', classes, ignored: [] },
    },
    split: ({ seed, validation, test }) =>
      splitSamples(all, labels, { seed, validationShare: validation, testShare: test }),
    prepare: (split) => prepare(pixels, labels, { input, split }),
    raw: (split, part) => pickSamples(samples, Array.from(split[part])),
  }
}

interface Sized {
  readonly input: PictureInput
  /** Where pictures are resized. */
  readonly note?: string
}

/** Looks at some pictures; those that differ are resized and cropped to a square. */
async function sizeOf(samples: Pictures): Promise<Sized> {
  const looked = await Promise.all(
    Array.from({ length: Math.min(samples.count, 100) }, (_, i, n = Math.min(samples.count, 100)) =>
      samples.read(Math.floor((i * samples.count) / n)),
    ),
  )
  const channels = looked.some((picture) => picture.channels === 3) ? 3 : 1
  const first = looked[0] as Picture
  const isOne = looked.every(({ width, height }) => width === first.width && height === first.height)
  if (isOne && Math.max(first.width, first.height) <= MOST_SIDE) {
    return { input: { kind: 'picture', channels, height: first.height, width: first.width } }
  }
  const sides = looked.map(({ width, height }) => Math.min(width, height))
  const side = Math.min(MOST_SIDE, ...sides)
  return {
    input: { kind: 'picture', channels, height: side, width: side },
    note: `Pictures are brought to ${side} × ${side} pixels: resized by the shorter side, cut out of the middle.`,
  }
}

interface Reading {
  readonly input: PictureInput
  readonly isResized: boolean
  readonly signal?: AbortSignal
}

/** [samples, channels, height, width], from 0 to 1; 8 bits each where no picture is resized. */
async function readPixels(
  samples: Pictures,
  { input, isResized, signal }: Reading,
): Promise<Uint8Array | Float32Array> {
  const { channels, height, width } = input
  const size = channels * height * width
  const target: PictureTarget = { ...FULL_SHAPE, channels, height, width }
  const all = isResized ? new Float32Array(samples.count * size) : new Uint8Array(samples.count * size)
  const parsed = presetSpec(PREPROCESS)
  const room = new Float32Array(size)
  for (let i = 0; i < samples.count; i++) {
    throwIfAborted(signal)
    const picture = await samples.read(i)
    const isPlain = picture.channels === 1 && channels === 1 && picture.width === width && picture.height === height
    if (isPlain && !isResized) {
      all.set(picture.pixels, i * size)
      continue
    }
    applyPreprocess(picture, parsed, target, room)
    all.set(isResized ? room : room.map((value) => Math.round(value * 255)), i * size)
  }
  return all
}

function prepare(
  pixels: Uint8Array | Float32Array,
  labels: Int32Array,
  { input, split }: { readonly input: PictureInput; readonly split: Split },
): Prepared {
  const scale = channelScale(pixels, input, split.train)
  return {
    input,
    preprocess: PREPROCESS,
    notes: [],
    parts: partsOf((part) => new PixelDataset(pixels, labels, { input, rows: split[part], scale })),
    targets: partsOf((part) => Int32Array.from(split[part], (row) => labels[row] as number)),
    withInputs: (network: Model) => affineInput(network, { name: 'image', ...scale, input }),
  }
}

/** Of at most so many pictures: the mean of a channel is known well by then. */
const SCALE_SAMPLES = 2000

function channelScale(
  pixels: Uint8Array | Float32Array,
  { channels, height, width }: PictureInput,
  rows: ArrayLike<number>,
): Scale {
  const area = height * width
  const unit = pixels instanceof Uint8Array ? 1 / 255 : 1
  const sums = new Float64Array(channels)
  const squares = new Float64Array(channels)
  const every = Math.max(1, Math.floor(rows.length / SCALE_SAMPLES))
  let count = 0
  for (let r = 0; r < rows.length; r += every) {
    count += area
    for (let c = 0; c < channels; c++) {
      const start = ((rows[r] as number) * channels + c) * area
      for (let i = start; i < start + area; i++) {
        const value = (pixels[i] as number) * unit
        sums[c] = (sums[c] as number) + value
        squares[c] = (squares[c] as number) + value * value
      }
    }
  }
  const mean = Array.from(sums, (sum) => Math.fround(sum / count))
  const deviation = mean.map((m, c) => {
    const variance = (squares[c] as number) / count - m * m
    return variance > 1e-8 ? Math.fround(Math.sqrt(variance)) : 1
  })
  return { mean, deviation }
}

interface PixelRows {
  readonly input: PictureInput
  readonly rows: ArrayLike<number>
  readonly scale: Scale
}

class PixelDataset implements Dataset {
  readonly length: number
  readonly fields: Dataset['fields']
  readonly #pixels: Uint8Array | Float32Array
  readonly #labels: Int32Array
  readonly #given: PixelRows

  constructor(pixels: Uint8Array | Float32Array, labels: Int32Array, given: PixelRows) {
    const { channels, height, width } = given.input
    this.length = given.rows.length
    this.fields = new Map([
      [FEATURES, { dtype: 'float32', shape: [channels, height, width] }],
      [TARGET, { dtype: 'int64', shape: [] }],
    ])
    this.#pixels = pixels
    this.#labels = labels
    this.#given = given
  }

  read(indices: ArrayLike<number>, into: ReadonlyMap<string, HostArray>): void {
    const { input, rows, scale } = this.#given
    const features = numbersOf(into.get(FEATURES) as HostArray)
    const targets = (into.get(TARGET) as HostArray).values as BigInt64Array
    const area = input.height * input.width
    const unit = this.#pixels instanceof Uint8Array ? 1 / 255 : 1
    let to = 0
    for (let i = 0; i < indices.length; i++) {
      const row = rows[indices[i] as number] as number
      targets[i] = BigInt(this.#labels[row] as number)
      let from = row * input.channels * area
      for (let c = 0; c < input.channels; c++) {
        const [mean, factor] = [scale.mean[c] as number, 1 / (scale.deviation[c] as number)]
        for (let p = 0; p < area; p++) features[to++] = ((this.#pixels[from++] as number) * unit - mean) * factor
      }
    }
  }
}
