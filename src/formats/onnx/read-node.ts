import type { Attribute, AttributeValue, Graph, LazyTensor, Node, SparseTensor, ValueType } from '../../graph/model'
import type { Bytes } from '../../core/bytes'
import { concatBytes } from '../../core/bytes'
import { carry, sameBytes, type Raw, type Verbatim } from './carried'
import type { ReadContext } from './context'
import type { Cursor, Step } from './cursor'
import { encodeParts } from './message-writer'
import { EntryReader } from './read-entries'
import { readGraph } from './read-graph'
import { readInt64s, readSparseTensor, readTensor } from './read-tensor'
import { readType } from './read-types'
import { ATTRIBUTE, ATTRIBUTE_KINDS, NODE, WIRE, type AttributeKind } from './schema'
import { writeAttributeValue } from './write-attribute'

export function* readNode(context: ReadContext): Step<Node> {
  const { cursor } = context
  const end = cursor.messageEnd()
  const start = cursor.offset
  const node: Node = { name: '', opType: '', domain: '', inputs: [], outputs: [], attributes: new Map() }
  context.offsets.set(node, start)
  const explicit: number[] = []
  const unknown: Raw[] = []
  const verbatim = new Map<number, Verbatim>()
  const metadata = new EntryReader(NODE.metadata)
  const text = function* (field: number): Step<string> {
    const value = yield* cursor.text()
    if (value === '') explicit.push(field)
    return value
  }
  while (yield* cursor.next(end)) {
    switch (cursor.field) {
      case NODE.input:
        node.inputs.push(yield* cursor.text())
        break
      case NODE.output:
        node.outputs.push(yield* cursor.text())
        break
      case NODE.name:
        node.name = yield* text(NODE.name)
        break
      case NODE.opType:
        node.opType = yield* text(NODE.opType)
        break
      case NODE.domain:
        node.domain = yield* readDomain(cursor, explicit, verbatim)
        break
      case NODE.overload:
        node.overload = yield* cursor.text()
        break
      case NODE.docString:
        node.docString = yield* cursor.text()
        break
      case NODE.attribute: {
        cursor.what = nodeLabel(node)
        const { tagAt } = cursor
        const attribute = yield* readAttribute(context, nodeLabel(node))
        if (node.attributes.has(attribute.name)) {
          cursor.what = nodeLabel(node)
          cursor.fail(`gives the attribute ${attribute.name} twice`, tagAt)
        }
        node.attributes.set(attribute.name, attribute)
        break
      }
      case NODE.metadata:
        yield* metadata.read(cursor)
        break
      default:
        unknown.push(yield* cursor.unknown())
    }
  }
  if (node.opType === '') {
    cursor.what = nodeLabel(node)
    cursor.fail('expected a node with an operator (op_type), found none', start)
  }
  node.metadata = metadata.map()
  for (const [field, spelled] of metadata.verbatim() ?? []) verbatim.set(field, spelled)
  node.carried = carry({ explicit, unknown, verbatim })
  return node
}

/** 'ai.onnx' is another name of the standard domain ''. */
function* readDomain(cursor: Cursor, explicit: number[], verbatim: Map<number, Verbatim>): Step<string> {
  const domain = yield* cursor.text()
  if (domain === '') explicit.push(NODE.domain)
  if (domain !== 'ai.onnx') return domain
  const raw = encodeParts((writer) => writer.text(NODE.domain, domain))
  verbatim.set(NODE.domain, { raw, canonical: new Uint8Array(0) })
  return ''
}

export function nodeLabel(node: Node): string {
  const name = node.name || node.outputs.find((output) => output !== '') || '(without name)'
  return `node ${name}${node.opType ? ` (${node.opType})` : ''}`
}

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
  t: LazyTensor[]
  g: Graph[]
  tp: ValueType[]
  sparse: SparseTensor[]
  floats: number[]
  ints: bigint[]
  strings: Bytes[]
  tensors: LazyTensor[]
  graphs: Graph[]
  typeProtos: ValueType[]
  sparseTensors: SparseTensor[]
}

/** Reads the AttributeProto in the field at hand. */
export function* readAttribute(context: ReadContext, owner: string): Step<Attribute> {
  const { cursor } = context
  const end = cursor.messageEnd()
  const start = cursor.offset
  const values: Values = {
    t: [],
    g: [],
    tp: [],
    sparse: [],
    floats: [],
    ints: [],
    strings: [],
    tensors: [],
    graphs: [],
    typeProtos: [],
    sparseTensors: [],
  }
  const head = { name: '', docString: undefined as string | undefined, refName: undefined as string | undefined }
  const explicit: number[] = []
  /** Value fields as they stood, so that those that do not belong to the type are kept. */
  const spelled = new Map<number, Raw[]>()
  const unknown: Raw[] = []
  let type: number | undefined
  while (yield* cursor.next(end)) {
    const { field, tagAt } = cursor
    switch (field) {
      case ATTRIBUTE.name:
        head.name = yield* cursor.text()
        if (head.name === '') explicit.push(field)
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
        if (!spelled.has(field)) spelled.set(field, [])
        spelled.get(field)!.push(yield* rawField(cursor, tagAt))
    }
  }
  return finishAttribute(cursor, start, head, type, values, spelled, explicit, unknown)
}

/** The field from `tagAt` to the cursor: large ones (tensors, graphs) as a range. */
function* rawField(cursor: Cursor, tagAt: number): Step<Raw> {
  const end = cursor.offset
  if (end - tagAt > 4096) return { source: cursor.source, offset: tagAt, length: end - tagAt }
  cursor.moveTo(tagAt)
  if (!cursor.has(end - tagAt)) yield cursor.fill(end - tagAt)
  const raw = cursor.copy(tagAt, end)
  cursor.moveTo(end)
  return raw
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
      values.t.push(yield* readTensor(context))
      break
    case ATTRIBUTE.g:
      values.g.push(yield* readGraph(context))
      break
    case ATTRIBUTE.tp:
      values.tp.push((yield* readType(cursor, ATTRIBUTE.tp)).type)
      break
    case ATTRIBUTE.sparseTensor:
      values.sparse.push(yield* readSparseTensor(context))
      break
    case ATTRIBUTE.floats:
      yield* readFloats(cursor, values.floats)
      break
    case ATTRIBUTE.ints:
      yield* readInt64s(cursor, (value) => values.ints.push(value))
      break
    case ATTRIBUTE.strings:
      values.strings.push(yield* cursor.bytes())
      break
    case ATTRIBUTE.tensors:
      values.tensors.push(yield* readTensor(context))
      break
    case ATTRIBUTE.graphs:
      values.graphs.push(yield* readGraph(context))
      break
    case ATTRIBUTE.typeProtos:
      values.typeProtos.push((yield* readType(cursor, ATTRIBUTE.typeProtos)).type)
      break
    case ATTRIBUTE.sparseTensors:
      values.sparseTensors.push(yield* readSparseTensor(context))
      break
  }
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
    into.push(cursor.packedFloat())
  }
}

function valueOf(kind: AttributeKind, v: Values): AttributeValue | undefined {
  const one = <T>(list: readonly T[]): T | undefined => list[0]
  switch (kind) {
    case 'float':
      return { type: kind, value: v.f ?? 0 }
    case 'int':
      return { type: kind, value: v.i ?? 0n }
    case 'string':
      return { type: kind, value: v.s ?? new Uint8Array(0) }
    case 'tensor':
      return v.t[0] && { type: kind, value: v.t[0] }
    case 'graph':
      return v.g[0] && { type: kind, value: v.g[0] }
    case 'sparseTensor':
      return v.sparse[0] && { type: kind, value: v.sparse[0] }
    case 'typeProto':
      return one(v.tp) && { type: kind, value: v.tp[0]! }
    case 'floats':
      return { type: kind, value: v.floats }
    case 'ints':
      return { type: kind, value: v.ints }
    case 'strings':
      return { type: kind, value: v.strings }
    case 'tensors':
      return { type: kind, value: v.tensors }
    case 'graphs':
      return { type: kind, value: v.graphs }
    case 'typeProtos':
      return { type: kind, value: v.typeProtos }
    case 'sparseTensors':
      return { type: kind, value: v.sparseTensors }
  }
}

function finishAttribute(
  cursor: Cursor,
  start: number,
  head: { name: string; docString?: string; refName?: string },
  type: number | undefined,
  values: Values,
  spelled: Map<number, Raw[]>,
  explicit: number[],
  unknown: Raw[],
): Attribute {
  if (head.name === '') cursor.fail('expected an attribute with a name', start)
  for (const field of [ATTRIBUTE.t, ATTRIBUTE.g, ATTRIBUTE.tp, ATTRIBUTE.sparseTensor]) {
    if ((spelled.get(field)?.length ?? 0) > 1) cursor.fail(`gives field ${field} twice`, start)
  }
  // files before IR 2 give no type: the field that is there tells it
  const kind = type === undefined && !head.refName ? inferKind(spelled) : KIND_BY_NUMBER.get(type ?? -1)
  const value = kind && !head.refName ? valueOf(kind, values) : undefined
  if (kind && !value && !head.refName) cursor.fail(`its type is ${kind}, but it holds no ${kind}`, start)
  const field = value && kind ? ATTRIBUTE_KINDS[kind].field : undefined
  for (const [other, raws] of spelled) if (other !== field) unknown.push(...raws)
  const usual: number[] = [ATTRIBUTE.type]
  if (field === ATTRIBUTE.f || field === ATTRIBUTE.i || field === ATTRIBUTE.s) {
    usual.push(field)
    if (spelled.has(field)) explicit.push(field)
  }
  const typed: AttributeValue = value ?? { type: 'none', onnxType: type }
  return {
    ...head,
    ...typed,
    carried: carry({ explicit: [...new Set(explicit)], unknown, verbatim: unusualValue(typed, field, spelled) }, usual),
  }
}

function inferKind(spelled: ReadonlyMap<number, unknown>): AttributeKind | undefined {
  for (const [kind, { field }] of Object.entries(ATTRIBUTE_KINDS)) if (spelled.has(field)) return kind as AttributeKind
  return undefined
}

/** Values whose spelling the Model cannot express: types with denotations, NaN with a payload, packed lists. */
function unusualValue(
  value: AttributeValue,
  field: number | undefined,
  spelled: ReadonlyMap<number, Raw[]>,
): Map<number, Verbatim> | undefined {
  const raws = field === undefined ? undefined : spelled.get(field)
  const isPlain = !['tensor', 'tensors', 'graph', 'graphs', 'sparseTensor', 'sparseTensors'].includes(value.type)
  if (!isPlain || field === undefined || !raws?.every((raw): raw is Bytes => raw instanceof Uint8Array))
    return undefined
  const raw = concatBytes(raws)
  const canonical = encodeParts((writer) => writeAttributeValue(writer, value))
  return sameBytes(raw, canonical) ? undefined : new Map([[field, { raw, canonical }]])
}
