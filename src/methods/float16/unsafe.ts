import type { DType } from '../../core/dtypes'
import type { GraphEditor, Use, Value } from '../../graph/edit'
import { stringAttribute, subGraphs, type Node } from '../../graph/model'

const words = (text: string) => new Set(text.split(' '))

/** No float16 in their specification (at some opset), or results that need the range or precision of float32. */
const ALWAYS_FLOAT32 = words(
  'Range CumSum NonMaxSuppression RoiAlign RandomNormal RandomUniform RandomNormalLike RandomUniformLike Bernoulli ' +
    'Multinomial EyeLike QuantizeLinear DequantizeLinear DynamicQuantizeLinear QLinearConv QLinearMatMul DFT STFT ' +
    'MelWeightMatrix HannWindow HammingWindow BlackmanWindow TfIdfVectorizer InstanceNormalization LayerNormalization ' +
    'GroupNormalization RMSNormalization LpNormalization MeanVarianceNormalization LRN Det Einsum ImageScaler Affine Crop ' +
    'Scan SequenceMap Optional OptionalGetElement ReduceProd Hardmax IsInf Celu BitCast',
)

/** Results that easily leave the range of float16 although their inputs are harmless. */
const GROWS = words('Pow Exp ReduceSumSquare ReduceL2 ReduceLogSumExp')
/** Hand large values on. */
const PASSES = words(
  'Add Sub Sum Where Reshape Transpose Unsqueeze Squeeze Flatten Expand Concat Slice Identity ReduceMean ReduceSum ' +
    'ReduceMax ReduceMin Max Min Neg Abs Mod',
)
/** Bring large values back into range, if they see them in float32. */
const TAMES = words('Softmax LogSoftmax Sqrt Reciprocal Div Mul Clip Sigmoid Tanh HardSigmoid Log Sin Cos Erf Pow')

/** Inputs that stay float32 by specification although the node computes in float16. */
const FLOAT32_INPUTS: Readonly<Record<string, readonly number[]>> = { Resize: [1, 2], Upsample: [1] }

export function wantsFloat32(use: Use & { kind: 'input' }, kept: ReadonlyMap<Node, string>): boolean {
  return kept.has(use.node) || (FLOAT32_INPUTS[use.node.opType]?.includes(use.index) ?? false)
}

/** The nodes that stay float32, with the reason. */
export function nodesInFloat32(
  editor: GraphEditor,
  dtypes: ReadonlyMap<Value, DType>,
  obstacles: ReadonlyMap<Value, string>,
): Map<Node, string> {
  const kept = new Map<Node, string>()
  const pending: Value[] = []
  const keep = (node: Node, reason: string, isLarge: boolean) => {
    if (kept.has(node) || subGraphs(node).length > 0) return
    kept.set(node, reason)
    if (!isLarge) return
    for (let i = 0; i < node.outputs.length; i++) {
      const value = editor.output(node, i)
      if (value && dtypes.get(value) === 'float32') pending.push(value)
    }
  }
  for (const node of editor.nodes()) {
    const reason = reasonFor(editor, node, dtypes, obstacles)
    if (reason) keep(node, reason.text, reason.isLarge)
  }
  for (let value = pending.pop(); value; value = pending.pop()) {
    for (const use of value.uses) {
      if (use.kind !== 'input') continue
      const { opType } = use.node
      if (PASSES.has(opType)) keep(use.node, 'reads values that may leave the range of float16', true)
      else if (TAMES.has(opType)) keep(use.node, 'reads values that may leave the range of float16', false)
    }
  }
  return kept
}

function reasonFor(
  editor: GraphEditor,
  node: Node,
  dtypes: ReadonlyMap<Value, DType>,
  obstacles: ReadonlyMap<Value, string>,
): { text: string; isLarge: boolean } | undefined {
  const { opType } = node
  if (node.domain !== '' && node.domain !== 'ai.onnx') {
    return { text: `operator ${node.domain}::${opType} is not a standard one`, isLarge: false }
  }
  if (ALWAYS_FLOAT32.has(opType)) return { text: `${opType} is not safe in float16`, isLarge: opType === 'CumSum' }
  const first = editor.input(node, 0)
  if (GROWS.has(opType) || (opType === 'Mul' && node.inputs[0] === node.inputs[1])) {
    return { text: `${opType} may leave the range of float16`, isLarge: true }
  }
  // onnxruntime adds, multiplies and compares while scattering in float32 and wider only.
  if (opType.startsWith('Scatter') && (stringAttribute(node, 'reduction') ?? 'none') !== 'none') {
    return { text: `${opType} with a reduction is not safe in float16`, isLarge: false }
  }
  if (opType === 'Dropout' && node.inputs[2]) {
    return { text: 'Dropout that may train is not safe in float16', isLarge: false }
  }
  const output = editor.output(node, 0)
  const isToFloat = output !== undefined && dtypes.get(output) === 'float32'
  if (opType === 'Cast' && isToFloat && first && /^u?int(16|32|64)$/.test(dtypes.get(first) ?? '')) {
    return { text: 'whole numbers above 2048 are not exact in float16', isLarge: true }
  }
  for (let i = 0; i < node.inputs.length; i++) {
    const value = editor.input(node, i)
    const obstacle = value && obstacles.get(value)
    if (obstacle) return { text: `"${value.name}" stays float32 (${obstacle})`, isLarge: true }
  }
  return undefined
}
