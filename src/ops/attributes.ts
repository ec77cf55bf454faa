import { dtypeFromOnnx, isKnownDType, type KnownDType } from '../core/dtypes'
import type { HostArray } from '../core/host-array'
import type { Attribute, Graph, LazyTensor, Node } from '../graph/model'

/** Tensors that attributes hold, read before the graph runs. */
export type LoadedTensors = (tensor: LazyTensor) => HostArray

/** How one attribute is read: what it becomes, and what an absent one means. */
export interface AttributeRule<T> {
  /** For messages: 'a whole number', 'one of linear, nearest'. */
  readonly expects: string
  /** undefined: not what the rule expects. */
  read(attribute: Attribute, loaded: LoadedTensors): T | undefined
  /** Absent: the value; `isRequired` without one. */
  readonly fallback?: T
  readonly isRequired: boolean
}

export type AttributeSchema = Readonly<Record<string, AttributeRule<unknown>>>
export type Attributes<S extends AttributeSchema> = {
  readonly [K in keyof S]: S[K] extends AttributeRule<infer T> ? T : never
}

type Reader<T> = AttributeRule<T>['read']

function rule<T>(expects: string, read: Reader<T>, fallback: [T] | []): AttributeRule<T> {
  return fallback.length === 0
    ? { expects, read, isRequired: true }
    : { expects, read, isRequired: false, fallback: fallback[0] }
}

const readInt: Reader<number> = (found) => (found.type === 'int' ? Number(found.value) : undefined)
const readFloat: Reader<number> = (found) => (found.type === 'float' ? found.value : undefined)
const readInts: Reader<readonly number[]> = (found) => (found.type === 'ints' ? found.value.map(Number) : undefined)
const textOf = (found: Attribute) => (found.type === 'string' ? new TextDecoder().decode(found.value) : undefined)

/** Without argument the attribute is required. */
export const int = (...fallback: [number] | []) => rule('a whole number', readInt, fallback)
/** A whole number of 64 bits, exactly. */
export const int64 = (...fallback: [bigint] | []) =>
  rule<bigint>('a whole number', (found) => (found.type === 'int' ? found.value : undefined), fallback)
export const int64s = (...fallback: [readonly bigint[]] | []) =>
  rule<readonly bigint[]>(
    'a list of whole numbers',
    (found) => (found.type === 'ints' ? found.value : undefined),
    fallback,
  )
/** 0 or 1. */
export const flag = (...fallback: [boolean] | []) =>
  rule('0 or 1', (found) => (found.type === 'int' ? found.value !== 0n : undefined), fallback)
export const float = (...fallback: [number] | []) =>
  rule('a number', readFloat, fallback.map(Math.fround) as [number] | [])
export const ints = (...fallback: [readonly number[]] | []) => rule('a list of whole numbers', readInts, fallback)
export const floats = (...fallback: [readonly number[]] | []) =>
  rule<readonly number[]>('a list of numbers', (found) => (found.type === 'floats' ? found.value : undefined), fallback)
export const text = (...fallback: [string] | []) => rule<string>('a text', textOf, fallback)
export const texts = (...fallback: [readonly string[]] | []) =>
  rule<readonly string[]>(
    'a list of texts',
    (found) => (found.type === 'strings' ? found.value.map((bytes) => new TextDecoder().decode(bytes)) : undefined),
    fallback,
  )
export const choice = <const T extends string>(options: readonly T[], ...fallback: [NoInfer<T>] | []) =>
  rule<T>(`one of ${options.join(', ')}`, (found) => options.find((option) => option === textOf(found)), fallback)
/** An element type given by its number in ONNX. */
export const dtype = (...fallback: [KnownDType] | []) =>
  rule<KnownDType>(
    'an element type',
    (found) => {
      const type = found.type === 'int' ? dtypeFromOnnx(Number(found.value)) : undefined
      return type !== undefined && isKnownDType(type) ? type : undefined
    },
    fallback,
  )
export const graph = () => rule<Graph>('a graph', (found) => (found.type === 'graph' ? found.value : undefined), [])
export const tensor = () =>
  rule<HostArray>('a tensor', (found, loaded) => (found.type === 'tensor' ? loaded(found.value) : undefined), [])

/** Absent is undefined. */
export function optional<T>(inner: AttributeRule<T>): AttributeRule<T | undefined> {
  return { expects: inner.expects, read: (found, loaded) => inner.read(found, loaded), isRequired: false }
}

/**
 * Reads and checks the attributes of a node.
 * @returns the attributes, or the sentence that says what is wrong: a name that is unknown, missing or of another type
 */
export function readAttributes<S extends AttributeSchema>(
  schema: S,
  node: Node,
  loaded: LoadedTensors,
): Attributes<S> | string {
  const values: Record<string, unknown> = {}
  for (const name of node.attributes.keys()) {
    if (!Object.hasOwn(schema, name)) return `the attribute ${name} is not known to this operator`
  }
  for (const [name, { expects, read, isRequired, fallback }] of Object.entries(schema)) {
    const found = node.attributes.get(name)
    if (!found) {
      if (isRequired) return `the attribute ${name} is missing`
      values[name] = fallback
      continue
    }
    const value = read(found, loaded)
    if (value === undefined) return `the attribute ${name} should be ${expects}`
    values[name] = value
  }
  return values as Attributes<S>
}
