/** A concise builder for the small models of tests. Not part of the product. */
import type { DType } from '../core/dtypes'
import type { Tensor } from '../core/tensor'
import {
  attribute,
  tensorFromBytes,
  type Attribute,
  type Dim,
  type FunctionDef,
  type Graph,
  type LazyTensor,
  type Model,
  type Node,
  type ValueInfo,
} from '../graph/model'

/** Whole numbers become ints, others floats; `{ float: 1 }` and `{ floats: [1] }` say it explicitly. */
export type AttributeLike =
  | number
  | string
  | readonly number[]
  | readonly string[]
  | { readonly float: number }
  | { readonly floats: readonly number[] }
  | { readonly ref: string; readonly type: 'int' | 'ints' | 'float' | 'floats' | 'string' }
  | { readonly tensor: LazyTensor }
  | Graph

/** dtype and dimensions, e.g. `['float32', ['batch', 3]]`; dimensions left out: rank unknown. */
export type TypeLike = readonly [DType] | readonly [DType, readonly Dim[]]

export interface GraphSpec {
  name?: string
  inputs?: Readonly<Record<string, TypeLike>>
  outputs: Readonly<Record<string, TypeLike>>
  nodes: readonly Node[]
  initializers?: Readonly<Record<string, Omit<LazyTensor, 'name'>>>
  valueInfo?: Readonly<Record<string, TypeLike>>
}

export interface ModelSpec extends GraphSpec {
  opset?: number
  opsets?: Readonly<Record<string, number>>
  irVersion?: number
  functions?: readonly FunctionDef[]
}

/** Default: opset 17, IR 8. Initializers are not listed as inputs; list them in `inputs` for IR 3. */
export function buildModel(spec: ModelSpec): Model {
  return {
    source: null,
    edits: 0,
    irVersion: spec.irVersion ?? 8,
    producerName: 'test',
    producerVersion: '',
    domain: '',
    modelVersion: 0n,
    docString: '',
    opsets: new Map(Object.entries({ '': spec.opset ?? 17, ...spec.opsets })),
    metadata: new Map(),
    graph: buildGraph({ name: 'main', ...spec }),
    functions: [...(spec.functions ?? [])],
  }
}

export function buildGraph(spec: GraphSpec): Graph {
  const initializers = Object.entries(spec.initializers ?? {})
  return {
    kind: 'graph',
    name: spec.name ?? 'graph',
    nodes: [...spec.nodes],
    inputs: infos(spec.inputs),
    outputs: infos(spec.outputs),
    valueInfo: new Map(infos(spec.valueInfo).map((info) => [info.name, info])),
    initializers: new Map(initializers.map(([name, tensor]) => [name, { ...tensor, name }])),
    sparseInitializers: [],
  }
}

export function buildFunction(spec: {
  name: string
  domain: string
  inputs: readonly string[]
  outputs: readonly string[]
  nodes: readonly Node[]
  opset?: number
  attributes?: readonly string[]
}): FunctionDef {
  return {
    kind: 'function',
    name: spec.name,
    domain: spec.domain,
    inputs: [...spec.inputs],
    outputs: [...spec.outputs],
    attributes: [...(spec.attributes ?? [])],
    attributeDefaults: new Map(),
    opsets: new Map([['', spec.opset ?? 17]]),
    nodes: [...spec.nodes],
    valueInfo: new Map(),
  }
}

let counter = 0

/**
 * One node. Names are separated by spaces, `~` stands for an omitted one.
 * `opType` may carry a domain: `com.microsoft:Gelu`.
 */
export function node(
  opType: string,
  inputs: string,
  outputs: string,
  attributes: Readonly<Record<string, AttributeLike>> = {},
  name?: string,
): Node {
  const [domain, type] = opType.includes(':') ? (opType.split(':') as [string, string]) : ['', opType]
  return {
    name: name ?? `n${counter++}_${type}`,
    opType: type,
    domain,
    inputs: names(inputs),
    outputs: names(outputs),
    attributes: new Map(Object.entries(attributes).map(([key, value]) => [key, toAttribute(key, value)])),
  }
}

export const f32 = (shape: readonly number[], values: readonly number[]) =>
  lazy('float32', shape, Float32Array.from(values))
export const i64 = (shape: readonly number[], values: readonly number[]) =>
  lazy('int64', shape, BigInt64Array.from(values, BigInt))
export const i32 = (shape: readonly number[], values: readonly number[]) =>
  lazy('int32', shape, Int32Array.from(values))
export const i8 = (shape: readonly number[], values: readonly number[]) => lazy('int8', shape, Int8Array.from(values))
export const u8 = (shape: readonly number[], values: readonly number[]) => lazy('uint8', shape, Uint8Array.from(values))
export const bool = (shape: readonly number[], values: readonly number[]) =>
  lazy('bool', shape, Uint8Array.from(values))

/** Float values that are all different, asymmetric about zero, and the same on every machine. */
export function ramp(shape: readonly number[], step = 0.37): ReturnType<typeof f32> {
  const count = shape.reduce((product, size) => product * size, 1)
  return f32(
    shape,
    Array.from({ length: count }, (_, i) => ((i * 7919) % 31) * step - 3 * step + i * 0.013),
  )
}

/** The same contents as a tensor in memory, e.g. to feed a runtime. */
export function tensorOf(dtype: DType, shape: readonly number[], values: readonly number[]): Tensor {
  const make = { float32: f32, int64: i64, int32: i32, int8: i8, uint8: u8, bool }[dtype as 'float32']
  const { bytes } = make(shape, values)
  return { dtype, shape, data: bytes }
}

function lazy(dtype: DType, shape: readonly number[], values: ArrayBufferView<ArrayBuffer>) {
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength)
  return { ...tensorFromBytes('', dtype, shape, bytes), bytes }
}

function names(text: string): string[] {
  return text === '' ? [] : text.split(' ').map((name) => (name === '~' ? '' : name))
}

function infos(types: Readonly<Record<string, TypeLike>> = {}): ValueInfo[] {
  return Object.entries(types).map(([name, [dtype, shape]]) => ({
    name,
    type: { kind: 'tensor', dtype, ...(shape && { shape }) },
  }))
}

function toAttribute(name: string, value: AttributeLike): Attribute {
  if (typeof value === 'number') {
    return Number.isInteger(value) ? attribute.int(name, value) : attribute.float(name, value)
  }
  if (typeof value === 'string') return attribute.string(name, value)
  if (isArray(value)) {
    if (value.some((item) => typeof item === 'string')) {
      return { name, type: 'strings', value: value.map((item) => new TextEncoder().encode(String(item))) }
    }
    const numbers = value as readonly number[]
    return numbers.every(Number.isInteger) ? attribute.ints(name, numbers) : attribute.floats(name, numbers)
  }
  if ('float' in value) return attribute.float(name, value.float)
  if ('floats' in value) return attribute.floats(name, value.floats)
  if ('tensor' in value) return attribute.tensor(name, value.tensor)
  if ('ref' in value) return { name, refName: value.ref, ...EMPTY[value.type] }
  return attribute.graph(name, value)
}

const isArray = (value: unknown): value is readonly (number | string)[] => Array.isArray(value)

const EMPTY = {
  int: { type: 'int', value: 0n },
  ints: { type: 'ints', value: [] },
  float: { type: 'float', value: 0 },
  floats: { type: 'floats', value: [] },
  string: { type: 'string', value: new Uint8Array(0) },
} as const
