import { elementCount } from '../../core/dtypes'
import type { GraphEditor, Value } from '../../graph/edit'
import { type LazyTensor, type Node } from '../../graph/model'
import { isStandard, onlyReader } from './operators'

/**
 * Makes the addition of a constant behind Conv and MatMul their bias: Conv + Add → Conv, MatMul + Add → Gemm, where there is none
 * yet. The product is then rounded once, to integers that hold the bias as well, and not twice.
 * @returns how many
 */
export function foldBiases(editor: GraphEditor): number {
  let count = 0
  for (const node of [...editor.nodes(editor.model.graph)]) {
    if (!isStandard(node) || node.inputs.length > 2) continue
    if (node.opType === 'Conv' ? foldConv(editor, node) : node.opType === 'MatMul' && foldMatMul(editor, node)) count++
  }
  return count
}

function foldConv(editor: GraphEditor, conv: Node): boolean {
  const weight = editor.constant(editor.input(conv, 1))
  const added = addedConstant(editor, conv)
  if (!weight || !added || added.tensor.dtype !== weight.dtype) return false
  const channels = weight.shape[0] as number
  // [C, 1, 1] or [1, C, 1, 1] beside a result of the weight's rank
  const { shape } = added.tensor
  const axis = shape.length - (weight.shape.length - 1)
  if (shape.length > weight.shape.length || shape[axis] !== channels || elementCount(shape) !== channels) return false
  return take(editor, conv, added, channels)
}

function foldMatMul(editor: GraphEditor, product: Node): boolean {
  const weight = editor.constant(editor.input(product, 1))
  const added = addedConstant(editor, product)
  if (weight?.shape.length !== 2 || !added || added.tensor.dtype !== weight.dtype) return false
  const outputs = weight.shape[1] as number
  if (added.tensor.shape.at(-1) !== outputs || elementCount(added.tensor.shape) !== outputs) return false
  if (added.tensor.shape.length > 2 || rankOf(editor, editor.input(product, 0)) !== 2) return false
  editor.setOperator(product, 'Gemm')
  return take(editor, product, added, outputs)
}

interface Added {
  readonly node: Node
  readonly value: Value
  readonly tensor: LazyTensor
}

/** The constant that the only reader of a node's result adds to it. */
function addedConstant(editor: GraphEditor, node: Node): Added | undefined {
  const output = editor.output(node, 0)
  const add = onlyReader(output)
  if (add?.opType !== 'Add' || !isStandard(add)) return undefined
  const value = [0, 1].map((i) => editor.input(add, i)).find((input) => input !== output)
  const tensor = editor.constant(value)
  if (!value || !tensor || value.body.kind !== 'graph') return undefined
  return { node: add, value, tensor }
}

function take(editor: GraphEditor, node: Node, { node: add, value, tensor }: Added, channels: number): boolean {
  const { graph } = editor.model
  const bias =
    tensor.shape.length === 1
      ? value
      : editor.addInitializer(graph, { ...tensor, name: `${value.name}_bias`, shape: [channels] })
  editor.setInput(node, 2, bias)
  editor.bypass(add, editor.input(add, 0) === editor.output(node, 0) ? 0 : 1)
  if (value.uses.size === 0) {
    if (value.producer) editor.removeNode(value.producer)
    else editor.removeInitializer(value)
  }
  return true
}

/** Rank of a value where the graph says it; -1 where not. */
function rankOf(editor: GraphEditor, value: Value | undefined): number {
  const type = value && editor.typeOf(value)
  if (type?.kind === 'tensor' && type.shape) return type.shape.length
  const node = value?.producer
  if (node?.opType === 'Flatten' || node?.opType === 'Gemm') return 2
  if (node?.opType === 'Relu' || node?.opType === 'Sigmoid' || node?.opType === 'Tanh')
    return rankOf(editor, editor.input(node, 0))
  if (node?.opType === 'Reshape') return editor.constant(editor.input(node, 1))?.shape[0] ?? -1
  return -1
}
