import type { Bytes } from '../../core/bytes'
import { bitsOf, dtypeFromOnnx, storageBytes, type DType } from '../../core/dtypes'
import { dataFromBytes, type LazyTensor, type SparseTensor, type TensorData } from '../../graph/model'
import { carry, type Range, type Raw } from './carried'
import { cachedSource, type ReadContext } from './context'
import { drive, type Cursor, type Step } from './cursor'
import { ExternalData, normalLocation, refuseLocation } from './external-data'
import { EntryReader } from './read-entries'
import { DATA_LOCATION_EXTERNAL, SPARSE, TENSOR, WIRE } from './schema'
import { readStrings, TypedData, typedForm } from './typed-data'

/** Tensors up to this size are read at once: thousands of shape constants would else be thousands of slices. */
const SMALL_BYTES = 1024

const PAYLOAD_FIELDS: readonly number[] = [
  TENSOR.segment,
  TENSOR.floatData,
  TENSOR.int32Data,
  TENSOR.stringData,
  TENSOR.int64Data,
  TENSOR.rawData,
  TENSOR.doubleData,
  TENSOR.uint64Data,
]

/** Adjacent fields with elements, all of one number. */
interface Run {
  readonly field: number
  readonly start: number
  end: number
  /** How many values it holds: exact for fixed widths, else the range that the bytes allow. */
  least: number
  most: number
  /** Content of its only field. */
  content?: { offset: number; length: number }
}

interface Parts {
  readonly start: number
  readonly end: number
  name: string
  dims: number[]
  dataType: number
  location: number
  docString?: string
  readonly runs: Run[]
  readonly explicit: number[]
  readonly unknown: Raw[]
  readonly external: EntryReader
  readonly metadata: EntryReader
}

/** Reads the TensorProto in the field at hand; its elements stay in the file. */
export function* readTensor(context: ReadContext): Step<LazyTensor> {
  const { cursor } = context
  const end = cursor.messageEnd()
  const start = cursor.offset
  let copy: Bytes | null = null
  if (end - start <= SMALL_BYTES) {
    yield* cursor.load()
    copy = cursor.copy(start, end)
  }
  const parts = yield* readParts(cursor, start, end)
  cursor.what = `tensor ${parts.name || '(without name)'}`
  return assemble(context, parts, copy)
}

function* readParts(cursor: Cursor, start: number, end: number): Step<Parts> {
  const parts: Parts = {
    start,
    end,
    name: '',
    dims: [],
    dataType: 0,
    location: 0,
    runs: [],
    explicit: [],
    unknown: [],
    external: new EntryReader(TENSOR.externalData),
    metadata: new EntryReader(TENSOR.metadata),
  }
  const { explicit, unknown } = parts
  while (yield* cursor.next(end)) {
    if (PAYLOAD_FIELDS.includes(cursor.field)) {
      passPayload(cursor, parts.runs)
      continue
    }
    switch (cursor.field) {
      case TENSOR.dims:
        yield* readInt64s(cursor, (dim) => parts.dims.push(dimension(cursor, dim)))
        break
      case TENSOR.dataType:
        parts.dataType = cursor.safeInt()
        if (parts.dataType === 0) explicit.push(TENSOR.dataType)
        break
      case TENSOR.name:
        parts.name = yield* cursor.text()
        if (parts.name === '') explicit.push(TENSOR.name)
        break
      case TENSOR.docString:
        parts.docString = yield* cursor.text()
        break
      case TENSOR.dataLocation:
        parts.location = cursor.safeInt()
        if (parts.location === 0) explicit.push(TENSOR.dataLocation)
        else if (parts.location !== DATA_LOCATION_EXTERNAL) cursor.fail(`data location ${parts.location} is not known`)
        break
      case TENSOR.externalData:
        yield* parts.external.read(cursor)
        break
      case TENSOR.metadata:
        yield* parts.metadata.read(cursor)
        break
      default:
        unknown.push(yield* cursor.unknown())
    }
  }
  return parts
}

/** Reads a repeated int64, packed or not. */
export function* readInt64s(cursor: Cursor, take: (value: bigint) => void): Step<void> {
  if (cursor.wire === WIRE.bytes) {
    const end = cursor.messageEnd()
    while (cursor.offset < end) {
      if (!cursor.has(20)) yield cursor.fill(20)
      cursor.spend(1)
      take(cursor.int64())
    }
    if (cursor.offset > end) cursor.fail('a value runs over the end of its field')
  } else {
    cursor.expect(WIRE.varint)
    take(cursor.int64())
  }
}

function dimension(cursor: Cursor, dim: bigint): number {
  if (dim < 0n || dim > BigInt(Number.MAX_SAFE_INTEGER)) {
    cursor.fail(`expected a dimension from 0 to 2^53, found ${dim}`)
  }
  return Number(dim)
}

/** Bytes that a value takes when it is stored in a field, for fields of fixed width. */
const FIXED_WIDTH: Readonly<Record<number, number>> = { [TENSOR.floatData]: 4, [TENSOR.doubleData]: 8 }

function passPayload(cursor: Cursor, runs: Run[]): void {
  const { field, tagAt, size, wire } = cursor
  const width = FIXED_WIDTH[field]
  const isBytes = wire === WIRE.bytes
  const isNumbers = field !== TENSOR.rawData && field !== TENSOR.stringData && field !== TENSOR.segment
  if (!isBytes && (!isNumbers || wire !== (width === 4 ? WIRE.fixed32 : width === 8 ? WIRE.fixed64 : WIRE.varint))) {
    cursor.fail(`field ${field} has wire type ${wire}, which cannot hold its elements`)
  }
  if (width && size % width !== 0) cursor.fail(`expected values of ${width} bytes each, found ${size} bytes`)
  const offset = cursor.offset
  cursor.skip()
  cursor.spend(-4)
  const count =
    isNumbers && isBytes
      ? { least: width ? size / width : Math.ceil(size / 10), most: size / (width ?? 1) }
      : { least: 1, most: 1 }
  const last = runs.at(-1)
  if (last && last.field === field && last.end === tagAt) {
    last.end = cursor.offset
    last.least += count.least
    last.most += count.most
    last.content = undefined
  } else {
    runs.push({
      field,
      start: tagAt,
      end: cursor.offset,
      ...count,
      content: isBytes ? { offset, length: size } : undefined,
    })
  }
}

function assemble(context: ReadContext, parts: Parts, copy: Bytes | null): LazyTensor {
  const { cursor } = context
  const { name, dims, runs, start } = parts
  const dtype = dtypeFromOnnx(parts.dataType)
  const count = dims.reduce((product, dim) => product * dim, 1)
  if (!(count <= Number.MAX_SAFE_INTEGER)) cursor.fail(`its shape [${dims.join(',')}] has too many elements`, start)
  const source = copy ? cachedSource(cursor.source, start, copy) : cursor.source
  const ranges = (list: readonly Run[]): Range[] =>
    list.map((run) => ({ source, offset: run.start, length: run.end - run.start }))
  const isExternal = parts.location === DATA_LOCATION_EXTERNAL
  const data = isExternal
    ? externalData(context, parts, dtype, count)
    : storedData(cursor, parts, dtype, count, source, copy, ranges)
  const payload = copy ? runs.map((run) => copy.slice(run.start - start, run.end - start)) : ranges(runs)
  if (isExternal && runs.length > 0) cursor.fail('has its elements both here and in another file', start)
  const stringRuns = runs.filter((run) => run.field === TENSOR.stringData)
  if (!isExternal && parts.external.raws.length > 0) parts.unknown.push(...parts.external.raws)
  const carried = carry(
    {
      explicit: parts.explicit,
      unknown: parts.unknown,
      verbatim: parts.metadata.verbatim(),
      tensor: { data, dtype, payload: isExternal ? undefined : payload },
    },
    [],
  )
  return {
    name,
    dtype,
    shape: dims,
    data,
    strings: dtype === 'string' ? () => drive(readStrings(`tensor ${name}`, ranges(stringRuns))) : undefined,
    docString: parts.docString,
    metadata: parts.metadata.map(),
    carried,
  }
}

function storedData(
  cursor: Cursor,
  parts: Parts,
  dtype: DType,
  count: number,
  source: Range['source'],
  copy: Bytes | null,
  ranges: (runs: readonly Run[]) => Range[],
): TensorData {
  const { start, runs, dims } = parts
  const values = runs.filter((run) => run.field !== TENSOR.segment)
  const expected = storageBytes(dtype, count)
  const raw = values.find((run) => run.field === TENSOR.rawData)
  const shape = `${dtype} [${dims.join(',')}]`
  const direct = (content: { offset: number; length: number }): TensorData =>
    copy
      ? dataFromBytes(copy.slice(content.offset - start, content.offset - start + content.length))
      : {
          sizeBytes: content.length,
          read: (offset, length) => source.read(content.offset + offset, length),
        }
  if (dtype === 'string') {
    const found = values.reduce((sum, run) => sum + run.least, 0)
    if (raw || values.some((run) => run.field !== TENSOR.stringData))
      cursor.fail(`${shape} must be stored in string_data`, start)
    if (found !== count) cursor.fail(`${shape} takes ${count} strings, found ${found}`, start)
    return dataFromBytes(new Uint8Array(0))
  }
  if (raw) {
    if (!raw.content) cursor.fail('gives raw_data twice', raw.start)
    if (expected !== undefined && raw.content.length !== expected) {
      cursor.fail(`${shape} takes ${expected} bytes, found ${raw.content.length}`, raw.content.offset)
    }
    return direct(raw.content)
  }
  // of a type that is not known nobody can read elements; they are still written back from `payload`
  if (expected === undefined) return dataFromBytes(new Uint8Array(0))
  const form = typedForm(dtype)!
  const misplaced = values.find((run) => run.field !== form.field)
  if (misplaced)
    cursor.fail(`${shape} cannot be stored in field ${misplaced.field}, expected field ${form.field}`, misplaced.start)
  const units = expected / form.unitBytes
  const least = values.reduce((sum, run) => sum + run.least, 0)
  const most = values.reduce((sum, run) => sum + run.most, 0)
  if (units < least || units > most) {
    const found = least === most ? `${least}` : `${least} to ${most}`
    cursor.fail(`${shape} takes ${units} stored values, found ${found}`, values[0]?.start ?? start)
  }
  const only = values.length === 1 ? values[0]!.content : undefined
  if (only && FIXED_WIDTH[form.field]) return direct(only)
  return new TypedData(cursor.what, expected, form, ranges(values))
}

function externalData(context: ReadContext, parts: Parts, dtype: DType, count: number): TensorData {
  const { cursor } = context
  const entries = parts.external.map() ?? new Map<string, string>()
  const location = entries.get('location') ?? ''
  const refused = refuseLocation(location) ?? (normalLocation(location) === '' ? 'gives no file name' : null)
  if (refused) {
    const hint = 'Put the weights into the folder of the model and save it again with relative paths.'
    cursor.fail(`the location "${location}" of its weights ${refused}`, parts.start, hint)
  }
  const offset = wholeNumber(cursor, parts, entries.get('offset')) ?? 0
  const given = wholeNumber(cursor, parts, entries.get('length'))
  const expected = bitsOf(dtype) === undefined ? undefined : storageBytes(dtype, count)
  if (dtype === 'string') cursor.fail('strings cannot stand in another file', parts.start)
  if (given !== undefined && expected !== undefined && given !== expected) {
    cursor.fail(
      `${dtype} [${parts.dims.join(',')}] takes ${expected} bytes, its external data has ${given}`,
      parts.start,
    )
  }
  const data = new ExternalData(normalLocation(location), offset, given ?? expected)
  context.externals.push({ data, tensor: parts.name, offset: parts.start })
  return data
}

function wholeNumber(cursor: Cursor, parts: Parts, text: string | undefined): number | undefined {
  if (text === undefined || text === '') return undefined
  const value = /^\d{1,16}$/.test(text) ? Number(text) : NaN
  if (!Number.isSafeInteger(value))
    cursor.fail(`expected a whole number of bytes, found "${text.slice(0, 40)}"`, parts.start)
  return value
}

/** Reads the SparseTensorProto in the field at hand. */
export function* readSparseTensor(context: ReadContext): Step<SparseTensor> {
  const { cursor } = context
  const end = cursor.messageEnd()
  const start = cursor.offset
  const shape: number[] = []
  const unknown: Raw[] = []
  let values: LazyTensor | undefined
  let indices: LazyTensor | undefined
  while (yield* cursor.next(end)) {
    if (cursor.field === SPARSE.values && !values) values = yield* readTensor(context)
    else if (cursor.field === SPARSE.indices && !indices) indices = yield* readTensor(context)
    else if (cursor.field === SPARSE.dims) yield* readInt64s(cursor, (dim) => shape.push(dimension(cursor, dim)))
    else if (cursor.field === SPARSE.values || cursor.field === SPARSE.indices)
      cursor.fail('a sparse tensor has it twice')
    else unknown.push(yield* cursor.unknown())
  }
  if (!values || !indices) return cursor.fail('expected a sparse tensor with values and indices', start)
  return { values, indices, shape, carried: carry({ unknown }) }
}
