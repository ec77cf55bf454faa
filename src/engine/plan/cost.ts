/** Estimates of work, for `plan.explain()` and for yielding in time. */
import { readsOf, writesOf } from '../../backends/call-operands'
import type { Formula, KernelCall, Operand, Window } from '../../backends/kernel-calls'
import { elementCount } from '../../core/dtypes'
import { slotBytes } from '../../core/host-array'

export interface Work {
  /** Arithmetic operations; a multiply-add counts two. */
  readonly flops: number
  /** Read and written, each operand once. */
  readonly bytes: number
}

const countOf = ({ shape }: Operand): number => elementCount(shape)
export const bytesOf = (operand: Operand): number => countOf(operand) * (slotBytes(operand.dtype) ?? 0)

export function workOf(call: KernelCall): Work {
  const touched = new Set([...readsOf(call), ...writesOf(call)])
  return { flops: flopsOf(call), bytes: [...touched].reduce((sum, operand) => sum + bytesOf(operand), 0) }
}

/** One unit per multiply-add, or per 8 bytes moved. */
export const costOf = ({ flops, bytes }: Work): number => Math.ceil(flops / 2 + bytes / 8)

const taps = (axes: readonly Window[]): number => elementCount(axes.map(({ kernel }) => kernel))

/** Gates per hidden element. */
const GATES = { lstm: 4, gru: 3, rnn: 1 }

function flopsOf(call: KernelCall): number {
  switch (call.kernel) {
    case 'map':
    case 'integerMap':
      return countOf(call.output) * expressionFlops(call.expression)
    case 'copy':
    case 'fill':
    case 'alias':
    case 'gather':
    case 'gatherBlocks':
    case 'insert':
    case 'reverse':
    case 'oneHot':
    case 'pick':
      return 0
    case 'random':
      return countOf(call.output) * FUNCTION_FLOPS
    case 'reduce':
    case 'argReduce':
    case 'cumulative':
      return countOf(call.input)
    case 'topK':
      // runs of 64, merged by halving
      return countOf(call.input) * (64 + 16 * Math.max(0, Math.log2(call.size / 64)))
    case 'determinant':
      return (2 / 3) * countOf(call.input) * call.size
    case 'scatterBlocks':
      return countOf(call.output) + countOf(call.updates)
    case 'count':
      return call.rows * call.length * call.sequences.length * (call.skips + 1)
    case 'softmax':
      return countOf(call.input) * (2 + FUNCTION_FLOPS)
    case 'normalize':
      return countOf(call.input) * 8
    case 'gemm':
      return 2 * call.batches.length * call.m * call.n * call.k
    case 'attention': {
      const { batch, heads, queries, keys, size, valueSize } = call
      return 2 * batch * heads * queries * keys * (size + valueSize + FUNCTION_FLOPS / 2)
    }
    case 'conv':
      return 2 * countOf(call.output) * call.inPerGroup * taps(call.axes)
    case 'convTranspose':
      return 2 * countOf(call.input) * call.outPerGroup * taps(call.axes)
    case 'convWeightGradient':
      return 2 * countOf(call.gradient) * call.inPerGroup * taps(call.axes)
    case 'maxPoolGradient':
      return countOf(call.gradient) * taps(call.axes)
    case 'pool':
    case 'argPool':
    case 'fold':
      return countOf(call.output) * taps(call.axes)
    case 'sample':
      return countOf(call.output) * 4 * { nearest: 1, linear: 2, cubic: 4 }[call.mode] ** call.sizes.length
    case 'roi':
      return countOf(call.output) * 8 * Math.max(1, call.points) ** 2
    case 'minMax':
    case 'histogram':
      return 2 * countOf(call.input)
    case 'cast':
    case 'quantizeLinear':
    case 'dequantizeLinear':
      return 2 * countOf(call.output)
    case 'resample':
      return 2 * countOf(call.output) * call.taps
    case 'recurrent':
      return 2 * call.steps * call.batch * call.size * GATES[call.type] * (call.size + FUNCTION_FLOPS)
  }
}

/** Of exp, tanh, erf and the like. */
const FUNCTION_FLOPS = 16
const CHEAP = new Set(['abs', 'neg', 'floor', 'ceil', 'round', 'sign', 'not', 'bitNot', 'isNaN', 'sqrt', 'reciprocal'])

export function expressionFlops(expression: Formula<string, string>): number {
  if ('unary' in expression) {
    return (CHEAP.has(expression.unary) ? 1 : FUNCTION_FLOPS) + expressionFlops(expression.of)
  }
  if ('binary' in expression) {
    const own = expression.binary === 'pow' ? 2 * FUNCTION_FLOPS : 1
    return own + expressionFlops(expression.left) + expressionFlops(expression.right)
  }
  if (!('select' in expression)) return 0
  const { select, then, otherwise } = expression
  return 1 + expressionFlops(select) + expressionFlops(then) + expressionFlops(otherwise)
}
