import { concatBytes, type Bytes } from '../../core/bytes'
import type { Attribute, AttributeValue, Graph, LazyTensor, SparseTensor, ValueType } from '../../graph/model'
import { carry, sameBytes, type Raw, type Verbatim } from './carried'
import type { ReadContext } from './context'
import type { Cursor, Step } from './cursor'
import { encodeParts } from './message-writer'
import { reread } from './read-entries'
import { readGraph } from './read-graph'
import { readInt64s, readSparseTensor, readTensor } from './read-tensor'
import { readType } from './read-types'
import { ATTRIBUTE, ATTRIBUTE_KINDS, WIRE, type AttributeKind } from './schema'
import { writeAttributeValue } from './write-attribute'

const KIND_BY_NUMBER = new Map<number, AttributeKind>()
const KIND_BY_FIELD = new Map<number, AttributeKind>()
for (const [kind, { number, field }] of Object.entries(ATTRIBUTE_KINDS)) {
  KIND_BY_NUMBER.set(number, kind as AttributeKind)
  KIND_BY_FIELD.set(field, kind as AttributeKind)
}

/** Everything that value fields held, whatever type the attribute turns out to have. */
interface Values {
  f?: number
  i?: bigint
  s?: Bytes
  t?: LazyTensor[]
  g?: Graph[]
  tp?: ValueType[]
  sparse?: SparseTensor[]
  floats?: number[]
  ints?: bigint[]
  strings?: Bytes[]
  tensors?: LazyTensor[]
  graphs?: Graph[]
  typeProtos?: ValueType[]
  sparseTensors?: SparseTensor[]
}

/** Reads the AttributeProto in the field at hand. */
export function* readAttribute(context: ReadContext, owner: string): Step<Attribute> {
  const { cursor } = context
  const end = cursor.messageEnd()
  const start = cursor.offset
  const values: Values = {}
  const head = { name: '', docString: undefined as string | undefined, refName: undefined as string | undefined }
  const explicit: number[] = []
  /** Value fields as they stood, so that those that do not belong to the type are kept. */
  const spelled: Span[] = []
  const unknown: Raw[] = []
  let type: number | undefined
  while (yield* cursor.next(end)) {
    const { field, tagAt } = cursor
    switch (field) {
      case ATTRIBUTE.name:
        head.name = yield* cursor.text()
        cursor.what = `${owner}, attribute ${head.name}`
        break
      case ATTRIBUTE.docString:
        head.docString = yield* cursor.text()
        break
      case ATTRIBUTE.refAttrName:
        head.refName = yield* cursor.text()
        break
      case ATTRIBUTE.type:
        type = cursor.safeInt()
        explicit.push(field)
        break
      default:
        if (!KIND_BY_FIELD.has(field)) {
          unknown.push(yield* cursor.unknown())
          break
        }
        yield* readValue(context, values)
        cursor.what = `${owner}, attribute ${head.name}`
        addSpan(spelled, field, tagAt, cursor.offset)
    }
  }
  const attribute = finishAttribute(cursor, start, head, type, values, spelled, explicit)
  const field = attribute.type === 'none' ? undefined : ATTRIBUTE_KINDS[attribute.type].field
  for (const span of spelled) if (span.field !== field) unknown.push(yield* rawSpan(cursor, span))
  const verbatim = field === undefined ? undefined : yield* unusualValue(cursor, attribute, field, spelled)
  cursor.moveTo(end)
  return { ...attribute, carried: carry({ explicit, unknown, verbatim }, usualFields(attribute)) }
}

/** Adjacent fields of one number. */
interface Span {
  readonly field: number
  readonly start: number
  end: number
}

function addSpan(spelled: Span[], field: number, start: number, end: number): void {
  const last = spelled.at(-1)
  if (last?.field === field && last.end === start) last.end = end
  else spelled.push({ field, start, end })
}

/** The fields of a span: few bytes as a copy, many as a range. */
function* rawSpan(cursor: Cursor, { start, end }: Span): Step<Raw> {
  if (end - start > 4096) return { source: cursor.source, offset: start, length: end - start }
  return yield* reread(cursor, start, end)
}

function* readValue(context: ReadContext, values: Values): Step<void> {
  const { cursor } = context
  switch (cursor.field) {
    case ATTRIBUTE.f:
      values.f = cursor.float()
      break
    case ATTRIBUTE.i:
      cursor.expect(WIRE.varint)
      values.i = cursor.int64()
      break
    case ATTRIBUTE.s:
      values.s = yield* cursor.bytes()
      break
    case ATTRIBUTE.t:
      ;(values.t ??= []).push(yield* readTensor(context))
      break
    case ATTRIBUTE.g:
      ;(values.g ??= []).push(yield* readGraph(context))
      break
    case ATTRIBUTE.tp:
      ;(values.tp ??= []).push((yield* readType(cursor, ATTRIBUTE.tp)).type)
      break
    case ATTRIBUTE.sparseTensor:
      ;(values.sparse ??= []).push(yield* readSparseTensor(context))
      break
    case ATTRIBUTE.floats:
      yield* readFloats(cursor, (values.floats ??= []))
      break
    case ATTRIBUTE.ints:
      yield* readInts(cursor, (values.ints ??= []))
      break
    case ATTRIBUTE.strings:
      ;(values.strings ??= []).push(yield* cursor.bytes())
      break
    case ATTRIBUTE.tensors:
      ;(values.tensors ??= []).push(yield* readTensor(context))
      break
    case ATTRIBUTE.graphs:
      ;(values.graphs ??= []).push(yield* readGraph(context))
      break
    case ATTRIBUTE.typeProtos:
      ;(values.typeProtos ??= []).push((yield* readType(cursor, ATTRIBUTE.typeProtos)).type)
      break
    case ATTRIBUTE.sparseTensors:
      ;(values.sparseTensors ??= []).push(yield* readSparseTensor(context))
      break
  }
}

function* readInts(cursor: Cursor, into: bigint[]): Step<void> {
  if (cursor.wire === WIRE.varint) into.push(cursor.int64())
  else yield* readInt64s(cursor, (value) => into.push(value))
}

function* readFloats(cursor: Cursor, into: number[]): Step<void> {
  if (cursor.wire !== WIRE.bytes) {
    into.push(cursor.float())
    return
  }
  const end = cursor.messageEnd()
  if (cursor.size % 4 !== 0) cursor.fail(`expected floats of 4 bytes each, found ${cursor.size} bytes`)
  while (cursor.offset < end) {
    if (!cursor.has(4)) yield cursor.fill(4)
    cursor.spend(1)
    into.push(cursor.packedFloat())
  }
}

function valueOf(kind: AttributeKind, v: Values): AttributeValue | undefined {
  switch (kind) {
    case 'float':
      return { type: kind, value: v.f ?? 0 }
    case 'int':
      return { type: kind, value: v.i ?? 0n }
    case 'string':
      return { type: kind, value: v.s ?? new Uint8Array(0) }
    case 'tensor':
      return v.t?.[0] && { type: kind, value: v.t[0] }
    case 'graph':
      return v.g?.[0] && { type: kind, value: v.g[0] }
    case 'sparseTensor':
      return v.sparse?.[0] && { type: kind, value: v.sparse[0] }
    case 'typeProto':
      return v.tp?.[0] && { type: kind, value: v.tp[0] }
    case 'floats':
      return { type: kind, value: v.floats ?? [] }
    case 'ints':
      return { type: kind, value: v.ints ?? [] }
    case 'strings':
      return { type: kind, value: v.strings ?? [] }
    case 'tensors':
      return { type: kind, value: v.tensors ?? [] }
    case 'graphs':
      return { type: kind, value: v.graphs ?? [] }
    case 'typeProtos':
      return { type: kind, value: v.typeProtos ?? [] }
    case 'sparseTensors':
      return { type: kind, value: v.sparseTensors ?? [] }
  }
}

function finishAttribute(
  cursor: Cursor,
  start: number,
  head: { name: string; docString?: string; refName?: string },
  type: number | undefined,
  values: Values,
  spelled: readonly Span[],
  explicit: number[],
): Attribute {
  if (head.name === '') cursor.fail('expected an attribute with a name', start)
  if ([values.t, values.g, values.tp, values.sparse].some((list) => list && list.length > 1)) {
    cursor.fail('gives its value twice', start)
  }
  // files before IR 2 give no type: the field that is there tells it
  const kind = type === undefined ? inferKind(spelled) : KIND_BY_NUMBER.get(type)
  if (!kind || head.refName) return { ...head, type: 'none', onnxType: type }
  const value = valueOf(kind, values)
  if (!value) return cursor.fail(`its type is ${kind}, but it holds no ${kind}`, start)
  const { field } = ATTRIBUTE_KINDS[kind]
  if (isSingleNumber(kind) && spelled.some((span) => span.field === field)) explicit.push(field)
  return { ...head, ...value }
}

/** Kinds whose value is written even when it is the default. */
const isSingleNumber = (kind: string) => kind === 'float' || kind === 'int' || kind === 'string'

function usualFields(attribute: Attribute): number[] {
  if (attribute.type === 'none' || !isSingleNumber(attribute.type)) return [ATTRIBUTE.type]
  return [ATTRIBUTE.type, ATTRIBUTE_KINDS[attribute.type].field]
}

function inferKind(spelled: readonly Span[]): AttributeKind | undefined {
  return spelled[0] && KIND_BY_FIELD.get(spelled[0].field)
}

/** Values whose spelling the Model cannot express: types with denotations, NaN with a payload. */
function* unusualValue(
  cursor: Cursor,
  value: AttributeValue,
  field: number,
  spelled: readonly Span[],
): Step<Map<number, Verbatim> | undefined> {
  const isType = value.type === 'typeProto' || value.type === 'typeProtos'
  const hasNaN =
    (value.type === 'float' && Number.isNaN(value.value)) || (value.type === 'floats' && value.value.some(Number.isNaN))
  if (!isType && !hasNaN) return undefined
  const raws: Bytes[] = []
  for (const span of spelled) if (span.field === field) raws.push(yield* reread(cursor, span.start, span.end))
  const raw = concatBytes(raws)
  const canonical = encodeParts((writer) => writeAttributeValue(writer, value))
  return sameBytes(raw, canonical) ? undefined : new Map([[field, { raw, canonical }]])
}
