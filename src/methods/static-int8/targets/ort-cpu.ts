import { namesOf, S8, U8, type Target } from './target'

/**
 * ONNX Runtime's CPU provider on any processor.
 *
 * What becomes a QLinear operator, and whether it needs its result quantized: the selectors of
 * https://github.com/microsoft/onnxruntime/blob/v1.22.0/onnxruntime/core/optimizer/qdq_transformer/selectors_actions/qdq_selector_action_transformer.cc
 * Types: https://onnxruntime.ai/docs/performance/model-optimizations/quantization.html ("on x86-64 machines with AVX2 and AVX512
 * extensions … U8S8 … reduce_range"): vpmaddubsw saturates sums of two products of 8 bits at 16, so weights keep to ±64.
 * Fixed range of Softmax: ONNX Runtime's own quantizer. QGemm takes zero points of the weight's scales' shape (measured with 1.30).
 */
export const ortCpu: Target = {
  activations: U8,
  weights: { ...S8, isReduced: true },
  bias: 'int32',
  operators: {
    Conv: { output: 'integer', isPerChannel: true },
    Gemm: { output: 'any', isPerChannel: true, needsZeroPoint: true },
    MatMul: { output: 'any', isPerChannel: true },
    Add: { output: 'integer' },
    Mul: { output: 'integer' },
    AveragePool: { output: 'integer' },
    GlobalAveragePool: { output: 'integer' },
    LeakyRelu: { output: 'integer' },
    Sigmoid: { output: 'integer' },
    Softmax: { output: 'integer' },
    Relu: { output: 'integer' },
    Clip: { output: 'integer' },
  },
  keepsScale: namesOf(
    'MaxPool Resize Gather Reshape Transpose Squeeze Unsqueeze Flatten Split Slice Pad Concat Identity',
  ),
  movesInFloat: namesOf('Flatten Slice Pad Identity'),
  absorbs: namesOf('Relu Clip'),
  fixedRanges: { Softmax: [0, 1] },
  isWhole: false,
  fusesResidual: false,
}
