import type { OptionSchema } from '../../core/options'
import type { MethodMeta } from '../method'

const options = {
  granularity: {
    type: 'enum',
    label: 'Granularity',
    help: 'One scale for each output channel, or one for the whole tensor (smaller by a few bytes, less precise).',
    default: 'per-channel',
    values: ['per-channel', 'per-tensor'],
  },
  scheme: {
    type: 'enum',
    label: 'Scheme',
    help: 'Symmetric: int8 around zero. Asymmetric: uint8 with a zero point, for weights that lie to one side of zero.',
    default: 'symmetric',
    values: ['symmetric', 'asymmetric'],
  },
  form: {
    type: 'enum',
    label: 'Form in the file',
    help:
      'dequantize: the standard DequantizeLinear node, which onnxruntime computes again in every run. cast-multiply: a ' +
      'Cast and a Mul, which onnxruntime computes once while loading, so that the result is as fast as the original.',
    default: 'dequantize',
    values: ['dequantize', 'cast-multiply'],
  },
  minBytes: {
    type: 'number',
    label: 'Smallest tensor',
    help: 'Tensors below this size stay as they are.',
    default: 1024,
    min: 0,
    max: 2 ** 40,
    integer: true,
    unit: 'bytes',
  },
  minSqnrDb: {
    type: 'number',
    label: 'Lowest precision',
    help: 'A tensor whose signal-to-quantization-noise ratio would fall below this stays as it is.',
    default: 20,
    min: 0,
    max: 200,
    unit: 'dB',
  },
  include: {
    type: 'text',
    label: 'Only these tensors',
    help: 'Name patterns separated by spaces; * stands for any text. Empty: all.',
    default: '',
    maxLength: 4096,
  },
  exclude: {
    type: 'text',
    label: 'Not these tensors',
    help: 'Name patterns separated by spaces; * stands for any text.',
    default: '',
    maxLength: 4096,
  },
} as const satisfies OptionSchema

export const meta = {
  id: 'weights-int8',
  label: 'Weights in 8 bits',
  help: 'Stores each weight in 8 bits instead of 32: about four times smaller, with outputs that change very little.',
  options,
  appliesTo: ['Conv', 'ConvTranspose', 'Gemm', 'MatMul', 'Gather', 'LSTM', 'GRU', 'RNN'],
  isLossless: false,
  source: 'https://onnx.ai/onnx/operators/onnx__DequantizeLinear.html',
} as const satisfies MethodMeta<typeof options>
