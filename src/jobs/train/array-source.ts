/** Arrays with labels (.npz) as training data: rows of numbers, or pictures. */
import { UsageError } from '../../core/errors'
import { fromTensor, numbersOf, type HostArray } from '../../core/host-array'
import { arrayDataset } from '../../engine/data/from-samples'
import { splitSamples } from '../../engine/data/table/split'
import { FEATURES } from '../../engine/train/networks'
import { TARGET } from '../../engine/train/step-graph'
import { pickSamples } from '../../evaluate/split'
import type { Samples } from '../../formats/format'
import { affineInput, type Scale } from './finish-model'
import { classesOf, labelsOf } from './labels'
import { pickRows } from './pick-rows'
import { partsOf, type NetworkInput, type Prepared, type Split, type TrainingSource } from './source'

type Arrays = Extract<Samples, { kind: 'arrays' }>

/** @throws UsageError for arrays without labels, or of shapes that no network here takes */
export function arraySource(samples: Arrays): TrainingSource {
  const labels = labelsOf(samples)
  const classes = classesOf(samples.name, labels, undefined)
  const { name, features, input } = featuresOf(samples)
  const all = Uint32Array.from({ length: samples.count }, (_, i) => i)
  const columns = features.values.length / samples.count
  return {
    ...{ name: samples.name, samples: samples.count, sha256: samples.sha256 },
    task: { kind: 'classification', classes },
    notes: samples.notes.map((text) => ({ severity: 'info', text })),
    facts: {
      ...{ rows: samples.count, columns, target: 'labels', task: 'classification', classes, ignored: [] },
    },
    split: ({ seed, validation, test }) =>
      splitSamples(all, labels, { seed, validationShare: validation, testShare: test }),
    prepare: (split) => prepare({ name, features, input, labels }, split),
    raw: (split, part) => pickSamples(samples, Array.from(split[part])),
  }
}

interface Given {
  /** Of the finished model's input. */
  readonly name: string
  /** float32 [samples, …] */
  readonly features: HostArray
  readonly input: NetworkInput
}

function featuresOf({ name, arrays, count }: Arrays): Given {
  const [first, ...others] = [...arrays].filter(([, { shape }]) => shape.length > 0)
  if (!first || others.length > 0) {
    const names = [...arrays.keys()].join(', ') || 'none'
    throw new UsageError(`${name}: one array of features beside the labels was expected, found ${names}.`)
  }
  const [key, tensor] = first
  const array = fromTensor(tensor)
  const features: HostArray = { dtype: 'float32', shape: array.shape, values: Float32Array.from(numbersOf(array)) }
  const [, a = 0, b = 0, c = 0] = array.shape
  // the network calls its own input so
  const given = { name: key === FEATURES || key === '' ? 'input' : key, features }
  if (array.shape.length === 2) return { ...given, input: { kind: 'row', size: a } }
  if (array.shape.length === 4 && (a === 1 || a === 3)) {
    return { ...given, input: { kind: 'picture', channels: a, height: b, width: c } }
  }
  const found = [count, ...array.shape.slice(1)].join(' × ')
  throw new UsageError(
    `${name}: features should be of shape samples × columns, or samples × 1 or 3 channels × height × width, found ${found}.`,
  )
}

function prepare({ name, features, input, labels }: Given & { readonly labels: Int32Array }, split: Split): Prepared {
  const scale = scaleOf(features, input, split.train)
  const target: HostArray = { dtype: 'int64', shape: [labels.length], values: BigInt64Array.from(labels, BigInt) }
  const data = arrayDataset(
    new Map([
      [FEATURES, scaled(features, input, scale)],
      [TARGET, target],
    ]),
  )
  return {
    input,
    notes: [],
    parts: partsOf((part) => pickRows(data, split[part])),
    targets: partsOf((part) => Int32Array.from(split[part], (row) => labels[row] as number)),
    withInputs: (network) => affineInput(network, { name, ...scale, input }),
  }
}

/** Elements that share a mean: a column's one, or a channel's pixels. */
const areaOf = (input: NetworkInput) => (input.kind === 'row' ? 1 : input.height * input.width)
const groupsOf = (input: NetworkInput) => (input.kind === 'row' ? input.size : input.channels)

function scaleOf({ values }: HostArray, input: NetworkInput, rows: ArrayLike<number>): Scale {
  const [area, groups] = [areaOf(input), groupsOf(input)]
  const numbers = values as Float32Array
  const mean: number[] = []
  const deviation: number[] = []
  for (let group = 0; group < groups; group++) {
    let [sum, squares] = [0, 0]
    for (let r = 0; r < rows.length; r++) {
      const start = ((rows[r] as number) * groups + group) * area
      for (let i = start; i < start + area; i++) sum += numbers[i] as number
    }
    const average = sum / (rows.length * area)
    for (let r = 0; r < rows.length; r++) {
      const start = ((rows[r] as number) * groups + group) * area
      for (let i = start; i < start + area; i++) squares += ((numbers[i] as number) - average) ** 2
    }
    mean.push(Math.fround(average))
    deviation.push(Math.fround(Math.sqrt(squares / (rows.length * area))) || 1)
  }
  return { mean, deviation }
}

function scaled({ dtype, shape, values }: HostArray, input: NetworkInput, { mean, deviation }: Scale): HostArray {
  const [area, groups] = [areaOf(input), groupsOf(input)]
  const result = Float32Array.from(values as Float32Array, (value, i) => {
    const group = Math.floor(i / area) % groups
    return Math.fround(value - (mean[group] as number)) / (deviation[group] as number)
  })
  return { dtype, shape, values: result }
}
