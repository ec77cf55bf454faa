import { elementCount } from '../../../core/dtypes'
import { deviceLayout } from '../../../core/device-layout'
import { readsOf, writesOf } from '../../call-operands'
import type { KernelCall } from '../../kernel-calls'
import type { DeviceFacts, Kernel } from '../dispatch'
import { deviceBytes } from '../elements'
import { conv } from './conv'
import { convWeightGradient } from './conv-weight'
import { convTranspose, fold } from './conv-transpose'
import { cast } from './cast'
import { copy } from './copy'
import { fill } from './fill'
import { gather, gatherBlocks } from './gather'
import { gemm } from './gemm'
import { map } from './map'
import { integerMap } from './map-integer'
import { attention } from './attention'
import { argReduce } from './arg-reduce'
import { normalize } from './normalize'
import { histogram, minMax } from './observe'
import { count, insert, oneHot, reverse } from './place'
import { argPool, maxPoolGradient, pool } from './pool'
import { dequantizeLinear, quantizeLinear } from './quantize-linear'
import { reduce } from './reduce'
import { resample } from './resample'
import { roi, sample } from './sample'
import { scatterBlocks } from './scatter'
import { softmax } from './softmax'
import { cumulative } from './cumulative'
import { determinant } from './determinant'
import { pick } from './pick'
import { random } from './random'
import { recurrent } from './recurrent'
import { topK } from './top-k'

type Kernels = { readonly [K in KernelCall['kernel']]?: Kernel<Extract<KernelCall, { kernel: K }>> }

/** A kernel family is a file beside this one and a line here. What has no line runs on the host. */
const KERNELS: Kernels = {
  attention,
  conv,
  convTranspose,
  convWeightGradient,
  fold,
  pool,
  maxPoolGradient,
  argPool,
  resample,
  sample,
  roi,
  cast,
  copy,
  gather,
  gatherBlocks,
  scatterBlocks,
  insert,
  reverse,
  oneHot,
  count,
  fill,
  random,
  gemm,
  map,
  integerMap,
  argReduce,
  normalize,
  quantizeLinear,
  dequantizeLinear,
  minMax,
  histogram,
  reduce,
  softmax,
  cumulative,
  determinant,
  pick,
  recurrent,
  topK,
}

export function kernelOf(call: KernelCall): Kernel {
  return KERNELS[call.kernel] as unknown as Kernel
}

/** Whether the device computes a call: it holds the types, each operand fits a binding, and the kernel takes the form. */
export function supports(call: KernelCall, facts: DeviceFacts): boolean {
  const kernel = KERNELS[call.kernel] as Kernel | undefined
  if (!kernel) return false
  const operands = [...readsOf(call), ...writesOf(call)]
  const isHeld = operands.every(({ dtype }) => deviceLayout(dtype) !== undefined)
  const { maxStorageBufferBindingSize } = facts.limits
  const fits = ({ dtype, shape }: (typeof operands)[number]) =>
    deviceBytes(dtype, elementCount(shape)) <= maxStorageBufferBindingSize
  return isHeld && (kernel.splits === true || operands.every(fits)) && kernel.supports(call, facts)
}
