import { tensorFromBytes, type LazyTensor, type Node } from './model'

/** The attributes in which a Constant node may hold numbers. */
export const CONSTANT_FORMS = ['value', 'value_float', 'value_floats', 'value_int', 'value_ints'] as const

/** What a Constant node holds, where that is a tensor or numbers. */
export function constantOf(node: Node): LazyTensor | undefined {
  if (node.opType !== 'Constant' || node.domain !== '') return undefined
  const attribute = CONSTANT_FORMS.map((name) => node.attributes.get(name)).find(Boolean)
  if (!attribute || attribute.refName) return undefined
  const name = node.outputs[0] ?? ''
  switch (attribute.type) {
    case 'tensor':
      return attribute.value
    case 'float':
      return floats(name, [], [attribute.value])
    case 'floats':
      return floats(name, [attribute.value.length], attribute.value)
    case 'int':
      return ints(name, [], [attribute.value])
    case 'ints':
      return ints(name, [attribute.value.length], attribute.value)
    default:
      return undefined
  }
}

const floats = (name: string, shape: readonly number[], values: readonly number[]) =>
  tensorFromBytes(name, 'float32', shape, new Uint8Array(Float32Array.from(values).buffer))
const ints = (name: string, shape: readonly number[], values: readonly bigint[]) =>
  tensorFromBytes(name, 'int64', shape, new Uint8Array(BigInt64Array.from(values).buffer))
