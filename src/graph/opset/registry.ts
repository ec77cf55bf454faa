/**
 * What lifting each operator over each change of its schema takes. `schema-table.ts` says where the changes are; those
 * that only add types need nothing and stand there as 'types'. Every other change has an entry here (a test checks it).
 */
import {
  axesToInput,
  clipToInputs,
  dftAxis,
  dropoutMask,
  dropoutToInputs,
  padToInputs,
  sliceToInputs,
  splitCount,
  splitToInput,
  topKToInput,
  unsqueezeToInput,
  upsampleToInput,
} from './adapters/attributes-to-inputs'
import { affine, crop, imageScaler, parametricSoftplus, scaledTanh } from './adapters/legacy'
import { batchNormSpatial, batchNormTraining, groupNormPerChannel } from './adapters/normalization'
import {
  gridSampleModes,
  resizeCoordinates,
  resizeModes,
  roiAlignCoordinates,
  upsampleToResize,
} from './adapters/resize'
import { softmaxAxis } from './adapters/softmax'
import type { Adapter } from './lift-context'
import { OPERATORS } from './schema-table'

export type Entry =
  | { readonly adapt: Adapter }
  /** Nothing to do, and why. */
  | { readonly compatible: string }
  /** Cannot be lifted, and why. */
  | {
      readonly blocked: string
      /** The meaning stays: only onnxruntime is in the way. */
      readonly isRuntimeOnly?: true
    }

type Steps = Readonly<Record<number, Entry>>

const newAttribute = (name: string): Entry => ({ compatible: `the new attribute ${name} defaults to what was` })
const newInput = (name: string): Entry => ({
  compatible: `the new input ${name} is optional and changes nothing when left out`,
})
const moreTypes: Entry = { compatible: 'only types were added' }

const reduce = { 18: { adapt: axesToInput } }
const argExtreme = { 12: newAttribute('select_last_index') }
const recurrent = { 14: newAttribute('layout') }
const softmax = { 13: { adapt: softmaxAxis } }
/** Loads and runs up to the version before; the newer one has no kernel in onnxruntime 1.30, which would refuse the model. */
const noKernel: Entry = { blocked: 'onnxruntime does not run this version of the operator', isRuntimeOnly: true }
const notAbove21 = { 22: noKernel }
const scatter = { 16: newAttribute('reduction') }

export const REGISTRY: Readonly<Record<string, Steps>> = {
  ArgMax: argExtreme,
  ArgMin: argExtreme,
  Attention: {
    24: newInput('nonpad_kv_seqlen'),
    25: newAttribute('left_window_size / right_window_size (-1: no window)'),
  },
  AveragePool: { 10: newAttribute('ceil_mode'), 19: newAttribute('dilations') },
  BatchNormalization: { 9: { adapt: batchNormSpatial }, 14: { adapt: batchNormTraining } },
  Bernoulli: notAbove21,
  Cast: { 19: newAttribute('saturate'), 24: newAttribute('round_mode') },
  CastLike: { 19: newAttribute('saturate'), 24: newAttribute('round_mode') },
  Clip: { 11: { adapt: clipToInputs } },
  Constant: { 11: newAttribute('sparse_value'), 12: newAttribute('value_float and others') },
  DFT: { 20: { adapt: dftAxis } },
  DepthToSpace: { 11: newAttribute('mode') },
  DequantizeLinear: { 13: newAttribute('axis'), 21: newAttribute('block_size'), 23: newAttribute('output_dtype') },
  Dropout: { 10: { adapt: dropoutMask }, 12: { adapt: dropoutToInputs } },
  Erf: { 13: { compatible: 'integer types, which onnxruntime never had, were removed' } },
  GRU: recurrent,
  GatherND: { 12: newAttribute('batch_dims') },
  Gemm: { 11: { compatible: 'the input C became optional' } },
  GlobalLpPool: notAbove21,
  GridSample: { 20: { adapt: gridSampleModes } },
  GroupNormalization: { 21: { adapt: groupNormPerChannel } },
  Hardmax: softmax,
  LSTM: recurrent,
  LogSoftmax: softmax,
  LpPool: { 18: newAttribute('ceil_mode / dilations') },
  MaxPool: { 8: newAttribute('storage_order'), 10: newAttribute('ceil_mode / dilations') },
  MaxRoiPool: notAbove21,
  Multinomial: notAbove21,
  OptionalHasElement: { 18: { compatible: 'the input became optional' } },
  Pad: { 11: { adapt: padToInputs }, 18: newInput('axes') },
  QuantizeLinear: {
    13: newAttribute('axis'),
    19: newAttribute('saturate'),
    21: newAttribute('block_size / output_dtype'),
    23: newAttribute('precision'),
  },
  RNN: recurrent,
  RandomNormal: notAbove21,
  RandomNormalLike: notAbove21,
  RandomUniform: notAbove21,
  RandomUniformLike: notAbove21,
  ReduceL1: reduce,
  ReduceL2: reduce,
  ReduceLogSum: reduce,
  ReduceLogSumExp: reduce,
  ReduceMax: reduce,
  ReduceMean: reduce,
  ReduceMin: reduce,
  ReduceProd: reduce,
  ReduceSum: { 13: { adapt: axesToInput } },
  ReduceSumSquare: reduce,
  Reshape: { 14: newAttribute('allowzero') },
  Resize: {
    11: { adapt: resizeCoordinates },
    13: { adapt: resizeModes },
    18: newAttribute('antialias / axes / keep_aspect_ratio_policy'),
  },
  RoiAlign: { 16: { adapt: roiAlignCoordinates }, 22: noKernel },
  Scan: { 9: { blocked: 'its batch axis and sequence lengths were removed' } },
  Scatter: { 11: { adapt: renamed('ScatterElements') } },
  ScatterElements: scatter,
  ScatterND: scatter,
  Shape: { 15: newAttribute('start / end') },
  Slice: { 10: { adapt: sliceToInputs } },
  Softmax: softmax,
  Split: { 13: { adapt: splitToInput }, 18: { adapt: splitCount } },
  Squeeze: { 13: { adapt: axesToInput } },
  Swish: { 25: noKernel },
  TopK: { 10: { adapt: topKToInput }, 11: newAttribute('largest / sorted') },
  Unsqueeze: { 13: { adapt: unsqueezeToInput } },
  Upsample: { 9: { adapt: upsampleToInput }, 10: { adapt: upsampleToResize } },

  // Used before the opset that introduced them, in the form that onnxruntime gave them.
  LayerNormalization: { 17: { compatible: "onnxruntime's own earlier form is the same" } },
  ThresholdedRelu: { 10: { compatible: 'the experimental form was the same' } },
  MeanVarianceNormalization: { 9: { blocked: 'its experimental form chose the axes by across_channels' } },

  // Experiments that onnxruntime runs up to opset 9.
  Affine: { 10: { adapt: affine } },
  Crop: { 10: { adapt: crop } },
  ImageScaler: { 10: { adapt: imageScaler } },
  ParametricSoftplus: { 10: { adapt: parametricSoftplus } },
  ScaledTanh: { 10: { adapt: scaledTanh } },
}

/** Operators that onnxruntime puts into ai.onnx by itself; they do not change with opsets. */
const UNVERSIONED = new Set(['SimplifiedLayerNormalization'])

/** What lifting an ai.onnx operator from opset `to - 1` to `to` takes; undefined where nothing changed. */
export function entryFor(opType: string, to: number): Entry | undefined {
  const own = Object.hasOwn(REGISTRY, opType) ? REGISTRY[opType] : undefined
  const explicit = own?.[to]
  if (explicit) return explicit
  const history = Object.hasOwn(OPERATORS, opType) ? OPERATORS[opType] : undefined
  if (!history) {
    if (own || UNVERSIONED.has(opType)) return undefined
    return { blocked: 'it is no operator of ai.onnx that this version knows' }
  }
  if (to === history.since) return { blocked: `an experimental form was used; opset ${to} made it a standard operator` }
  const change = history[to]
  if (change === undefined) return undefined
  return change === 'types' ? moreTypes : { blocked: `its schema changed at opset ${to}, and no adapter is known` }
}

function renamed(opType: string): Adapter {
  return (lift, node) => {
    lift.editor.setOperator(node, opType)
    return `became ${opType}`
  }
}
