import type { OptionSchema } from '../../core/options'
import type { MethodMeta } from '../method'

const options = {
  removeNoOps: {
    type: 'boolean',
    label: 'Remove nodes that do nothing',
    help: 'Identity, inference-time Dropout, and Cast, Reshape, Transpose, Pad and Concat that hand their input on.',
    default: true,
  },
  foldConstants: {
    type: 'boolean',
    label: 'Compute constants once',
    help: 'Parts of the graph that do not depend on the input are computed now, where that makes the file smaller.',
    default: true,
  },
  foldBatchNorm: {
    type: 'boolean',
    label: 'Fold BatchNorm',
    help: 'BatchNormalization is worked into the weights before it. Outputs stay equal to about 1e-5, not to the last bit.',
    default: true,
  },
  claimWeights: {
    type: 'boolean',
    label: 'Take weights off the list of inputs',
    help: 'Old exporters list every weight as an input. Only together with BatchNorm folding: runtimes may then fuse more.',
    default: true,
  },
  shareEqual: {
    type: 'boolean',
    label: 'Store equal tensors once',
    help: 'Tensors with the same contents are stored once, also where one is a reshaped copy of the other.',
    default: true,
  },
  shareTransposed: {
    type: 'boolean',
    label: 'Store transposed copies once',
    help: 'A matrix that is the transpose of another one (tied embeddings) is read through a Transpose.',
    default: true,
  },
  narrowMasks: {
    type: 'boolean',
    label: 'Store masks small',
    help: 'A triangular mask is computed, another tensor of two values is stored as true and false.',
    default: true,
  },
  narrowFloat16: {
    type: 'boolean',
    label: 'Store exact float16 narrow',
    help: 'Floats that float16 holds exactly are stored as float16 behind a Cast.',
    default: true,
  },
  narrowIntegers: {
    type: 'boolean',
    label: 'Store small whole numbers narrow',
    help: 'Tables of whole numbers are stored in the smallest integer type that holds them, behind a Cast.',
    default: true,
  },
  removeUnused: {
    type: 'boolean',
    label: 'Remove what nothing reads',
    help: 'Nodes, tensors and functions that no output depends on. Inputs and outputs of the model stay.',
    default: true,
  },
  stripDocs: {
    type: 'boolean',
    label: 'Remove documentation strings of nodes',
    help: 'Exporters leave the stack trace of the source code in every node.',
    default: true,
  },
  minBytes: {
    type: 'number',
    label: 'Smallest tensor to store narrow or behind a layout',
    help: 'Below this size the added nodes would eat the gain.',
    default: 1024,
    min: 256,
    max: 1 << 30,
    integer: true,
    unit: 'bytes',
  },
} as const satisfies OptionSchema

export const meta = {
  id: 'tidy',
  label: 'Tidy',
  help: 'Removes what the file stores twice, too wide or for nothing; the model computes the same.',
  options,
  appliesTo: ['*'],
  isLossless: true,
  source: 'README.md in this folder',
} as const satisfies MethodMeta<typeof options>
