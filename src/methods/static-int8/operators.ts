import { dtypeFromOnnx } from '../../core/dtypes'
import { asNumbers } from '../../core/tensor'
import { loadTensor } from '../../graph/constants'
import type { GraphEditor, Value } from '../../graph/edit'
import { intAttribute, stringAttribute, type Node } from '../../graph/model'

/** Products of an input with a weight (input 1) and perhaps a bias (input 2). */
export const PRODUCTS: ReadonlySet<string> = new Set(['Conv', 'ConvTranspose', 'Gemm', 'MatMul'])

/** Operators whose weights alone can be quantized: they have no integer form in ONNX that takes ranges from data. */
export const RECURRENT: ReadonlySet<string> = new Set(['LSTM', 'GRU', 'RNN'])

/** Operators that only hand tensors on or describe them: no layers, whatever a target says. */
const NO_LAYERS = new Set(
  (
    'Constant ConstantOfShape Shape Size Cast CastLike Identity Reshape Transpose Squeeze Unsqueeze Flatten Slice Split Gather ' +
    'GatherElements GatherND Expand Tile Pad DepthToSpace SpaceToDepth QuantizeLinear DequantizeLinear Dropout'
  ).split(' '),
)

export const isStandard = ({ domain }: Node): boolean => domain === '' || domain === 'ai.onnx'

/** Whether rules and reports name the node: it has a weight or computes. */
export const isLayer = (node: Node): boolean => !NO_LAYERS.has(node.opType)

/** Indices of the inputs that are values to compute with, not sizes or options. */
export function dataInputs(node: Node): readonly number[] {
  if (node.opType === 'Concat') return node.inputs.map((_, i) => i)
  if (node.opType === 'MatMul' || node.opType === 'Add' || node.opType === 'Mul' || node.opType === 'Sub') return [0, 1]
  if (node.opType === 'PRelu') return [0, 1]
  return [0]
}

/** Whether a node's result consists of its input's elements and of what lies between them, as its target's table says. */
export function keepsElements(node: Node, zeroPads: ReadonlySet<Node> | undefined): boolean {
  if (node.opType === 'Resize') return stringAttribute(node, 'mode') !== 'cubic'
  if (node.opType === 'Pad') return zeroPads?.has(node) ?? false
  return true
}

/** Pad nodes that add copies of elements, or zeros. */
export async function zeroPads(editor: GraphEditor): Promise<ReadonlySet<Node>> {
  const found = new Set<Node>()
  for (const node of editor.nodes(editor.model.graph)) {
    if (node.opType !== 'Pad' || !isStandard(node)) continue
    const fill = editor.constant(editor.input(node, 2))
    const isZero = fill && asNumbers(await loadTensor(fill)).every((value) => value === 0)
    const copies = (stringAttribute(node, 'mode') ?? 'constant') !== 'constant'
    if (copies || isZero || !editor.input(node, 2)) found.add(node)
  }
  return found
}

/** Whether a node hands a weight on as float32: Identity, or a Cast to it. */
export function widens(node: Node): boolean {
  if (!isStandard(node)) return false
  if (node.opType === 'Identity') return true
  return node.opType === 'Cast' && dtypeFromOnnx(intAttribute(node, 'to') ?? 0) === 'float32'
}

/** The one node that reads a value, where exactly one does and the value is no output. */
export function onlyReader(value: Value | undefined): Node | undefined {
  if (value?.uses.size !== 1) return undefined
  const [use] = value.uses
  return use?.kind === 'input' && use.body === value.body ? use.node : undefined
}

/** A stored value and what widens it, the stored one first. */
export function anchorsOf(editor: GraphEditor, value: Value): Value[] {
  const found = [value]
  for (const anchor of found) {
    for (const use of anchor.uses) {
      if (use.kind !== 'input' || use.body !== value.body || !widens(use.node)) continue
      const output = editor.output(use.node, 0)
      if (output) found.push(output)
    }
  }
  return found
}
