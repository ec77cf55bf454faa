/** Integer formulas, exactly, in bigints. Not part of the product. */
import type { IntegerExpression, IntegerMapCall } from '../backends/kernel-calls'
import { bitsOf } from '../core/dtypes'
import { BY_ZERO, ZERO_POWER } from '../core/integer-rules'
import { setValue, type HostArray } from '../core/host-array'
import { powered } from '../ops/integer-arithmetic'
import { broadcastStrides, forEachIndex } from '../ops/shapes'

/** Its message is the rule alone. */
export class BrokenRule extends Error {}

type Named<K extends string> = Extract<IntegerExpression, Record<K, unknown>>

const UNARY = {
  neg: (x) => -x,
  abs: (x) => (x < 0n ? -x : x),
  sign: (x) => (x > 0n ? 1n : x < 0n ? -1n : 0n),
  not: (x) => BigInt(x === 0n),
  bitNot: (x) => ~x,
} satisfies Record<Named<'unary'>['unary'], (x: bigint) => bigint>

const BINARY = {
  add: (a, b) => a + b,
  sub: (a, b) => a - b,
  mul: (a, b) => a * b,
  div: (a, b) => a / divisor(b),
  remainder: (a, b) => a % divisor(b),
  mod: (a, b) => {
    const rest = a % divisor(b)
    return rest !== 0n && rest < 0n !== b < 0n ? rest + b : rest
  },
  pow: (a, b) => {
    const result = powered(a, b)
    if (result === undefined) throw new BrokenRule(ZERO_POWER)
    return result
  },
  min: (a, b) => (a < b ? a : b),
  max: (a, b) => (a > b ? a : b),
  less: (a, b) => BigInt(a < b),
  lessOrEqual: (a, b) => BigInt(a <= b),
  equal: (a, b) => BigInt(a === b),
  bitAnd: (a, b) => a & b,
  bitOr: (a, b) => a | b,
  bitXor: (a, b) => a ^ b,
  shiftLeft: (a, b) => (b > 63n ? 0n : a << b),
  shiftRight: (a, b) => (b > 63n ? 0n : a >> b),
} satisfies Record<Named<'binary'>['binary'], (a: bigint, b: bigint) => bigint>

function divisor(b: bigint): bigint {
  if (b === 0n) throw new BrokenRule(BY_ZERO)
  return b
}

export function integerMap(call: IntegerMapCall, inputs: readonly HostArray[], output: HostArray): void {
  const bits = bitsOf(call.dtype) as number
  const wrap = (x: bigint) => (call.dtype.startsWith('uint') ? BigInt.asUintN(bits, x) : BigInt.asIntN(bits, x))
  const strides = inputs.map(({ shape }) => broadcastStrides(shape, output.shape))
  const visit = (one: IntegerExpression, elements: readonly bigint[]): bigint => {
    if ('input' in one) return elements[one.input] as bigint
    if ('constant' in one) return BigInt(one.constant)
    if ('unary' in one) return wrap(UNARY[one.unary](visit(one.of, elements)))
    if ('binary' in one) return wrap(BINARY[one.binary](visit(one.left, elements), visit(one.right, elements)))
    return visit(visit(one.select, elements) !== 0n ? one.then : one.otherwise, elements)
  }
  forEachIndex(output.shape, strides, (position, offsets) => {
    const elements = inputs.map(({ values }, k) => BigInt(values[offsets[k] as number] as number | bigint))
    const y = visit(call.expression, elements)
    setValue(output, position, output.dtype === 'bool' ? Number(y !== 0n) : y)
  })
}
