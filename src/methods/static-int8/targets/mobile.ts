import { namesOf, S8, U8, type OperatorRule, type Target } from './target'

const whole: OperatorRule = { output: 'integer' }

/**
 * XNNPACK, QNNPACK, NNAPI and QNN: whole graphs in integers, u8 inner values, symmetric weights, scales per channel for
 * convolutions only, int32 bias.
 * NNAPI (https://developer.android.com/ndk/reference/group/neural-networks): pooling, resizing, reshaping and concatenation keep
 * scale and zero point; LOGISTIC and SOFTMAX give scale 1/256 and zero point 0, TANH 1/128 and 128; TENSOR_QUANT8_SYMM_PER_CHANNEL
 * is for filters of convolutions. QNN: https://onnxruntime.ai/docs/execution-providers/QNN-ExecutionProvider.html
 */
export const mobile: Target = {
  activations: U8,
  weights: S8,
  bias: 'int32',
  operators: {
    Conv: { output: 'integer', isPerChannel: true },
    ConvTranspose: { output: 'integer', isPerChannel: true },
    Gemm: whole,
    MatMul: whole,
    Add: whole,
    Mul: whole,
    Sub: whole,
    Relu: whole,
    Clip: whole,
    LeakyRelu: whole,
    PRelu: whole,
    Sigmoid: whole,
    HardSigmoid: whole,
    HardSwish: whole,
    Tanh: whole,
    Softmax: whole,
  },
  keepsScale: namesOf(
    'MaxPool AveragePool GlobalAveragePool Resize Gather Reshape Transpose Squeeze Unsqueeze Flatten Split Slice Concat Identity ' +
      'DepthToSpace SpaceToDepth Pad Expand Tile',
  ),
  movesInFloat: new Set(),
  absorbs: namesOf('Relu Clip'),
  fixedRanges: { Sigmoid: [0, 255 / 256], Softmax: [0, 255 / 256], Tanh: [-1, 127 / 128] },
  isWhole: true,
  fusesResidual: false,
}
