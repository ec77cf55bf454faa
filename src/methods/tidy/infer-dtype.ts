import { dtypeFromOnnx, type DType } from '../../core/dtypes'
import type { GraphEditor, Value } from '../../graph/edit'
import { intAttribute, type Node } from '../../graph/model'

/** Operators whose first output has the dtype of their first input. */
const KEEPS_DTYPE = new Set(
  (
    'Identity Reshape Transpose Squeeze Unsqueeze Flatten Slice Gather Concat Add Sub Mul Div Relu Sigmoid Tanh ' +
    'Softmax LogSoftmax Neg Abs Sqrt Exp Log Floor Ceil Pow MatMul Gemm Conv ConvTranspose MaxPool AveragePool ' +
    'GlobalAveragePool BatchNormalization Pad Expand Tile Clip Split ReduceMean ReduceSum ReduceMax ReduceMin Dropout'
  ).split(' '),
)
const GIVES_INT64 = new Set(['Shape', 'Size', 'ArgMax', 'ArgMin', 'NonZero'])
const GIVES_BOOL = new Set('Equal Less Greater LessOrEqual GreaterOrEqual Not And Or Xor IsNaN IsInf'.split(' '))

/** The dtype of a value where it can be proven: declared, or known from the nodes that make it. */
export function inferDType(editor: GraphEditor, value: Value | undefined, depth = 32): DType | undefined {
  if (!value || depth === 0) return undefined
  const constant = editor.constant(value)
  if (constant) return constant.dtype
  const node = value.producer
  if (node) {
    if (node.domain !== '' || value.name !== node.outputs[0]) return undefined
    return dtypeOfOutput(editor, node, depth)
  }
  // Only what the runtime checks counts: inputs of the main graph. Other declarations may lie.
  if (value.body !== editor.model.graph) return undefined
  const type = editor.typeOf(value)
  return type?.kind === 'tensor' && type.dtype !== 'undefined' ? type.dtype : undefined
}

function dtypeOfOutput(editor: GraphEditor, node: Node, depth: number): DType | undefined {
  if (node.opType === 'Cast') {
    const to = intAttribute(node, 'to')
    return to === undefined || node.attributes.get('to')?.refName ? undefined : dtypeFromOnnx(to)
  }
  if (GIVES_INT64.has(node.opType)) return 'int64'
  if (GIVES_BOOL.has(node.opType)) return 'bool'
  if (KEEPS_DTYPE.has(node.opType)) return inferDType(editor, editor.input(node, 0), depth - 1)
  return undefined
}
