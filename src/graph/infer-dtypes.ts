import { dtypeFromOnnx, type DType } from '../core/dtypes'
import type { GraphEditor, Value } from './edit'
import { intAttribute, subGraphs, type Graph, type Node } from './model'

const INT64 = new Set('Shape Size NonZero ArgMax ArgMin NonMaxSuppression'.split(' '))
const BOOL = new Set('Equal Less Greater LessOrEqual GreaterOrEqual Not And Or Xor IsNaN IsInf'.split(' '))
/** Second and later outputs that have a type of their own. */
const LATER_OUTPUTS: Readonly<Record<string, DType>> = {
  TopK: 'int64',
  MaxPool: 'int64',
  Unique: 'int64',
  Dropout: 'bool',
}
/** dtype comes from another input than the first. */
const FROM_INPUT: Readonly<Record<string, number>> = { Where: 1, CastLike: 1, OneHot: 2, DequantizeLinear: 1 }
/** dtype comes from an attribute, with this default where the first input does not give it. */
const FROM_ATTRIBUTE: Readonly<Record<string, readonly [attribute: string, fallback: DType | 'input']>> = {
  Cast: ['to', 'undefined'],
  BitCast: ['to', 'undefined'],
  RandomNormal: ['dtype', 'float32'],
  RandomUniform: ['dtype', 'float32'],
  RandomNormalLike: ['dtype', 'input'],
  RandomUniformLike: ['dtype', 'input'],
  EyeLike: ['dtype', 'input'],
  Bernoulli: ['dtype', 'input'],
  Multinomial: ['dtype', 'int32'],
  HannWindow: ['output_datatype', 'float32'],
  HammingWindow: ['output_datatype', 'float32'],
  BlackmanWindow: ['output_datatype', 'float32'],
  MelWeightMatrix: ['output_datatype', 'float32'],
  TfIdfVectorizer: ['', 'float32'],
}

/** dtypes of all values of the graphs (functions left out); a value that is missing could not be told. */
export function inferDTypes(editor: GraphEditor): Map<Value, DType> {
  const known = new Map<Value, DType>()
  inferGraph(editor, editor.model.graph, known)
  return known
}

function inferGraph(editor: GraphEditor, graph: Graph, known: Map<Value, DType>): void {
  const declare = (name: string) => {
    const value = editor.resolve(graph, name)
    const type = value && (editor.typeOf(value) ?? undefined)
    if (value && type?.kind === 'tensor') known.set(value, type.dtype)
  }
  for (const { name } of graph.inputs) declare(name)
  for (const tensor of graph.initializers.values()) {
    const value = editor.resolve(graph, tensor.name)
    if (value) known.set(value, tensor.dtype)
  }
  for (const node of graph.nodes) {
    for (const inner of subGraphs(node)) inferGraph(editor, inner, known)
    node.outputs.forEach((name, index) => {
      const value = name ? editor.output(node, index) : undefined
      const dtype = value && (outputDType(editor, node, index, known) ?? declaredDType(editor, value))
      if (value && dtype && dtype !== 'undefined') known.set(value, dtype)
    })
  }
}

function declaredDType(editor: GraphEditor, value: Value): DType | undefined {
  const type = editor.typeOf(value)
  return type?.kind === 'tensor' ? type.dtype : undefined
}

function outputDType(editor: GraphEditor, node: Node, index: number, known: Map<Value, DType>): DType | undefined {
  const { opType } = node
  const inputDType = (at: number) => {
    const value = editor.input(node, at)
    return value && known.get(value)
  }
  const graphs = subGraphs(node)
  if (graphs.length > 0) {
    const body = graphs[0] as Graph
    // A Loop's body gives its condition first, which the node does not hand on
    const name = body.outputs[opType === 'Loop' ? index + 1 : index]?.name
    const value = name === undefined ? undefined : editor.resolve(body, name)
    return value && known.get(value)
  }
  if (node.domain !== '' && node.domain !== 'ai.onnx') return undefined
  if (index > 0 && LATER_OUTPUTS[opType]) return LATER_OUTPUTS[opType]
  if (INT64.has(opType)) return 'int64'
  if (BOOL.has(opType)) return 'bool'
  if (opType === 'Constant') return constantDType(node)
  if (opType === 'ConstantOfShape') {
    const value = node.attributes.get('value')
    return value?.type === 'tensor' ? value.value.dtype : 'float32'
  }
  if (opType === 'QuantizeLinear' || opType === 'DynamicQuantizeLinear') return index === 1 ? 'float32' : 'uint8'
  if (opType === 'MatMulInteger' || opType === 'ConvInteger') return 'int32'
  const fromAttribute = FROM_ATTRIBUTE[opType]
  if (fromAttribute) {
    const number = intAttribute(node, fromAttribute[0])
    if (number !== undefined) return dtypeFromOnnx(number)
    return fromAttribute[1] === 'input' ? inputDType(0) : fromAttribute[1]
  }
  return inputDType(FROM_INPUT[opType] ?? 0)
}

function constantDType(node: Node): DType | undefined {
  const value = node.attributes.get('value')
  if (value?.type === 'tensor') return value.value.dtype
  if (node.attributes.has('value_float') || node.attributes.has('value_floats')) return 'float32'
  if (node.attributes.has('value_int') || node.attributes.has('value_ints')) return 'int64'
  if (node.attributes.has('value_string') || node.attributes.has('value_strings')) return 'string'
  return undefined
}
