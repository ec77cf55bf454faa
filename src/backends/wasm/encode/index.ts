/** Every kernel that the WASM machine has. A family adds one import and one line. */
import type { KernelCall } from '../../kernel-calls'
import type { Command, EncodeContext, Encoder } from './command'
import { gatherBlocks, scatterBlocks } from './blocks'
import { conv, convTranspose } from './conv'
import { convWeightGradient } from './conv-weight'
import { fill } from './fill'
import { argReduce, normalize, reduce, softmax } from './lines'
import { integerMap } from './integer-sum'
import { map } from './map'
import { cast, copy, gather } from './move'
import { dequantizeLinear, quantizeLinear, resample } from './resample'
import { gemm } from './gemm'
import { histogram, minMax } from './observe'
import { oneHot, pick } from './pick'
import { maxPoolGradient, pool } from './pool'
import { random } from './random'
import { recurrent } from './recurrent'

type Encoders = { readonly [K in KernelCall['kernel']]?: Encoder<Extract<KernelCall, { kernel: K }>> }

const ENCODERS: Encoders = {
  fill,
  random,
  copy,
  map,
  integerMap,
  reduce,
  argReduce,
  softmax,
  normalize,
  gather,
  cast,
  resample,
  quantizeLinear,
  dequantizeLinear,
  minMax,
  histogram,
  gemm,
  conv,
  convTranspose,
  convWeightGradient,
  pool,
  maxPoolGradient,
  gatherBlocks,
  scatterBlocks,
  pick,
  oneHot,
  recurrent,
}

const encoderOf = ({ kernel }: KernelCall) => ENCODERS[kernel] as Encoder<KernelCall> | undefined

export const supports = (call: KernelCall): boolean => encoderOf(call)?.supports(call) ?? false

/** @param call one that is supported */
export function encode(call: KernelCall, context: EncodeContext): readonly Command[] {
  const encoder = encoderOf(call)
  if (!encoder) throw new Error(`The WASM machine has no kernel "${call.kernel}".`)
  return encoder.encode(call, context)
}
