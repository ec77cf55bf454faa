import type { OptionSchema } from '../../core/options'
import type { MethodMeta } from '../method'

const options = {
  target: {
    type: 'enum',
    label: 'Where it will run',
    help:
      'Which layers become integers, and how, by the rules of a runtime. generic and ort-cpu keep weights to 7 bits, since ' +
      'sums of 8-bit products overflow on some x86 processors; ort-web and webgpu are for web pages; tensorrt is ' +
      'symmetric; mobile is for XNNPACK, QNNPACK, NNAPI and QNN.',
    default: 'generic',
    values: ['generic', 'ort-cpu', 'ort-web', 'webgpu', 'tensorrt', 'mobile'],
  },
  format: {
    type: 'enum',
    label: 'Form in the file',
    help:
      'qdq: QuantizeLinear and DequantizeLinear around float operators, which runtimes fuse. qoperator: integer operators ' +
      'such as QLinearConv. cache: the float model with a TensorRT calibration cache (target tensorrt only).',
    default: 'qdq',
    values: ['qdq', 'qoperator', 'cache'],
  },
  observer: {
    type: 'enum',
    label: 'How ranges are chosen',
    help: 'What of the calibration data decides the range that integers cover.',
    default: 'min-max',
    values: ['min-max', 'moving-average', 'histogram', 'percentile', 'entropy', 'mse'],
  },
  percentile: {
    type: 'number',
    label: 'Percentile',
    help: 'Share of the values that lie inside of the range, for the observer percentile.',
    default: 99.99,
    min: 90,
    max: 100,
    unit: '%',
  },
  power: {
    type: 'number',
    label: 'Power of the error',
    help: 'The p of the mean |error|^p that the observer mse makes small; 2 is the mean square.',
    default: 2,
    min: 1,
    max: 8,
  },
  granularity: {
    type: 'enum',
    label: 'Granularity of weights',
    help: 'One scale for each output channel, or one for the whole tensor.',
    default: 'per-channel',
    values: ['per-channel', 'per-tensor'],
  },
  layers: {
    type: 'text',
    label: 'Rules for layers',
    help:
      'PATTERN=KIND, separated by spaces; the first that fits a layer decides. PATTERN: a name with * for any text, ' +
      'type:Conv, or pattern:Conv+Relu. KIND: float, 16 or 8 (bits of its inputs; weights have 8), or 4 (weights only).',
    default: '',
    maxLength: 65_536,
  },
} as const satisfies OptionSchema

export const meta = {
  id: 'static-int8',
  label: 'Integers throughout, from your data',
  help: 'Computes in 8-bit integers: ranges of inner values come from your own samples, so that the result is small and fast.',
  options,
  appliesTo: ['Conv', 'ConvTranspose', 'Gemm', 'MatMul', 'Add', 'Mul', 'Concat', 'Resize', 'Softmax'],
  isLossless: false,
  isCalibrated: true,
  source: 'https://arxiv.org/abs/1712.05877v1',
} as const satisfies MethodMeta<typeof options>
