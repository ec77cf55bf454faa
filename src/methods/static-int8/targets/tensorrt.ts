import { namesOf, S8, type Target } from './target'

/**
 * TensorRT with explicit quantization: symmetric int8 only, scales per channel for weights only, biases in float. Pairs stand at
 * the inputs of the layers that compute in integers; TensorRT moves them over pooling, concatenation and copies by itself. In a
 * residual block the convolution takes in the addition, so only the other summand is quantized.
 * https://docs.nvidia.com/deeplearning/tensorrt/latest/inference-library/work-quantized-types.html (Q/DQ layer-placement recommendations)
 */
export const tensorrt: Target = {
  activations: S8,
  weights: S8,
  bias: 'float',
  operators: {
    Conv: { output: 'any', isPerChannel: true },
    ConvTranspose: { output: 'any', isPerChannel: true },
    Gemm: { output: 'any', isPerChannel: true },
    MatMul: { output: 'any', isPerChannel: true },
    AveragePool: { output: 'any' },
    GlobalAveragePool: { output: 'any' },
  },
  keepsScale: new Set(),
  movesInFloat: new Set(),
  absorbs: namesOf('Relu Clip LeakyRelu Sigmoid Tanh'),
  fixedRanges: {},
  isWhole: false,
  fusesResidual: true,
}
