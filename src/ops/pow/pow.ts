import type { KernelCall, Operand } from '../../backends/kernel-calls'
import type { KnownDType } from '../../core/dtypes'
import { hostArray, isFloat, numbersOf } from '../../core/host-array'
import { requireKind } from '../dtype-kinds'
import { binary, broadcastShape, formulaFor, mapElements, mapOf } from '../elementwise'
import { powered } from '../integer-arithmetic'
import { sumTo, type GradientContext, type ValueName } from '../gradient'
import type { Formula } from '../formula'
import { defineOperator, FLOAT32, differentiable, type LowerContext } from '../op'
import { broadcastInputs } from '../shapes'

type Element = number | bigint

/** xʸ in doubles, where 1 to any power is 1, as in C and NumPy (Math.pow has NaN for 1 to NaN). */
function power(x: Element, y: Element): number {
  const base = Number(x)
  const exponent = Number(y)
  if (base === 1 || (base === -1 && Math.abs(exponent) === Infinity)) return 1
  return base ** exponent
}

/** Floats that are known and count: the integers that they are. */
function wholePowers(context: LowerContext<Record<never, never>>, dtype: KnownDType): Operand | null {
  const known = context.constant(1)
  const powers = known && numbersOf(known)
  if (!powers?.every((value) => Number.isSafeInteger(value) && value >= 0)) return null
  return context.store(hostArray(dtype, known!.shape, [...powers]))
}

const oneOf = (call: KernelCall | null): readonly KernelCall[] | null => call && [call]

type Context = GradientContext<Record<never, never>>

/** y · x^(y − 1), which is 0 for y = 0, whatever x is. */
function baseSlope(context: Context, f: Formula, power: ValueName): ValueName {
  const x = context.input(0)
  const known = context.write.known(context.input(1))
  const value = known?.values.length === 1 ? Number(known.values[0]) : undefined
  if (value === 2) return f.mul(2, x)
  if (value !== undefined && value !== 0) return f.mul(value, f.of('Pow', x, value - 1))
  const isZero = f.equal(power, 0)
  return f.where(isZero, 0, f.mul(power, f.of('Pow', x, f.sub(power, 1))))
}

/** dz · z · ln x, which is 0 for x = 0. */
function exponentPart(context: Context, f: Formula, dy: ValueName): ValueName {
  const [x, exponent] = [context.input(0), context.input(1)]
  const isZero = f.equal(x, 0)
  const logarithm = f.of('Log', f.where(isZero, 1, x))
  const part = f.mul(dy, f.mul(context.output(0), logarithm))
  return context.write.type(exponent).dtype === f.dtype ? part : context.write.add('CastLike', [part, exponent])
}

/**
 * z = xʸ, broadcast, of the type of x. Integers to integer powers are exact and wrap, negative powers are cut towards zero;
 * integers to powers that are floats go through doubles.
 */
export const pow = defineOperator({
  name: 'Pow',
  domain: '',
  attributes: {},
  inputs: [2, 2],
  infer(context) {
    requireKind(context, 0, 'signed')
    requireKind(context, 1, 'number')
    return [{ dtype: context.dtype(0), shape: broadcastInputs(context, [0, 1]) }]
  },
  reference(context, x, y) {
    const result = context.empty(x!.dtype, broadcastShape(x!.shape, y!.shape))
    const compute = (a: Element, b: Element): Element => {
      if (isFloat(x!.dtype)) return power(a, b)
      if (isFloat(y!.dtype)) return Math.trunc(power(a, b))
      const exact = powered(BigInt(a), BigInt(b)) ?? context.fail('an integer 0 has no negative power')
      return typeof a === 'bigint' ? exact : Number(BigInt.asIntN(32, exact))
    }
    mapElements(context, [x!, y!], result, compute, compute)
    return [result]
  },
  gradient: differentiable((context) => {
    const [x, exponent, dy] = [context.input(0), context.input(1), context.gradient(0)!]
    const f = formulaFor(context, x)
    const power =
      context.write.type(exponent).dtype === f.dtype ? exponent : context.write.add('CastLike', [exponent, x])
    return [
      context.needs(0) ? sumTo(context, f.mul(dy, baseSlope(context, f, power)), x) : undefined,
      context.needs(1) ? sumTo(context, exponentPart(context, f, dy), exponent) : undefined,
    ]
  }),
  lower(context) {
    const [x, exponent, output] = [context.input(0), context.input(1), context.output(0)]
    const base = { input: 0 }
    const power = { binary: 'pow', left: base, right: { input: 1 } } as const
    if (!isFloat(x.dtype)) {
      const powers = isFloat(exponent.dtype) ? wholePowers(context, x.dtype) : exponent
      return powers && [{ kernel: 'integerMap', dtype: x.dtype, expression: power, inputs: [x, powers], output }]
    }
    // powers that models write as such, without logarithms
    const known = context.constant(1)
    const value = known?.values.length === 1 ? Number(known.values[0]) : undefined
    const square = binary('mul', base, base)
    if (value === 2) return oneOf(mapOf([x], output, square))
    if (value === 3) return oneOf(mapOf([x], output, binary('mul', square, base)))
    if (isFloat(exponent.dtype)) return oneOf(mapOf([x, exponent], output, power))
    const seen = context.scratch('float32', exponent.shape)
    const call = mapOf([x, seen], output, power)
    return call && [{ kernel: 'cast', input: exponent, output: seen }, call]
  },
  tolerance: FLOAT32,
})
