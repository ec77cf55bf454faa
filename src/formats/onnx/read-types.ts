import { dtypeFromOnnx } from '../../core/dtypes'
import type { Dim, ValueInfo, ValueType } from '../../graph/model'
import { carry, mergeSpellings, sameBytes, type OnnxCarried, type Raw, type Verbatim } from './carried'
import { DEEPEST_NESTING, type ReadContext } from './context'
import type { Cursor, Step } from './cursor'
import { encodeParts } from './message-writer'
import { EntryReader, reread } from './read-entries'
import { DIM, SHAPE, TENSOR_TYPE, TYPE, VALUE_INFO } from './schema'
import { writeType } from './write-types'

export function* readValueInfo(context: ReadContext): Step<ValueInfo> {
  const { cursor } = context
  const end = cursor.messageEnd()
  const start = cursor.offset
  const info: ValueInfo = { name: '' }
  const unknown: Raw[] = []
  const explicit: number[] = []
  let metadata: EntryReader | undefined
  let typeSpelling: Map<number, Verbatim> | undefined
  while (yield* cursor.next(end)) {
    switch (cursor.field) {
      case VALUE_INFO.name:
        info.name = yield* cursor.text()
        if (info.name === '') explicit.push(VALUE_INFO.name)
        cursor.what = `value ${info.name}`
        break
      case VALUE_INFO.type: {
        if (info.type) cursor.fail('gives its type twice')
        const read = yield* readType(cursor, VALUE_INFO.type)
        info.type = read.type
        typeSpelling = read.verbatim
        break
      }
      case VALUE_INFO.docString:
        info.docString = yield* cursor.text()
        break
      case VALUE_INFO.metadata:
        yield* (metadata ??= new EntryReader(VALUE_INFO.metadata)).read(cursor)
        break
      default:
        unknown.push(yield* cursor.unknown())
    }
  }
  if (info.name === '' && explicit.length === 0) cursor.fail('expected a value with a name', start)
  if (metadata) info.metadata = metadata.map()
  info.carried = carry({ explicit, unknown, verbatim: mergeSpellings(metadata?.verbatim(), typeSpelling) })
  return info
}

/**
 * Reads the TypeProto in the field at hand. `verbatim` keeps how the file spells it (denotations, unknown fields), to be
 * written as field `field` again.
 */
export function* readType(cursor: Cursor, field: number): Step<{ type: ValueType; verbatim?: Map<number, Verbatim> }> {
  yield* cursor.load()
  const { tagAt } = cursor
  const start = cursor.offset
  const end = cursor.messageEnd()
  const walked = yield* walkType(cursor, end, 0)
  const raw = yield* reread(cursor, tagAt, end)
  if (walked.kind === 'other') {
    const typeProto = raw.slice(start - tagAt)
    const type: ValueType = {
      kind: 'other',
      label: walked.label,
      carried: { format: 'onnx', typeProto } as OnnxCarried,
    }
    return { type }
  }
  const canonical = encodeParts((writer) => writeType(writer, field, walked))
  if (sameBytes(raw, canonical)) return { type: walked }
  return { type: walked, verbatim: new Map([[field, { raw, canonical }]]) }
}

const CONTAINERS: Readonly<Record<number, string>> = {
  [TYPE.sequence]: 'sequence',
  [TYPE.map]: 'map',
  [TYPE.opaque]: 'opaque',
  [TYPE.sparseTensor]: 'sparse tensor',
  [TYPE.optional]: 'optional',
}

/** The type, its content walked (and so checked) to the end. The whole message stands in the window. */
function* walkType(cursor: Cursor, end: number, depth: number): Step<ValueType> {
  if (depth > DEEPEST_NESTING) cursor.fail(`expected a type nested at most ${DEEPEST_NESTING} deep`)
  let type: ValueType = { kind: 'other', label: 'unknown' }
  while (yield* cursor.next(end)) {
    if (cursor.field === TYPE.tensor) {
      type = yield* walkTensorType(cursor, cursor.messageEnd())
    } else if (cursor.field in CONTAINERS) {
      const label = yield* walkContainer(cursor, cursor.field, cursor.messageEnd(), depth)
      type = { kind: 'other', label }
    } else {
      cursor.skip()
    }
  }
  return type
}

function* walkContainer(cursor: Cursor, kind: number, end: number, depth: number): Step<string> {
  const name = CONTAINERS[kind]!
  // element types stand in field 1, in maps in field 2 behind the key
  const elementField: number = kind === TYPE.map ? 2 : 1
  const hasElement = kind === TYPE.sequence || kind === TYPE.map || kind === TYPE.optional
  let label: string = name
  while (yield* cursor.next(end)) {
    if (hasElement && cursor.field === elementField) {
      const element = yield* walkType(cursor, cursor.messageEnd(), depth + 1)
      label = `${name}(${element.kind === 'tensor' ? element.dtype : element.label})`
    } else if (kind === TYPE.sparseTensor && cursor.field === TENSOR_TYPE.elemType) {
      label = `${name}(${dtypeFromOnnx(cursor.safeInt())})`
    } else {
      cursor.skip()
    }
  }
  return label
}

function* walkTensorType(cursor: Cursor, end: number): Step<ValueType> {
  let dtype = 0
  let shape: Dim[] | undefined
  while (yield* cursor.next(end)) {
    if (cursor.field === TENSOR_TYPE.elemType) {
      dtype = cursor.safeInt()
    } else if (cursor.field === TENSOR_TYPE.shape) {
      yield* walkShape(cursor, cursor.messageEnd(), (shape ??= []))
    } else {
      cursor.skip()
    }
  }
  return { kind: 'tensor', dtype: dtypeFromOnnx(dtype), shape }
}

function* walkShape(cursor: Cursor, end: number, shape: Dim[]): Step<void> {
  while (yield* cursor.next(end)) {
    if (cursor.field === SHAPE.dim) shape.push(yield* walkDim(cursor, cursor.messageEnd()))
    else cursor.skip()
  }
}

function* walkDim(cursor: Cursor, end: number): Step<Dim> {
  let dim: Dim = null
  while (yield* cursor.next(end)) {
    if (cursor.field === DIM.value) dim = cursor.safeInt()
    else if (cursor.field === DIM.param) dim = yield* cursor.text()
    else cursor.skip()
  }
  return dim
}
