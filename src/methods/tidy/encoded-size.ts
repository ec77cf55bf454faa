import type { AttributeValue, LazyTensor, Node } from '../../graph/model'

/**
 * About how many bytes parts take in an ONNX file: text, packed values and a tag with a length for each field. Good
 * to a few bytes, which is what the decision needs whether a rewrite makes the file smaller.
 */
export function nodeBytes(node: Node): number {
  let bytes = 4 + text(node.name) + text(node.opType) + text(node.domain) + text(node.docString ?? '')
  for (const name of [...node.inputs, ...node.outputs]) bytes += 2 + name.length
  for (const attribute of node.attributes.values()) bytes += 7 + attribute.name.length + attributeBytes(attribute)
  return bytes
}

export function tensorBytes(tensor: Pick<LazyTensor, 'shape' | 'data'>, name: string): number {
  return 9 + name.length + 2 * tensor.shape.length + tensor.data.sizeBytes
}

function text(value: string): number {
  return value === '' ? 0 : 2 + value.length
}

function attributeBytes(attribute: AttributeValue): number {
  switch (attribute.type) {
    case 'tensor':
      return tensorBytes(attribute.value, attribute.value.name)
    case 'ints':
    case 'floats':
      return 5 * attribute.value.length
    case 'string':
      return attribute.value.byteLength
    default:
      return 4
  }
}
