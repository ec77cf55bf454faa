import { dtypeFromOnnx, type DType } from '../../core/dtypes'
import type { GraphEditor, Value } from '../edit'
import { intAttribute, subGraphs, type Dim, type Node } from '../model'

/** Operators whose first output has the shape of their first input. */
const KEEPS_SHAPE = new Set(
  (
    'Abs Affine BatchNormalization Cast Ceil Clip Dropout Elu Erf Exp Floor Hardmax HardSigmoid HardSwish Identity ' +
    'ImageScaler InstanceNormalization LayerNormalization LeakyRelu Log LogSoftmax LpNormalization LRN Mish Neg ' +
    'ParametricSoftplus PRelu Reciprocal Relu ScaledTanh Selu Sigmoid Sign Softmax Softplus Softsign Sqrt Tanh ' +
    'ThresholdedRelu'
  ).split(' '),
)

const MAKES: Readonly<Record<string, DType>> = {
  ...fixed('bool', 'And Equal Greater GreaterOrEqual IsInf IsNaN Less LessOrEqual Not Or Xor'),
  ...fixed('int64', 'ArgMax ArgMin NonMaxSuppression NonZero Shape Size'),
  ...fixed('int32', 'ConvInteger MatMulInteger'),
}

function fixed(dtype: DType, operators: string): Record<string, DType> {
  return Object.fromEntries(operators.split(' ').map((name) => [name, dtype]))
}

const MAX_DEPTH = 200

/** The dtype of a value, where the file declares it or its producers tell. */
export function dtypeOf(editor: GraphEditor, value: Value, depth = 0): DType | undefined {
  const declared = editor.typeOf(value)
  if (declared) return declared.kind === 'tensor' ? declared.dtype : undefined
  const node = value.producer
  if (!node || node.domain !== '' || depth > MAX_DEPTH) return undefined
  const from = (index: number) => {
    const input = editor.input(node, index)
    return input && dtypeOf(editor, input, depth + 1)
  }
  const slot = node.outputs.indexOf(value.name)
  const made = slot === 0 ? MAKES[node.opType] : undefined
  if (made) return made
  switch (node.opType) {
    case 'Cast':
      return dtypeFromOnnx(intAttribute(node, 'to') ?? 1)
    case 'ConstantOfShape': {
      const filler = node.attributes.get('value')
      return filler?.type === 'tensor' ? filler.value.dtype : 'float32'
    }
    case 'Where':
    case 'DequantizeLinear':
      return from(1)
    case 'OneHot':
      return from(2)
    case 'If':
      return fromBranch(editor, node, slot, depth)
    case 'TopK':
    case 'MaxPool':
    case 'Unique':
      return slot === 0 ? from(0) : 'int64'
    default:
      // everything else either keeps the type of its first input, or is listed as not known
      return slot === 0 && !UNTYPED.has(node.opType) ? from(0) : undefined
  }
}

const UNTYPED = new Set(
  (
    'QuantizeLinear DynamicQuantizeLinear QLinearConv QLinearMatMul EyeLike Loop Scan Constant Multinomial Bernoulli ' +
    'RandomNormal RandomUniform RandomNormalLike RandomUniformLike CastLike BitCast SequenceAt SequenceConstruct ' +
    'SequenceEmpty SequenceInsert SplitToSequence ConcatFromSequence Optional OptionalGetElement SequenceLength ' +
    'OptionalHasElement SequenceMap StringNormalizer StringSplit RegexFullMatch TfIdfVectorizer ImageDecoder ' +
    'HannWindow HammingWindow BlackmanWindow MelWeightMatrix'
  ).split(' '),
)

function fromBranch(editor: GraphEditor, node: Node, slot: number, depth: number): DType | undefined {
  const branch = subGraphs(node)[0]
  const name = branch?.outputs[slot]?.name
  const value = branch && name ? editor.resolve(branch, name) : undefined
  return value && dtypeOf(editor, value, depth + 1)
}

/** The shape of a value, where the file declares it or element-wise producers tell. */
export function shapeOf(editor: GraphEditor, value: Value): readonly Dim[] | undefined {
  for (let at: Value | undefined = value, depth = 0; at && depth < MAX_DEPTH; depth++) {
    const declared = editor.typeOf(at)
    if (declared?.kind === 'tensor' && declared.shape) return declared.shape
    const node: Node | undefined = at.producer
    if (!node || node.domain !== '' || !KEEPS_SHAPE.has(node.opType) || at.name !== node.outputs[0]) return undefined
    at = editor.input(node, 0)
  }
  return undefined
}
