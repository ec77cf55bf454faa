import type { GemmCall, KernelCall, Operand } from '../../backends/kernel-calls'
import { elementCount } from '../../core/dtypes'
import { isBig, isFloat, numbersOf, setValue, type HostArray } from '../../core/host-array'
import { attribute } from '../../graph/model'
import { flag, float } from '../attributes'
import { requireKind } from '../dtype-kinds'
import { binary, constant, formulaFor } from '../elementwise'
import { floatProduct, integerProduct, matrixOf } from '../matrix'
import { sumTo, type GradientContext, type ValueName } from '../gradient'
import { defineOperator, FLOAT32, differentiable, type InferContext, type LowerContext } from '../op'
import { broadcast, broadcastStrides, forEachIndex, mergeDims, type Dims } from '../shapes'

const attributes = { alpha: float(1), beta: float(1), transA: flag(false), transB: flag(false) }
type Schema = typeof attributes

function inferShape(context: InferContext<Schema>): Dims | undefined {
  const { transA, transB } = context.attributes
  const [a, b, c] = [context.shape(0), context.shape(1), context.has(2) ? context.shape(2) : []]
  for (const [name, shape] of [['A', a] as const, ['B', b] as const]) {
    if (shape && shape.length !== 2) context.fail(`${name} must be a matrix`)
  }
  const result = [a ? a[transA ? 1 : 0]! : null, b ? b[transB ? 0 : 1]! : null]
  const [left, right] = [a?.[transA ? 0 : 1] ?? null, b?.[transB ? 1 : 0] ?? null]
  if (mergeDims(left, right) === undefined) context.fail(`the inner sizes ${left} and ${right} differ`)
  const whole = broadcast([result, c])
  const fits =
    !('problem' in whole) &&
    (!c || (c.length <= 2 && whole.shape!.every((dim, axis) => mergeDims(dim, result[axis]!) !== undefined)))
  if (!fits) context.fail(`C must be repeatable to [${result.map((dim) => dim ?? '?').join(', ')}]`)
  return result
}

/** Y gets alpha · product + beta · C in whole numbers, which wrap. */
function wholeResult(
  result: HostArray,
  product: (number | bigint)[],
  c: HostArray | undefined,
  scales: number[],
): void {
  const strides = c ? broadcastStrides(c.shape, result.shape) : [0, 0]
  const [alpha, beta] = isBig(result.dtype) ? scales.map((scale) => BigInt(Math.trunc(scale))) : scales
  forEachIndex(result.shape, [strides], (i, [at]) => {
    const added = c ? c.values[at!]! : isBig(result.dtype) ? 0n : 0
    const y =
      typeof alpha === 'bigint'
        ? alpha * (product[i] as bigint) + (beta as bigint) * (added as bigint)
        : (alpha as number) * (product[i] as number) + (beta as number) * (added as number)
    setValue(result, i, y)
  })
}

/** How a bias lies along the result; shapes are known to fit. */
function biasAlong(shape: readonly number[], m: number, n: number): 'n' | 'm' | 'mn' | 'scalar' {
  if (elementCount(shape) === 1) return 'scalar'
  const [rows, columns] = shape.length === 2 ? shape : [1, shape[0] ?? 1]
  if (rows === m && columns === n) return m === 1 ? 'n' : 'mn'
  return rows === m ? 'm' : 'n'
}

/** C times beta: folded where C is constant, else by a map. */
function scaledBias(context: LowerContext<Schema>, calls: KernelCall[]): Operand {
  const { beta } = context.attributes
  const c = context.input(2)
  if (beta === 1) return c
  const known = context.constant(2)
  if (known) {
    const values = Float32Array.from(numbersOf(known), (value) => value * beta)
    return context.store({ dtype: 'float32', shape: known.shape, values })
  }
  const output = context.scratch('float32', c.shape)
  calls.push({ kernel: 'map', expression: binary('mul', { input: 0 }, constant(beta)), inputs: [c], output })
  return output
}

function product(context: GradientContext<Schema>, [a, transA]: Side, [b, transB]: Side): ValueName {
  const turns = [attribute.int('transA', transA ? 1 : 0), attribute.int('transB', transB ? 1 : 0)]
  return context.write.add('Gemm', [a, b], [attribute.float('alpha', context.attributes.alpha), ...turns])
}
type Side = readonly [matrix: ValueName, isTransposed: boolean]

/** dA = alpha · dY · op(B)ᵀ, turned as A is. */
function leftGradient(context: GradientContext<Schema>, dy: ValueName): ValueName {
  const { transA, transB } = context.attributes
  const b = context.input(1)
  return transA ? product(context, [b, transB], [dy, true]) : product(context, [dy, false], [b, !transB])
}

/** dB = alpha · op(A)ᵀ · dY, turned as B is. */
function rightGradient(context: GradientContext<Schema>, dy: ValueName): ValueName {
  const { transA, transB } = context.attributes
  const a = context.input(0)
  return transB ? product(context, [dy, true], [a, transA]) : product(context, [a, !transA], [dy, false])
}

/** Y = alpha · op(A) · op(B) + beta · C. op(A) [m, k], op(B) [k, n], C repeatable to [m, n]. */
export const gemm = defineOperator({
  name: 'Gemm',
  domain: '',
  attributes,
  inputs: [2, 3],
  infer(context) {
    requireKind(context, 0, 'number')
    for (let i = 1; i < 3; i++) {
      if (context.has(i) && context.dtype(i) !== context.dtype(0))
        context.fail(`all inputs must have one type, not ${context.dtype(0)} and ${context.dtype(i)}`)
    }
    return [{ dtype: context.dtype(0), shape: inferShape(context) }]
  },
  reference(context, a, b, c) {
    const { alpha, beta, transA, transB } = context.attributes
    const [m, k] = transA ? [a!.shape[1]!, a!.shape[0]!] : [a!.shape[0]!, a!.shape[1]!]
    const n = b!.shape[transB ? 0 : 1]!
    const result = context.empty(a!.dtype, [m, n])
    const [left, right] = [matrixOf(a!, 0, transA), matrixOf(b!, 0, transB)]
    if (!isFloat(a!.dtype)) {
      wholeResult(result, integerProduct(left, right, [m, n, k]), c, [alpha, beta])
      return [result]
    }
    const product = floatProduct(left, right, [m, n, k])
    const bias = c && beta !== 0 ? numbersOf(c) : undefined
    const [perRow, perColumn] = bias ? broadcastStrides(c!.shape, [m, n]) : [0, 0]
    for (let row = 0; row < m; row++) {
      for (let column = 0; column < n; column++) {
        const i = row * n + column
        result.values[i] = alpha * product[i]! + (bias ? beta * bias[row * perRow! + column * perColumn!]! : 0)
      }
    }
    return [result]
  },
  gradient: differentiable<Schema>((context) => {
    const { beta } = context.attributes
    const dy = context.gradient(0)!
    const scaled = (value: ValueName) => (beta === 1 ? value : formulaFor(context, dy).mul(value, beta))
    return [
      context.needs(0) ? leftGradient(context, dy) : undefined,
      context.needs(1) ? rightGradient(context, dy) : undefined,
      context.needs(2) ? scaled(sumTo(context, dy, context.input(2))) : undefined,
    ]
  }),
  lower(context) {
    const { alpha, beta, transA: transposeA, transB: transposeB } = context.attributes
    const [a, b, output] = [context.input(0), context.input(1), context.output(0)]
    if (a.dtype !== 'float32') return null
    const [m, n] = output.shape as [number, number]
    const k = a.shape[transposeA ? 0 : 1]!
    if (k === 0) return null
    const calls: KernelCall[] = []
    const hasBias = context.has(2) && beta !== 0
    const bias = hasBias
      ? { operand: scaledBias(context, calls), along: biasAlong(context.input(2).shape, m, n) }
      : null
    const call = { kernel: 'gemm', a, b, output, m, n, k, transposeA, transposeB, alpha, batches: [{ a: 0, b: 0 }] }
    return [...calls, { ...(call as GemmCall), ...(bias && { bias }) }]
  },
  tolerance: FLOAT32,
})
