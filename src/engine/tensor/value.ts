/** The lazy graph behind tensors: operations are recorded with types, and computed when somebody asks for numbers. */
import { ShapeError } from '../../core/errors'
import type { HostArray } from '../../core/host-array'
import { isFloat } from '../../core/host-array'
import type { Attribute, LazyTensor, Node } from '../../graph/model'
import type { TensorType } from '../../ops/op'
import { TypeWalk } from '../infer'

/** A node of the graph. Its inputs keep what they depend on alive; nothing points the other way. */
export interface Operation {
  readonly opType: string
  readonly domain: string
  readonly attributes: readonly Attribute[]
  readonly inputs: readonly (Value | undefined)[]
  /** A differentiation may add some that the operator has and nobody had asked for. */
  readonly outputs: Value[]
}

export interface Value {
  readonly type: TensorType
  /** What makes it, as long as that is needed: to compute it, or to differentiate it. */
  operation?: Operation | undefined
  array?: HostArray | undefined
  /** Part of the program rather than of its data: numbers in formulas, axes, shapes. */
  readonly isConstant: boolean
  readonly requiresGrad: boolean
  /** Of inputs that are named, for messages and exports. */
  readonly name?: string
  /** Called with what a `backward` finds for it. */
  readonly onGradient?: (gradient: Value) => void
}

/** Small enough to be written into programs. */
const MOST_BAKED = 64

export const given = (array: HostArray, rest: Partial<Omit<Value, 'type' | 'array'>> = {}): Value => ({
  ...{ isConstant: false, requiresGrad: false },
  ...{ type: { dtype: array.dtype, shape: array.shape }, array, ...rest },
})

export const constant = (array: HostArray): Value => given(array, { isConstant: array.values.length <= MOST_BAKED })

/** An input without numbers: of a graph that is exported. */
export const placeholder = (name: string, type: TensorType): Value => ({
  ...{ name, type, isConstant: false, requiresGrad: false },
})

let isRecordingGradients = true

/** What `work` records has no gradient. It may be asynchronous only up to its first wait. */
export function withoutGradients<T>(work: () => T): T {
  const before = isRecordingGradients
  isRecordingGradients = false
  try {
    return work()
  } finally {
    isRecordingGradients = before
  }
}

export interface RecordOptions {
  readonly attributes?: readonly (Attribute | undefined)[]
  readonly outputs?: number
  readonly domain?: string
}

/** @throws ShapeError, UnsupportedError where inputs do not fit the operator */
export function recordMany(
  opType: string,
  inputs: readonly (Value | undefined)[],
  { attributes = [], outputs = 1, domain = '' }: RecordOptions = {},
): Value[] {
  const kept = attributes.filter((one) => one !== undefined)
  const operation: Operation = { opType, domain, attributes: kept, inputs, outputs: [] }
  const { types, known } = inferOperation(operation, outputs)
  types.forEach((type, i) => operation.outputs.push(made(operation, type, i === 0 ? known : undefined)))
  return [...operation.outputs]
}

export function record(
  opType: string,
  inputs: readonly (Value | undefined)[],
  ...attributes: (Attribute | undefined)[]
): Value {
  return recordMany(opType, inputs, { attributes })[0] as Value
}

/** A value that an operation makes; one whose content is known while recording is a constant. */
export function made(operation: Operation, type: TensorType, known?: HostArray): Value {
  if (known) return constant(known)
  const requiresGrad =
    isRecordingGradients && isFloat(type.dtype) && operation.inputs.some((input) => input?.requiresGrad)
  return { type, operation, isConstant: false, requiresGrad }
}

const attributeArrays = new WeakMap<LazyTensor, HostArray>()
/** Tensors in attributes are read while recording. */
export const rememberTensor = (tensor: LazyTensor, array: HostArray): unknown => attributeArrays.set(tensor, array)
export function loadedTensor(tensor: LazyTensor): HostArray {
  const array = attributeArrays.get(tensor)
  if (array) return array
  throw new ShapeError(`The tensor ${tensor.name} in an attribute was not loaded.`)
}

function inferOperation({ opType, domain, attributes, inputs }: Operation, outputs: number) {
  const walk = new TypeWalk({ loaded: loadedTensor })
  inputs.forEach((input, i) => {
    if (input) walk.add(`input ${i}`, input.type, input.isConstant ? input.array : undefined)
  })
  const names = Array.from({ length: outputs }, (_, i) => `output ${i}`)
  const node: Node = {
    ...{ name: opType, opType, domain, outputs: names },
    inputs: inputs.map((input, i) => (input ? `input ${i}` : '')),
    attributes: new Map(attributes.map((one) => [one.name, one])),
  }
  while (node.inputs.at(-1) === '') node.inputs.pop()
  walk.node(node)
  const [problem] = walk.problems
  if (problem) throw new ShapeError(problem.message)
  const types = names.map((name) => {
    const type = walk.types.get(name)
    if (type) return type
    throw new ShapeError(`${opType}: the type of its output cannot be told.`)
  })
  return { types, known: walk.constant('output 0') }
}
