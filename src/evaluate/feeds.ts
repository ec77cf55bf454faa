import { bitsOf, elementCount, type DType } from '../core/dtypes'
import { throwIfAborted, UsageError } from '../core/errors'
import type { Note } from '../core/progress'
import type { Tensor } from '../core/tensor'
import type { Samples } from '../formats/format'
import type { Dim } from '../graph/model'
import type { Session, ValueSignature } from '../runtime/runtime'
import type { Batch, PreparedData, Feeds, StateLink } from './data'
import { encodeNumbers, isEncodable, isFloat, isInteger, numbersOf, type Encodable } from './numbers'

export type { StateLink } from './data'

export type ArraySamples = Extract<Samples, { kind: 'arrays' }>

/** Elements of all inputs of one run; larger batches gain nothing on a CPU and cost memory for activations. */
const BATCH_ELEMENTS = 2 ** 18
const MAX_BATCH = 64

/**
 * Arrays as inputs of a model: matched by name, cut into batches, in the model's dtypes.
 *
 * Batches are made where the first size of every input is open; a fixed first size n takes n samples, the last ones
 * filled up; with carried state, samples go one by one. A rank-0 array is given to every run as it is.
 * @throws UsageError where names, shapes or dtypes do not fit; both sides are listed
 */
export function arrayData(
  samples: ArraySamples,
  session: Pick<Session, 'inputs'>,
  state: readonly StateLink[],
  maxBatch = MAX_BATCH,
): PreparedData {
  const notes: Note[] = samples.notes.map((text) => ({ severity: 'info', text }))
  const carried = new Set(state.map((link) => link.input))
  const bindings = bind(samples, session.inputs, carried)
  for (const one of bindings) {
    const text = conversionNote(one)
    if (text) notes.push({ severity: 'info', text })
  }
  const size = batchSize(bindings, Math.min(samples.count, maxBatch), state.length > 0)
  const initial = initialState(
    session.inputs.filter((input) => carried.has(input.name)),
    samples,
  )
  /** Beyond the last sample, those from the first on fill a batch up. */
  const rowsAt = (start: number, rows: number) =>
    Array.from({ length: rows }, (_, row) => {
      const index = (start + row) % samples.count
      return samples.rows ? (samples.rows[index] as number) : index
    })
  const batchAt = (start: number, rows: number): Feeds =>
    new Map([...bindings.map((one): [string, Tensor] => [one.input.name, slice(one, rowsAt(start, rows))]), ...initial])
  return {
    kind: 'user',
    count: samples.count,
    ...(samples.labels && { labels: samples.labels }),
    state,
    notes,
    async *batches(signal): AsyncGenerator<Batch> {
      for (let start = 0; start < samples.count; start += size.rows) {
        throwIfAborted(signal)
        const count = Math.min(size.rows, samples.count - start)
        const rows = size.isFixed ? size.rows : count
        yield { feeds: batchAt(start, rows), start, count, rows }
      }
    },
    single: async () => batchAt(0, size.isFixed ? size.rows : 1),
  }
}

/** How an array becomes an input: as it is for every run, one row of a batch a sample, or one whole input a sample. */
interface Binding {
  readonly input: ValueSignature
  readonly label: string
  readonly array: Tensor
  readonly mode: 'shared' | 'rows' | 'whole'
  /** Shape of one sample as the model takes it, without the batch axis. */
  readonly sample: readonly number[]
}

function bind(samples: ArraySamples, inputs: readonly ValueSignature[], carried: ReadonlySet<string>): Binding[] {
  const needed = inputs.filter((input) => !carried.has(input.name))
  return needed.map((input) => {
    const isUnnamed = needed.length === 1 && samples.arrays.size === 1 && samples.arrays.has('')
    const label = isUnnamed ? '' : input.name
    const array = samples.arrays.get(label)
    if (!array) {
      throw new UsageError(
        `${samples.name} has no array for input "${input.name}". The model takes: ${needed.map(describe).join(', ')}. ` +
          `The data has: ${[...samples.arrays].map(([name, a]) => `${name || '(no name)'} ${a.dtype}[${a.shape.join(', ')}]`).join(', ')}. ` +
          'Name the arrays as the inputs.',
      )
    }
    checkDtype(samples.name, input, array)
    return { input, label, array, ...fit(samples.name, input, array) }
  })
}

const describe = ({ name, dtype, shape }: ValueSignature) =>
  `${name} ${dtype}[${shape.map((dim) => dim ?? '?').join(', ')}]`

function fit(file: string, input: ValueSignature, array: Tensor): Pick<Binding, 'mode' | 'sample'> {
  const dims = input.shape
  if (array.shape.length === 0) return { mode: 'shared', sample: dims.length === 0 ? [] : dims.map(() => 1) }
  const sample = array.shape.slice(1)
  if (dims.length === sample.length + 1 && matches(dims.slice(1), sample)) return { mode: 'rows', sample }
  if (dims.length === sample.length && matches(dims, sample)) return { mode: 'whole', sample }
  // The same elements in another grouping, e.g. [n, 784] or [n, 28, 28] for [1, 1, 28, 28]
  const inner = dims.slice(1)
  const isFixed = inner.length > 0 && inner.every((dim): dim is number => typeof dim === 'number')
  if (isFixed && elementCount(inner) === elementCount(sample)) return { mode: 'rows', sample: inner }
  throw new UsageError(
    `${file}: input ${describe(input)} takes samples of shape [${inner.map((dim) => dim ?? '?').join(', ')}], ` +
      `but the array has samples of shape [${sample.join(', ')}]. The first size of an array counts the samples; reshape it.`,
  )
}

function matches(dims: readonly Dim[], shape: readonly number[]): boolean {
  return dims.length === shape.length && dims.every((dim, axis) => typeof dim !== 'number' || dim === shape[axis])
}

function batchSize(
  bindings: readonly Binding[],
  limit: number,
  isCarrying: boolean,
): { rows: number; isFixed: boolean } {
  const batched = bindings.filter((one) => one.mode === 'rows')
  const fixed = new Set(batched.map((one) => one.input.shape[0]).filter((size) => typeof size === 'number'))
  if (fixed.size > 1) {
    throw new UsageError(
      `The model's inputs have different fixed first sizes (${[...fixed].join(', ')}), so samples cannot be cut along them. ` +
        'Give one whole input a sample: arrays with one axis more.',
    )
  }
  const [rows] = fixed
  const single = bindings.some((one) => one.mode === 'whole') || isCarrying || batched.length === 0
  if (rows !== undefined) {
    if (rows > 1 && single) {
      throw new UsageError(`The model takes ${rows} samples at a time, which cannot be combined with carried state.`)
    }
    return { rows, isFixed: true }
  }
  if (single) return { rows: 1, isFixed: false }
  const elements = batched.reduce((sum, one) => sum + elementCount(one.sample), 0)
  const wished = Math.max(1, Math.floor(BATCH_ELEMENTS / Math.max(1, elements)))
  return { rows: Math.min(wished, limit), isFixed: false }
}

function initialState(inputs: readonly ValueSignature[], samples: ArraySamples): [string, Tensor][] {
  return inputs.map((input) => {
    if (!isEncodable(input.dtype)) {
      throw new UsageError(`State "${input.name}" has ${input.dtype} values, which cannot start at zero.`)
    }
    const given = samples.arrays.get(input.name)
    if (given?.shape.length === input.shape.length && matches(input.shape, given.shape)) return [input.name, given]
    const shape = input.shape.map((dim) => (typeof dim === 'number' ? dim : 1))
    return [input.name, encodeNumbers(input.dtype, shape, new Float64Array(elementCount(shape)))]
  })
}

/** Only conversions that a person would not think about: between floats, from whole numbers, between integers. */
function checkDtype(file: string, input: ValueSignature, array: Tensor): void {
  const { dtype } = input
  if (array.dtype === dtype) return
  const canConvert =
    isEncodable(dtype) &&
    ((isFloat(dtype) && (isFloat(array.dtype) || isInteger(array.dtype) || array.dtype === 'bool')) ||
      (isInteger(dtype) && (isInteger(array.dtype) || array.dtype === 'bool')) ||
      (dtype === 'bool' && isInteger(array.dtype)))
  if (canConvert) return
  throw new UsageError(
    `${file}: input ${describe(input)} takes ${dtype} values, but the array holds ${array.dtype}. Save it as ${dtype}.`,
  )
}

function conversionNote({ input, array, label }: Binding): string | undefined {
  if (array.dtype === input.dtype) return undefined
  return `The array ${label || 'of the data'} holds ${array.dtype} and was converted to ${input.dtype}, which input "${input.name}" takes.`
}

/** Some rows of an array, as the model takes them. */
function slice({ input, array, mode, sample }: Binding, rows: readonly number[]): Tensor {
  if (mode === 'shared') return convert({ ...array, shape: sample }, input)
  const shape = mode === 'whole' ? sample : [rows.length, ...sample]
  if (array.dtype === 'string') {
    const size = elementCount(sample)
    const strings = rows.flatMap((row) => array.strings?.slice(row * size, (row + 1) * size) ?? [])
    return { dtype: 'string', shape, data: new Uint8Array(0), strings }
  }
  const bytes = (elementCount(sample) * (bitsOf(array.dtype) as number)) / 8
  const [first = 0] = rows
  if (rows.every((row, i) => row === first + i)) {
    const data = array.data.subarray(first * bytes, (first + rows.length) * bytes)
    return convert({ dtype: array.dtype, shape, data }, input)
  }
  const data = new Uint8Array(rows.length * bytes)
  rows.forEach((row, i) => data.set(array.data.subarray(row * bytes, (row + 1) * bytes), i * bytes))
  return convert({ dtype: array.dtype, shape, data }, input)
}

const LIMITS: Readonly<Record<string, readonly [number, number]>> = {
  int8: [-128, 127],
  uint8: [0, 255],
  int16: [-32768, 32767],
  uint16: [0, 65535],
  int32: [-(2 ** 31), 2 ** 31 - 1],
  uint32: [0, 2 ** 32 - 1],
  int64: [-Infinity, Infinity],
  uint64: [0, Infinity],
  bool: [0, 1],
}

function convert(value: Tensor, { name, dtype }: { name: string; dtype: DType }): Tensor {
  if (value.dtype === dtype) return value
  const numbers = numbersOf(value)
  const [low, high] = LIMITS[dtype] ?? [-Infinity, Infinity]
  for (let i = 0; i < numbers.length; i++) {
    const number = numbers[i] as number
    if (number < low || number > high) {
      throw new UsageError(`Input "${name}" takes ${dtype}, from ${low} to ${high}, but the data holds ${number}.`)
    }
  }
  return encodeNumbers(dtype as Encodable, value.shape, numbers)
}

/** The same inputs in the dtype that another model wants for them, e.g. one whose inputs became float16. */
export function feedsFor(feeds: Feeds, inputs: readonly ValueSignature[]): Feeds {
  let isSame = true
  for (const input of inputs) if (feeds.get(input.name)?.dtype !== input.dtype) isSame = false
  if (isSame) return feeds
  const result = new Map(feeds)
  for (const input of inputs) {
    const value = feeds.get(input.name)
    if (value && isEncodable(input.dtype)) result.set(input.name, convert(value, input))
  }
  return result
}
