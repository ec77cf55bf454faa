import type { OptionSchema } from '../../core/options'
import type { MethodMeta } from '../method'

const options = {
  granularity: {
    type: 'enum',
    label: 'Granularity of weights',
    help: 'One scale for each output channel, or one for the whole tensor.',
    default: 'per-channel',
    values: ['per-channel', 'per-tensor'],
  },
  reduceRange: {
    type: 'boolean',
    label: '7-bit weights',
    help: 'Keeps weights to 7 bits, since sums of 8-bit products overflow on some x86 processors.',
    default: true,
  },
  conv: {
    type: 'boolean',
    label: 'Convolutions as well',
    help: 'ConvInteger is slower than the float Conv on most processors.',
    default: false,
  },
  lstm: {
    type: 'boolean',
    label: 'LSTM as well',
    help: 'DynamicQuantizeLSTM of ONNX Runtime; other runtimes do not know it.',
    default: true,
  },
  layers: {
    type: 'text',
    label: 'Rules for layers',
    help:
      'PATTERN=KIND, separated by spaces; the first that fits a layer decides. PATTERN: a name with * for any text, or ' +
      'type:MatMul. KIND: float or 8.',
    default: '',
    maxLength: 65_536,
  },
} as const satisfies OptionSchema

export const meta = {
  id: 'dynamic-int8',
  label: 'Integer products, without data',
  help: 'Multiplies in 8-bit integers and finds the range of each input while it runs: needs no data.',
  options,
  appliesTo: ['MatMul', 'Gemm', 'LSTM', 'Conv'],
  isLossless: false,
  source: 'https://onnx.ai/onnx/operators/onnx__DynamicQuantizeLinear.html',
} as const satisfies MethodMeta<typeof options>
