/**
 * The one intermediate representation. A reader makes it, methods map it, a writer stores it.
 *
 * It follows ONNX IR 13 (onnx.proto), because the graph speaks ONNX operators, but it is not a file format: a
 * weights-only file is a Model whose graph has initializers and no nodes. Data only; changes go through `GraphEditor`.
 */
import type { Bytes, FileSet } from '../core/bytes'
import type { DType } from '../core/dtypes'

/**
 * What a format needs to write a part back exactly and nobody else understands (unknown fields, storage forms,
 * verbatim byte ranges). Only the format that made it looks inside; an edit of the part drops or keeps it as a whole.
 */
export interface Carried {
  readonly format: string
}

/** Elements of a tensor as little-endian bytes in row-major order, sub-byte types packed low bits first. */
export interface TensorData {
  readonly sizeBytes: number
  /** Reads `length` bytes from `offset`; the caller owns them. Reading twice gives the same bytes. */
  read(offset: number, length: number): Promise<Bytes>
}

/** A weight that is read when it is asked for. */
export interface LazyTensor {
  readonly name: string
  readonly dtype: DType
  readonly shape: readonly number[]
  /** Empty for strings, which `strings` reads. */
  readonly data: TensorData
  readonly strings?: () => Promise<readonly Bytes[]>
  readonly docString?: string
  readonly metadata?: ReadonlyMap<string, string>
  readonly carried?: Carried
}

export interface SparseTensor {
  readonly values: LazyTensor
  /** int64, [NNZ] linearized or [NNZ, rank]. */
  readonly indices: LazyTensor
  readonly shape: readonly number[]
  readonly carried?: Carried
}

/** A size, a symbol ('batch'), or null where nothing is known. */
export type Dim = number | string | null

export type ValueType =
  | { readonly kind: 'tensor'; readonly dtype: DType; /** undefined: rank unknown */ readonly shape?: readonly Dim[] }
  /** sequence, map, optional, sparse tensor, opaque: kept, not interpreted. */
  | { readonly kind: 'other'; readonly label: string; readonly carried?: Carried }

export interface ValueInfo {
  name: string
  /** undefined: no type given. */
  type?: ValueType
  docString?: string
  metadata?: Map<string, string>
  /** Dropped by whoever replaces `type`. */
  carried?: Carried
}

export type AttributeValue =
  | { readonly type: 'float'; readonly value: number }
  | { readonly type: 'int'; readonly value: bigint }
  | { readonly type: 'string'; readonly value: Bytes }
  | { readonly type: 'tensor'; readonly value: LazyTensor }
  | { readonly type: 'graph'; readonly value: Graph }
  | { readonly type: 'sparseTensor'; readonly value: SparseTensor }
  | { readonly type: 'typeProto'; readonly value: ValueType }
  | { readonly type: 'floats'; readonly value: readonly number[] }
  | { readonly type: 'ints'; readonly value: readonly bigint[] }
  | { readonly type: 'strings'; readonly value: readonly Bytes[] }
  | { readonly type: 'tensors'; readonly value: readonly LazyTensor[] }
  | { readonly type: 'graphs'; readonly value: readonly Graph[] }
  | { readonly type: 'sparseTensors'; readonly value: readonly SparseTensor[] }
  | { readonly type: 'typeProtos'; readonly value: readonly ValueType[] }
  /** A reference to an attribute of the enclosing function (`refName`), or a type of a newer ONNX (in `carried`). */
  | { readonly type: 'none'; readonly onnxType?: number }

export type Attribute = AttributeValue & {
  readonly name: string
  readonly docString?: string
  /** In functions: the name of the function's attribute whose value this one takes. */
  readonly refName?: string
  readonly carried?: Carried
}

export interface Node {
  name: string
  opType: string
  /** '' for ai.onnx. */
  domain: string
  overload?: string
  /** Value names; '' for an omitted optional input. */
  inputs: string[]
  outputs: string[]
  attributes: Map<string, Attribute>
  docString?: string
  metadata?: Map<string, string>
  carried?: Carried
}

export interface Graph {
  readonly kind: 'graph'
  name: string
  nodes: Node[]
  inputs: ValueInfo[]
  outputs: ValueInfo[]
  /** Types of inner values. */
  valueInfo: Map<string, ValueInfo>
  initializers: Map<string, LazyTensor>
  sparseInitializers: SparseTensor[]
  docString?: string
  metadata?: Map<string, string>
  carried?: Carried
}

/** A model-local function: a body whose inputs and outputs are names. */
export interface FunctionDef {
  readonly kind: 'function'
  name: string
  domain: string
  overload?: string
  inputs: string[]
  outputs: string[]
  /** Attributes without default. */
  attributes: string[]
  /** Attributes with default. */
  attributeDefaults: Map<string, Attribute>
  opsets: Map<string, number>
  nodes: Node[]
  valueInfo: Map<string, ValueInfo>
  docString?: string
  metadata?: Map<string, string>
  carried?: Carried
}

/** Where nodes stand: the main graph, a sub-graph, or a function. */
export type Body = Graph | FunctionDef

export interface Model {
  /** Where it was read from; null for a model made in memory. */
  readonly source: FileSet | null
  /** Edits since `source` was read; 0 means that the original bytes still say the same (R1). */
  edits: number
  irVersion: number
  producerName: string
  producerVersion: string
  /** Reverse-DNS namespace of the model. */
  domain: string
  modelVersion: bigint
  docString: string
  /** Operator set versions by domain, '' for ai.onnx. */
  opsets: Map<string, number>
  metadata: Map<string, string>
  graph: Graph
  functions: FunctionDef[]
  carried?: Carried
}

/** Copies the structure, so that it can be edited; tensors are shared, since they never change. */
export function cloneModel(model: Model): Model {
  return {
    ...model,
    opsets: new Map(model.opsets),
    metadata: new Map(model.metadata),
    graph: cloneGraph(model.graph),
    functions: model.functions.map((f) => ({
      ...f,
      inputs: [...f.inputs],
      outputs: [...f.outputs],
      attributes: [...f.attributes],
      attributeDefaults: new Map(f.attributeDefaults),
      opsets: new Map(f.opsets),
      nodes: f.nodes.map(cloneNode),
      valueInfo: new Map([...f.valueInfo].map(([name, info]) => [name, { ...info }])),
    })),
  }
}

export function cloneGraph(graph: Graph): Graph {
  return {
    ...graph,
    nodes: graph.nodes.map(cloneNode),
    inputs: graph.inputs.map((info) => ({ ...info })),
    outputs: graph.outputs.map((info) => ({ ...info })),
    valueInfo: new Map([...graph.valueInfo].map(([name, info]) => [name, { ...info }])),
    initializers: new Map(graph.initializers),
    sparseInitializers: [...graph.sparseInitializers],
  }
}

function cloneNode(node: Node): Node {
  const attributes = new Map<string, Attribute>()
  for (const [name, attribute] of node.attributes) attributes.set(name, cloneAttribute(attribute))
  return { ...node, inputs: [...node.inputs], outputs: [...node.outputs], attributes }
}

function cloneAttribute(attribute: Attribute): Attribute {
  if (attribute.type === 'graph') return { ...attribute, value: cloneGraph(attribute.value) }
  if (attribute.type === 'graphs') return { ...attribute, value: attribute.value.map(cloneGraph) }
  return attribute
}

/** The sub-graphs that a node holds in its attributes. */
export function subGraphs(node: Node): Graph[] {
  const graphs: Graph[] = []
  for (const attribute of node.attributes.values()) {
    if (attribute.type === 'graph') graphs.push(attribute.value)
    else if (attribute.type === 'graphs') graphs.push(...attribute.value)
  }
  return graphs
}

/** The main graph, all functions, and every sub-graph in them; outer bodies first. */
export function* bodies(model: Model): Generator<Body> {
  const pending: Body[] = [model.graph, ...model.functions]
  for (let body = pending.shift(); body; body = pending.shift()) {
    yield body
    for (const node of body.nodes) pending.push(...subGraphs(node))
  }
}

/** A tensor in memory as a LazyTensor. */
export function tensorFromBytes(name: string, dtype: DType, shape: readonly number[], bytes: Bytes): LazyTensor {
  return { name, dtype, shape, data: dataFromBytes(bytes) }
}

export function dataFromBytes(bytes: Bytes): TensorData {
  return {
    sizeBytes: bytes.byteLength,
    read: async (offset, length) => bytes.slice(offset, offset + length),
  }
}

export function intAttribute(node: Node, name: string): number | undefined {
  const attribute = node.attributes.get(name)
  return attribute?.type === 'int' ? Number(attribute.value) : undefined
}

export function intsAttribute(node: Node, name: string): number[] | undefined {
  const attribute = node.attributes.get(name)
  return attribute?.type === 'ints' ? attribute.value.map(Number) : undefined
}

export function floatAttribute(node: Node, name: string): number | undefined {
  const attribute = node.attributes.get(name)
  return attribute?.type === 'float' ? attribute.value : undefined
}

export function stringAttribute(node: Node, name: string): string | undefined {
  const attribute = node.attributes.get(name)
  return attribute?.type === 'string' ? new TextDecoder().decode(attribute.value) : undefined
}

export const attribute = {
  int: (name: string, value: number | bigint): Attribute => ({ name, type: 'int', value: BigInt(value) }),
  ints: (name: string, value: readonly (number | bigint)[]): Attribute => ({
    name,
    type: 'ints',
    value: value.map(BigInt),
  }),
  float: (name: string, value: number): Attribute => ({ name, type: 'float', value: Math.fround(value) }),
  floats: (name: string, value: readonly number[]): Attribute => ({
    name,
    type: 'floats',
    value: value.map(Math.fround),
  }),
  string: (name: string, value: string): Attribute => ({
    name,
    type: 'string',
    value: new TextEncoder().encode(value),
  }),
  tensor: (name: string, value: LazyTensor): Attribute => ({ name, type: 'tensor', value }),
  graph: (name: string, value: Graph): Attribute => ({ name, type: 'graph', value }),
}
