// The engine module: walks a plan that the host encoded in linear memory (R5).
//
// A plan is a list of commands of 32-bit words: [opcode, length in words with these two, ...arguments]. Arguments are
// byte addresses, counts, bits of floats, and tables of any length. Nothing is allocated: operands, plan and scratch
// are the host's, and memory never grows while this runs.
//
// To add a family: (1) a number in ../opcodes.ts, (2) a file beside this one that exports `name(args: usize): i32`,
// where `args` is the address of the first argument and 0 means success, (3) one case in `execute` below, (4) an encoder
// in ../encode/, listed in ../encode/index.ts. Reading beyond an operand's end up to 64 bytes is safe, writing is not.
import {
  OP_ARG_REDUCE, OP_CAST, OP_CONV, OP_CONV_TRANSPOSE, OP_CONV_WEIGHT, OP_COPY, OP_DEPTHWISE, OP_DEQUANTIZE, OP_FILL, OP_GATHER, OP_GATHER_BLOCKS,
  OP_GEMM, OP_GEMV, OP_HISTOGRAM, OP_INTEGER_SUM, OP_MAP, OP_MAX_POOL_GRADIENT, OP_MIN_MAX, OP_NORMALIZE, OP_ONE_HOT, OP_PICK, OP_POOL, OP_QUANTIZE, OP_RANDOM, OP_RECURRENT, OP_REDUCE, OP_RESAMPLE, OP_SCATTER_BLOCKS, OP_SOFTMAX,
} from '../opcodes'
import { gatherBlocks, scatterBlocks } from './blocks'
import { conv } from './conv'
import { convTranspose } from './conv-transpose'
import { convWeight } from './conv-weight'
import { depthwise } from './depthwise'
import { fill } from './fill'
import { gemm, gemv } from './gemm'
import { integerSum } from './integer-sum'
import { map } from './map'
import { maxPoolGradient } from './max-pool-gradient'
import { cast, copy, gather } from './move'
import { normalize } from './normalize'
import { histogram, minMax } from './observe'
import { oneHot, pick } from './pick'
import { pool } from './pool'
import { random } from './random'
import { recurrent } from './recurrent'
import { dequantizeLinear, quantizeLinear } from './quantize-linear'
import { argReduce, reduce } from './reduce'
import { resample } from './resample'
import { fault, setScratch } from './simd'
import { softmax } from './softmax'

/** What stopped the command at which `run` ended: the index that was out of range. */
export function faultIndex(): f64 {
  return fault
}

/** Executes `count` commands from address `program`. Returns how many succeeded: fewer than `count` after a fault. */
export function run(program: usize, count: i32, scratch: usize): i32 {
  setScratch(scratch)
  for (let i = 0; i < count; i++) {
    if (execute(load<i32>(program), program + 8) != 0) return i
    program += <usize>load<u32>(program, 4) << 2
  }
  return count
}

function execute(opcode: i32, args: usize): i32 {
  switch (opcode) {
    case OP_FILL: return fill(args)
    case OP_COPY: return copy(args)
    case OP_MAP: return map(args)
    case OP_REDUCE: return reduce(args)
    case OP_ARG_REDUCE: return argReduce(args)
    case OP_SOFTMAX: return softmax(args)
    case OP_NORMALIZE: return normalize(args)
    case OP_GATHER: return gather(args)
    case OP_CAST: return cast(args)
    case OP_RESAMPLE: return resample(args)
    case OP_QUANTIZE: return quantizeLinear(args)
    case OP_DEQUANTIZE: return dequantizeLinear(args)
    case OP_MIN_MAX: return minMax(args)
    case OP_HISTOGRAM: return histogram(args)
    case OP_RANDOM: return random(args)
    case OP_INTEGER_SUM: return integerSum(args)
    case OP_GEMM: return gemm(args)
    case OP_GEMV: return gemv(args)
    case OP_CONV: return conv(args)
    case OP_DEPTHWISE: return depthwise(args)
    case OP_CONV_TRANSPOSE: return convTranspose(args)
    case OP_POOL: return pool(args)
    case OP_RECURRENT: return recurrent(args)
    case OP_CONV_WEIGHT: return convWeight(args)
    case OP_MAX_POOL_GRADIENT: return maxPoolGradient(args)
    case OP_PICK: return pick(args)
    case OP_GATHER_BLOCKS: return gatherBlocks(args)
    case OP_SCATTER_BLOCKS: return scatterBlocks(args)
    case OP_ONE_HOT: return oneHot(args)
  }
  return -1
}
