import type { OptionSchema } from '../../core/options'
import type { MethodMeta } from '../method'

const options = {
  scope: {
    type: 'enum',
    label: 'Scope',
    help:
      'weights: tensors are stored in 16 bits and widened again while the model loads. graph: the model also computes in ' +
      '16 bits, which is faster where the device can, and slower where it cannot.',
    default: 'weights',
    values: ['weights', 'graph'],
  },
  keepIo: {
    type: 'boolean',
    label: 'Inputs and outputs stay float32',
    help: 'For scope graph: programs that use the model need no change.',
    default: true,
  },
  minBytes: {
    type: 'number',
    label: 'Smallest tensor',
    help: 'For scope weights: tensors below this size stay as they are.',
    default: 1024,
    min: 0,
    max: 2 ** 40,
    integer: true,
    unit: 'bytes',
  },
  minSqnrDb: {
    type: 'number',
    label: 'Lowest precision',
    help: 'A tensor whose signal-to-rounding-noise ratio would fall below this stays float32.',
    default: 40,
    min: 0,
    max: 200,
    unit: 'dB',
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
  id: 'float16',
  label: 'Half precision',
  help: 'Stores numbers in 16 bits instead of 32: half the size, with outputs that agree to about three digits or better.',
  options,
  appliesTo: ['*'],
  isLossless: false,
  source: 'IEEE 754-2019, binary16',
} as const satisfies MethodMeta<typeof options>
