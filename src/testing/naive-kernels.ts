/**
 * Every kernel call, naively: what the kernels of all machines are compared with. Sums are in double precision, results
 * are stored as float32. Not part of the product.
 */
import type {
  Activation,
  CastCall,
  CopyCall,
  Expression,
  GatherCall,
  GemmCall,
  KernelCall,
  MapCall,
  NormalizeCall,
  Operand,
  RandomCall,
  ReduceCall,
  ResampleCall,
  SoftmaxCall,
} from '../backends/kernel-calls'
import { countBins, minMaxWords } from '../backends/observe'
import { elementCount } from '../core/dtypes'
import { uniformAt } from '../core/threefry'
import { numbersOf, setValue, type HostArray, type Values } from '../core/host-array'
import { converter } from '../ops/convert'
import { broadcastStrides, forEachIndex } from '../ops/shapes'
import { attention } from './naive-attention'
import { conv, convTranspose, convWeightGradient } from './naive-conv'
import { integerMap } from './naive-integers'
import { quantize } from './naive-quantize'
import { count, gatherBlocks, insert, oneHot, reverse, scatterBlocks } from './naive-places'
import { recurrent } from './naive-recurrent'
import { argReduce, cumulative, determinant, pick, reduceWhole, topK } from './naive-rows'
import { argPool, fold, maxPoolGradient, pool, roi, sample } from './naive-sampling'

/** The array of an operand, on the machine's memory. */
export type ArrayOf = (operand: Operand) => HostArray
/** Called for an index out of [-size, size). */
export type OnIndexFault = (index: number, size: number) => never

export function runNaively(call: KernelCall, arrayOf: ArrayOf, onIndexFault: OnIndexFault): void {
  const output = 'output' in call ? arrayOf(call.output) : undefined
  switch (call.kernel) {
    case 'map':
      return map(call, call.inputs.map(arrayOf), output!)
    case 'integerMap':
      return integerMap(call, call.inputs.map(arrayOf), output!)
    case 'copy':
      return copy(call, arrayOf(call.input), output!)
    case 'fill':
      for (let i = 0; i < output!.values.length; i++) setValue(output!, i, call.value)
      return
    case 'random':
      return randomNumbers(call, arrayOf(call.key), floats(output!))
    case 'alias':
      throw new Error('The planner resolves aliases.')
    case 'reduce':
      return reduce(call, arrayOf(call.input), output!)
    case 'argReduce':
      return argReduce(call, arrayOf(call.input), output!)
    case 'softmax':
      return softmax(call, floats(arrayOf(call.input)), floats(output!))
    case 'normalize':
      return normalize(call, arrayOf, floats(output!))
    case 'gemm':
      return gemm(call, arrayOf, output!)
    case 'conv':
      return conv(call, floatsBy(arrayOf), floats(output!))
    case 'convTranspose':
      return convTranspose(call, floatsBy(arrayOf), floats(output!))
    case 'convWeightGradient':
      return convWeightGradient(call, floatsBy(arrayOf), floats(output!))
    case 'pool':
      return pool(call, arrayOf(call.input), output!)
    case 'argPool':
      return argPool(call, arrayOf(call.input), output!)
    case 'maxPoolGradient':
      return maxPoolGradient(call, floatsBy(arrayOf), floats(output!))
    case 'fold':
      return fold(call, arrayOf(call.input), output!)
    case 'sample':
      return sample(call, arrayOf)
    case 'roi':
      return roi(call, arrayOf, onIndexFault)
    case 'gather':
      return gather(call, arrayOf(call.input).values, numbersOf(arrayOf(call.indices)), output!.values, onIndexFault)
    case 'gatherBlocks':
      return gatherBlocks(call, arrayOf, onIndexFault)
    case 'scatterBlocks':
      return scatterBlocks(call, arrayOf, onIndexFault)
    case 'insert':
      return insert(call, arrayOf, onIndexFault)
    case 'reverse':
      return reverse(call, arrayOf, onIndexFault)
    case 'oneHot':
      return oneHot(call, arrayOf)
    case 'count':
      return count(call, arrayOf)
    case 'cast':
      return cast(call, arrayOf(call.input), output!)
    case 'resample':
      return resample(call, floats(arrayOf(call.input)), floats(output!))
    case 'recurrent':
      return recurrent(call, floatsBy(arrayOf), call.lengths && numbersOf(arrayOf(call.lengths)), onIndexFault)
    case 'topK':
      return topK(call, arrayOf(call.input), arrayOf(call.values), arrayOf(call.indices))
    case 'cumulative':
      return cumulative(call, arrayOf(call.input), output!)
    case 'determinant':
      return determinant(call, floats(arrayOf(call.input)), floats(output!))
    case 'pick':
      return pick(call, floats(arrayOf(call.input)), numbersOf(arrayOf(call.indices)), floats(output!), onIndexFault)
    case 'attention':
      return attention(call, arrayOf, output!)
    case 'minMax':
      return void output!.values.set(minMaxWords(floats(arrayOf(call.input))) as never)
    case 'histogram':
      return void output!.values.set(countBins(floats(arrayOf(call.input)), call, output!.values.length) as never)
    case 'quantizeLinear':
    case 'dequantizeLinear':
      return quantize(call, arrayOf, output!)
  }
}

type Floats = Float32Array

function floats(array: HostArray): Floats {
  if (!(array.values instanceof Float32Array)) throw new Error(`${array.dtype} where float32 is expected`)
  return array.values
}

const floatsBy =
  (arrayOf: ArrayOf) =>
  (operand: Operand): Floats =>
    floats(arrayOf(operand))

// Element by element.

const UNARY = {
  abs: Math.abs,
  neg: (x) => -x,
  exp: Math.exp,
  log: Math.log,
  sqrt: Math.sqrt,
  reciprocal: (x) => 1 / x,
  floor: Math.floor,
  ceil: Math.ceil,
  round: roundHalfEven,
  sign: Math.sign,
  sin: Math.sin,
  cos: Math.cos,
  tanh: Math.tanh,
  sigmoid,
  erf,
  softplus: (x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))),
  not: (x) => (x === 0 ? 1 : 0),
  isNaN: (x) => (Number.isNaN(x) ? 1 : 0),
} satisfies Record<Extract<Expression, { unary: unknown }>['unary'], (x: number) => number>

const BINARY = {
  add: (a, b) => a + b,
  sub: (a, b) => a - b,
  mul: (a, b) => a * b,
  div: (a, b) => a / b,
  quotient: (a, b) => a / b,
  pow: Math.pow,
  min: Math.min,
  max: Math.max,
  less: (a, b) => (a < b ? 1 : 0),
  lessOrEqual: (a, b) => (a <= b ? 1 : 0),
  equal: (a, b) => (a === b ? 1 : 0),
} satisfies Record<Extract<Expression, { binary: unknown }>['binary'], (a: number, b: number) => number>

export function roundHalfEven(x: number): number {
  const down = Math.floor(x)
  const rest = x - down
  if (rest !== 0.5) return rest < 0.5 ? down : down + 1
  return down % 2 === 0 ? down : down + 1
}

export function sigmoid(x: number): number {
  return x >= 0 ? 1 / (1 + Math.exp(-x)) : Math.exp(x) / (1 + Math.exp(x))
}

/** erf(x) = 2/√π · e^(−x²) · Σ 2ⁿ x^(2n+1) / (2n+1)!!: all terms have one sign. DLMF 7.6.2. */
export function erf(x: number): number {
  if (Number.isNaN(x) || Math.abs(x) > 6) return Math.sign(x)
  let [term, sum] = [x, x]
  for (let n = 1; Math.abs(term) > 1e-17 * Math.abs(sum); n++) {
    term *= (2 * x * x) / (2 * n + 1)
    sum += term
  }
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum
}

function randomNumbers({ stream }: RandomCall, key: HostArray, y: Floats): void {
  const [seed, step] = [...numbersOf(key)] as [number, number]
  for (let i = 0; i < y.length; i++) y[i] = uniformAt([seed, step], stream, i)
}

/** Every step is rounded to float32, as machines do. */
export function evaluate(expression: Expression, inputs: readonly number[]): number {
  if ('input' in expression) return inputs[expression.input] as number
  if ('constant' in expression) return Math.fround(expression.constant)
  if ('unary' in expression) return Math.fround(UNARY[expression.unary](evaluate(expression.of, inputs)))
  if ('binary' in expression) {
    const { binary, left, right } = expression
    return Math.fround(BINARY[binary](evaluate(left, inputs), evaluate(right, inputs)))
  }
  const { select, then, otherwise } = expression
  return evaluate(select, inputs) !== 0 ? evaluate(then, inputs) : evaluate(otherwise, inputs)
}

function map({ expression }: MapCall, inputs: readonly HostArray[], output: HostArray): void {
  const strides = inputs.map(({ shape }) => broadcastStrides(shape, output.shape))
  const elements = new Array<number>(inputs.length)
  forEachIndex(output.shape, strides, (position, offsets) => {
    inputs.forEach(({ values }, k) => (elements[k] = Number(values[offsets[k] as number])))
    const y = evaluate(expression, elements)
    output.values[position] = output.dtype === 'bool' ? Number(y !== 0) : y
  })
}

export function activate(activation: Activation | undefined, x: number): number {
  switch (activation?.type) {
    case undefined:
      return x
    case 'relu':
      return Math.max(x, 0)
    case 'sigmoid':
      return sigmoid(x)
    case 'tanh':
      return Math.tanh(x)
    case 'silu':
      return x * sigmoid(x)
    case 'hardSwish':
      return x * Math.max(0, Math.min(1, x / 6 + 0.5))
    case 'clip':
      return Math.min(Math.max(x, activation.low), activation.high)
    case 'leakyRelu':
      return x < 0 ? activation.alpha * x : x
    case 'hardSigmoid':
      return Math.max(0, Math.min(1, activation.alpha * x + activation.beta))
  }
}

// Movement.

function copy(call: CopyCall, { values: from }: HostArray, { values: to }: HostArray): void {
  const { sizes, inputStrides, outputStrides, inputOffset, outputOffset } = call
  forEachIndex(sizes, [inputStrides, outputStrides], (_, [at, target]) => {
    const [source, destination] = [inputOffset + at!, outputOffset + target!]
    if (!(source in from) || !(destination in to)) throw new Error(`copy from ${source} to ${destination}`)
    to[destination] = from[source]!
  })
}

function gather(
  call: GatherCall,
  from: Values,
  indices: Exclude<Values, BigInt64Array | BigUint64Array>,
  to: Values,
  onFault: OnIndexFault,
) {
  const { outer, size, count, inner } = call
  for (let o = 0; o < outer; o++) {
    for (let i = 0; i < count; i++) {
      const given = indices[i] as number
      const index = given < 0 ? given + size : given
      if (index < 0 || index >= size) onFault(given, size)
      for (let j = 0; j < inner; j++) to[(o * count + i) * inner + j] = from[(o * size + index) * inner + j]!
    }
  }
}

function cast({ rounds }: CastCall, input: HostArray, output: HostArray): void {
  const to = rounds?.to ?? output.dtype
  const convert = converter(input.dtype, to, rounds)
  const result = { ...output, dtype: to }
  input.values.forEach((value: number | bigint, i: number) => setValue(result, i, convert(value)))
}

// Along one axis: [outer, size, inner].

const REDUCTIONS: Record<ReduceCall['reduction'], (values: readonly number[]) => number> = {
  sum: (values) => sumOf(values),
  mean: (values) => sumOf(values) / values.length,
  max: (values) => Math.max(...values),
  min: (values) => Math.min(...values),
  prod: (values) => values.reduce((product, x) => product * x, 1),
  sumSquare: (values) => sumOf(values.map((x) => x * x)),
  l1: (values) => sumOf(values.map(Math.abs)),
  l2: (values) => Math.sqrt(sumOf(values.map((x) => x * x))),
  logSum: (values) => Math.log(sumOf(values)),
  logSumExp(values) {
    const most = Math.max(...values)
    return Number.isFinite(most) ? most + Math.log(sumOf(values.map((x) => Math.exp(x - most)))) : most
  },
}

const sumOf = (values: readonly number[]): number => values.reduce((sum, x) => sum + x, 0)

interface Around {
  readonly outer: number
  readonly size: number
  readonly inner: number
}

/** Visits each line: its elements, and the flat index of its i-th element and of its result. */
function eachLine(
  { outer, size, inner }: Around,
  x: Floats,
  visit: (line: number[], at: (i: number) => number, result: number) => void,
): void {
  for (let o = 0; o < outer; o++) {
    for (let j = 0; j < inner; j++) {
      const at = (i: number) => (o * size + i) * inner + j
      visit(
        Array.from({ length: size }, (_, i) => x[at(i)] as number),
        at,
        o * inner + j,
      )
    }
  }
}

function reduce(call: ReduceCall, input: HostArray, output: HostArray): void {
  if (input.dtype !== 'float32') return reduceWhole(call, input, output)
  const [x, y] = [floats(input), floats(output)]
  eachLine(call, x, (line, _, result) => (y[result] = REDUCTIONS[call.reduction](line)))
}

function softmax(call: SoftmaxCall, x: Floats, y: Floats): void {
  eachLine(call, x, (line, at) => {
    const most = Math.max(...line)
    const sum = sumOf(line.map((value) => Math.exp(value - most)))
    line.forEach((value, i) => {
      y[at(i)] = call.isLog ? value - most - Math.log(sum) : Math.exp(value - most) / sum
    })
  })
}

function normalize(call: NormalizeCall, arrayOf: ArrayOf, y: Floats): void {
  const { rows, size, epsilon, affine, type } = call
  const x = floats(arrayOf(call.input))
  const scale = call.scale && floats(arrayOf(call.scale))
  const bias = call.bias && floats(arrayOf(call.bias))
  for (let r = 0; r < rows; r++) {
    const row = [...x.subarray(r * size, (r + 1) * size)]
    const mean = type === 'rms' ? 0 : sumOf(row) / size
    const variance = sumOf(row.map((value) => (value - mean) ** 2)) / size
    row.forEach((value, i) => {
      const entry = affine.by === 'element' ? i : Math.floor((r * size + i) / affine.spread) % affine.channels
      const normal = (value - mean) / Math.sqrt(variance + epsilon)
      y[r * size + i] = normal * (scale?.[entry] ?? 1) + (bias?.[entry] ?? 0)
    })
  }
}

// Products, windows, resampling.

function gemm(call: GemmCall, arrayOf: ArrayOf, { dtype, values: y }: HostArray): void {
  const { m, n, k, alpha, bias, activation, transposeA, transposeB } = call
  const [a, b] = [numbersOf(arrayOf(call.a)), numbersOf(arrayOf(call.b))]
  const isFloat = dtype === 'float32'
  const c = bias && floats(arrayOf(bias.operand))
  const biasAt = (row: number, column: number): number => {
    if (!c) return 0
    const at = { n: column, m: row, mn: row * n + column, scalar: 0 }[bias!.along]
    return c[at] as number
  }
  call.batches.forEach((batch, entry) => {
    for (let row = 0; row < m; row++) {
      for (let column = 0; column < n; column++) {
        let sum = 0
        for (let i = 0; i < k; i++) {
          const x = a[batch.a + (transposeA ? i * m + row : row * k + i)] as number
          const z = b[batch.b + (transposeB ? column * k + i : i * n + column)] as number
          sum = isFloat ? sum + x * z : (sum + Math.imul(x, z)) | 0
        }
        y[(entry * m + row) * n + column] = activate(activation, alpha * sum + biasAt(row, column))
      }
    }
  })
}

/** Every index below `sizes`, with its flat position. */
export function forEachPlace(sizes: readonly number[], visit: (place: readonly number[], flat: number) => void): void {
  const place = new Array<number>(sizes.length).fill(0)
  for (let flat = 0; flat < elementCount(sizes); flat++) {
    visit(place, flat)
    for (let axis = sizes.length - 1; axis >= 0; axis--) {
      if (++place[axis]! < sizes[axis]!) break
      place[axis] = 0
    }
  }
}

function resample(call: ResampleCall, x: Floats, y: Floats): void {
  const { outer, size, newSize, inner, taps, indices, weights } = call
  for (let o = 0; o < outer; o++) {
    for (let j = 0; j < newSize; j++) {
      for (let i = 0; i < inner; i++) {
        let sum = 0
        for (let t = j * taps; t < (j + 1) * taps; t++) {
          if (weights[t] !== 0) sum += weights[t]! * (x[(o * size + indices[t]!) * inner + i] as number)
        }
        y[(o * newSize + j) * inner + i] = sum
      }
    }
  }
}
