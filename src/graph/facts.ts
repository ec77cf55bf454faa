import { elementCount, storageBytes } from '../core/dtypes'
import { bodies, type LazyTensor, type Model, type Node } from './model'

/** What can be told of a model from its header, before any weight is read. */
export interface ModelFacts {
  /** Weights or activations are already integers: quantizing again would add error and gain next to nothing. */
  readonly isQuantized: boolean
  /** Operators that made us say so, with domain, sorted. */
  readonly quantizedOperators: readonly string[]
  /** A tree ensemble of ai.onnx.ml: its numbers stand in attributes, not in weights. */
  readonly isTreeEnsemble: boolean
  /** Domains that onnxruntime does not bring and that no function of the model defines, sorted. */
  readonly unknownDomains: readonly string[]
  /** Bytes of all tensors: initializers and Constant nodes of every body. */
  readonly weightBytes: number
  /** Bytes of those in float32, float16, bfloat16 and float64. */
  readonly floatBytes: number
  /** Why the original should be handed back as it is; undefined where there is something to try. */
  readonly reasonUntouched?: string
}

/** Domains of onnxruntime's own builds (contrib operators and ONNX's). */
const KNOWN_DOMAINS = new Set([
  '',
  'ai.onnx',
  'ai.onnx.ml',
  'ai.onnx.training',
  'ai.onnx.preview.training',
  'com.microsoft',
  'com.microsoft.nchwc',
  'com.microsoft.experimental',
  'com.ms.internal.nhwc',
])

const FLOATS = new Set<string>(['float32', 'float16', 'bfloat16', 'float64'])
const NARROW = new Set<string>(['int8', 'uint8', 'int4', 'uint4', 'int2', 'uint2'])

/** Operators that quantize activations or compute on integers; DequantizeLinear alone also stores plain masks. */
const INTEGER_MATHS =
  /^(QuantizeLinear|DynamicQuantize\w+|QLinear\w+|QGemm|QAttention|QMoE|QEmbed\w+|MatMulInteger\w*|ConvInteger\w*|MatMulNBits|MatMulBnb4|GatherBlockQuantized|Quant|BipolarQuant|IntQuant)$/

const FLOAT_BYTES_OF_A_TREE = 1024

/** Recognises models that compression cannot help. Reads no weight. */
export function describeModel(model: Model): ModelFacts {
  const operators = new Set<string>()
  const domains = new Set<string>()
  let hasTrees = false
  let weightBytes = 0
  let floatBytes = 0
  let narrowBytes = 0
  let hasDequantize = false
  for (const tensor of tensorsOf(model)) {
    const bytes = storageBytes(tensor.dtype, elementCount(tensor.shape)) ?? 0
    weightBytes += bytes
    if (FLOATS.has(tensor.dtype)) floatBytes += bytes
    if (NARROW.has(tensor.dtype)) narrowBytes += bytes
  }
  for (const node of nodesOf(model)) {
    domains.add(node.domain)
    if (INTEGER_MATHS.test(node.opType)) operators.add(qualified(node))
    if (node.opType === 'DequantizeLinear') hasDequantize = true
    if (node.domain === 'ai.onnx.ml' && node.opType.startsWith('TreeEnsemble')) hasTrees = true
  }
  const isWeightQuantized = hasDequantize && narrowBytes > floatBytes
  if (isWeightQuantized) operators.add('DequantizeLinear')
  const local = new Set(model.functions.map((f) => f.domain))
  const facts = {
    isQuantized: operators.size > 0 && narrowBytes * 4 > floatBytes,
    quantizedOperators: [...operators].sort(),
    isTreeEnsemble: hasTrees,
    unknownDomains: [...domains].filter((domain) => !KNOWN_DOMAINS.has(domain) && !local.has(domain)).sort(),
    weightBytes,
    floatBytes,
  }
  const reasonUntouched = reasonFor(facts)
  return { ...facts, ...(reasonUntouched !== undefined && { reasonUntouched }) }
}

function reasonFor(facts: Omit<ModelFacts, 'reasonUntouched'>): string | undefined {
  if (facts.isTreeEnsemble && facts.floatBytes < FLOAT_BYTES_OF_A_TREE) {
    return 'This is a tree ensemble: its numbers are thresholds in node attributes, and there are no weights to compress.'
  }
  if (facts.isQuantized) {
    return `This model is already quantized (${facts.quantizedOperators.join(', ')}): quantizing it again would only add error.`
  }
  if (facts.weightBytes === 0 && facts.unknownDomains.length === 0) {
    return 'This model holds no weights, so there is nothing to compress.'
  }
  return undefined
}

function* nodesOf(model: Model): Generator<Node> {
  for (const body of bodies(model)) yield* body.nodes
}

function* tensorsOf(model: Model): Generator<LazyTensor> {
  for (const body of bodies(model)) {
    if (body.kind === 'graph') yield* body.initializers.values()
    for (const node of body.nodes) {
      const value = node.opType === 'Constant' ? node.attributes.get('value') : undefined
      if (value?.type === 'tensor') yield value.value
    }
  }
}

function qualified(node: Node): string {
  return node.domain === '' ? node.opType : `${node.domain}::${node.opType}`
}
