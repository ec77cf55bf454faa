/** What has to be computed for some values, told apart by its form, so that equal forms are planned once. */
import { UnsupportedError } from '../../core/errors'
import type { Attribute } from '../../graph/model'
import type { GraphBuilder } from '../build/graph-builder'
import type { Operation, Value } from './value'

export interface Program {
  /** In an order in which inputs come first. */
  readonly operations: readonly Operation[]
  /** Values that are there: constants, data, placeholders. */
  readonly leaves: readonly Value[]
}

/** @param isLeaf whether a value is taken as it is */
export function programOf(values: readonly Value[], isLeaf: (value: Value) => boolean): Program {
  const [operations, leaves] = [new Set<Operation>(), new Set<Value>()]
  // without recursion: chains of a thousand steps are usual
  const pending: (Value | Operation)[] = [...values].reverse()
  const isEntered = new Set<Operation>()
  for (let top = pending.pop(); top; top = pending.pop()) {
    if ('opType' in top) {
      operations.add(top)
    } else if (isLeaf(top) || !top.operation) {
      leaves.add(top)
    } else if (!isEntered.has(top.operation)) {
      isEntered.add(top.operation)
      pending.push(top.operation, ...top.operation.inputs.filter((input) => input !== undefined).reverse())
    }
  }
  return { operations: [...operations], leaves: [...leaves] }
}

/** Adds a program to a graph. @returns the names of its values */
export function addProgram(
  builder: GraphBuilder,
  { operations, leaves }: Program,
  addLeaf: (leaf: Value, index: number) => string,
): Map<Value, string> {
  const names = new Map(leaves.map((leaf, i) => [leaf, addLeaf(leaf, i)]))
  for (const { opType, domain, attributes, inputs, outputs } of operations) {
    const given = inputs.map((input) => input && names.get(input))
    const made = builder.addMany(opType, given, outputs.length, attributes, domain)
    outputs.forEach((output, i) => names.set(output, made[i] as string))
  }
  return names
}

const identities = new WeakMap<object, number>()
let identityCount = 0
function identityOf(object: object): number {
  const known = identities.get(object)
  if (known !== undefined) return known
  identities.set(object, ++identityCount)
  return identityCount
}

function attributeKey({ name, type, ...rest }: Attribute): string {
  const value = 'value' in rest ? rest.value : undefined
  if (typeof value === 'object' && !Array.isArray(value) && !(value instanceof Uint8Array)) {
    return `${name}:#${identityOf(value)}`
  }
  if (type === 'none') throw new UnsupportedError(`The attribute ${name} has no value.`)
  return `${name}:${type}:${String(value)}`
}

/** Equal for programs that one plan computes. */
export function keyOf({ operations, leaves }: Program, outputs: readonly Value[]): string {
  const places = new Map<Value, string>()
  const parts = leaves.map((leaf, i) => {
    places.set(leaf, `i${i}`)
    const content = leaf.isConstant && leaf.array ? `=${leaf.array.values.join(' ')}` : ''
    return `${leaf.type.dtype}[${String(leaf.type.shape)}]${content}`
  })
  operations.forEach(({ opType, domain, attributes, inputs, outputs: results }, i) => {
    results.forEach((result, k) => places.set(result, `${i}.${k}`))
    const from = inputs.map((input) => (input ? places.get(input) : ''))
    parts.push(`${domain}:${opType}(${from.join()})${results.length}{${attributes.map(attributeKey).join()}}`)
  })
  return `${parts.join(';')}→${outputs.map((value) => places.get(value)).join()}`
}
