import { isFloat } from '../../core/host-array'
import { requireKind } from '../dtype-kinds'
import { binary, broadcastShape, mapCall, mapElements } from '../elementwise'
import { powered } from '../integer-arithmetic'
import { defineOperator, FLOAT32, notYetDifferentiable } from '../op'
import { broadcastInputs } from '../shapes'

type Element = number | bigint

/** xʸ in doubles, where 1 to any power is 1, as in C and NumPy (Math.pow has NaN for 1 to NaN). */
function power(x: Element, y: Element): number {
  const base = Number(x)
  const exponent = Number(y)
  if (base === 1 || (base === -1 && Math.abs(exponent) === Infinity)) return 1
  return base ** exponent
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
  gradient: notYetDifferentiable,
  lower(context) {
    const x = { input: 0 }
    const square = binary('mul', x, x)
    // powers that models write as such, without logarithms
    const exponent = context.constant(1)
    const value = exponent?.values.length === 1 ? Number(exponent.values[0]) : undefined
    if (value === 2) return mapCall(context, square)
    return mapCall(context, value === 3 ? binary('mul', square, x) : binary('pow', x, { input: 1 }))
  },
  tolerance: FLOAT32,
})
