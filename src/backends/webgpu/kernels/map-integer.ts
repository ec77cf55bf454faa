/** Formulas of integers, element by element. */
import { deviceLayout, type DeviceLayout } from '../../../core/device-layout'
import { bitsOf, elementCount } from '../../../core/dtypes'
import { isFloat } from '../../../core/host-array'
import type { IntegerBinaryName, IntegerExpression, IntegerMapCall, IntegerUnaryName } from '../../kernel-calls'
import type { Dispatch, Kernel } from '../dispatch'
import { broadcastOf, broadcastSizes, indexOf, type Access } from './broadcast'
import { fitsBindings, storageOf } from './map'

export const integerMap: Kernel<IntegerMapCall> = {
  supports(call, facts) {
    const layout = deviceLayout(call.dtype)
    const areIntegers = [...call.inputs, call.output].every(({ dtype }) => !isFloat(dtype))
    return (
      layout !== undefined && areIntegers && fitsBindings(call, facts, 2) && holdsConstants(call.expression, layout)
    )
  },
  encode: (call) => [encode(call)],
}

function encode({ dtype, expression, inputs: given, output }: IntegerMapCall): Dispatch {
  const inputs = [...new Set(given)]
  const layout = deviceLayout(dtype) as DeviceLayout
  const broadcast = broadcastOf(inputs, output)
  const { sizes, constants } = broadcastSizes(broadcast)
  const argumentsOf = given.map((operand) => {
    const k = inputs.indexOf(operand)
    const value = `x${k}_at(${indexOf(broadcast.accesses[k] as Access)})`
    const from = deviceLayout(operand.dtype) as DeviceLayout
    const isLarge = from.scalar === 'u32' && from.bits === 32 && !from.isBoolean && layout.scalar === 'i32'
    return isLarge ? `exponent_of(${value})` : `integer(${value})`
  })
  const result = `formula(${argumentsOf.join(', ')})`
  const isBool = output.dtype === 'bool'
  const isChecked = layout.isNarrowed === true || canFail(expression)
  return {
    shader: isChecked ? 'map-integer-checked' : 'map-integer',
    storage: storageOf(inputs, output),
    sizes,
    constants: {
      ...constants,
      WIDTH: Math.min(32, bitsOf(dtype) as number),
      SIGNED: layout.scalar === 'i32',
      ...(isChecked && { NARROWED: layout.isNarrowed === true }),
    },
    slots: {
      type: `alias integer = ${layout.scalar};`,
      formula: formulaLines(expression, given.length),
      result: `  return ${isBool ? `select(0u, 1u, ${result} != integer(0))` : `y_element(${result})`};`,
    },
    grid: { invocations: elementCount(output.shape) },
  }
}

const FAILING = new Set<IntegerBinaryName>(['div', 'remainder', 'mod', 'pow'])

function someOf(one: IntegerExpression, test: (one: IntegerExpression) => boolean): boolean {
  if (test(one)) return true
  if ('unary' in one) return someOf(one.of, test)
  if ('binary' in one) return someOf(one.left, test) || someOf(one.right, test)
  return 'select' in one && [one.select, one.then, one.otherwise].some((part) => someOf(part, test))
}

const canFail = (expression: IntegerExpression): boolean =>
  someOf(expression, (one) => 'binary' in one && FAILING.has(one.binary))

function holdsConstants(expression: IntegerExpression, { scalar }: DeviceLayout): boolean {
  const [low, high] = scalar === 'i32' ? [-(2 ** 31), 2 ** 31 - 1] : [0, 2 ** 32 - 1]
  return !someOf(
    expression,
    (one) => 'constant' in one && !(Number.isInteger(one.constant) && one.constant >= low && one.constant <= high),
  )
}

const UNARY: Record<IntegerUnaryName, (x: string) => string> = {
  neg: (x) => `integer_sub(integer(0), ${x})`,
  abs: (x) => `integer_abs(${x})`,
  sign: (x) => `integer_sign(${x})`,
  not: (x) => `integer_of(${x} == integer(0))`,
  bitNot: (x) => `wrap(~${x})`,
}

const BINARY: Record<IntegerBinaryName, (a: string, b: string) => string> = {
  add: (a, b) => `integer_add(${a}, ${b})`,
  sub: (a, b) => `integer_sub(${a}, ${b})`,
  mul: (a, b) => `integer_mul(${a}, ${b})`,
  div: (a, b) => `integer_div(${a}, ${b})`,
  remainder: (a, b) => `integer_remainder(${a}, ${b})`,
  mod: (a, b) => `integer_mod(${a}, ${b})`,
  pow: (a, b) => `integer_pow(${a}, ${b})`,
  min: (a, b) => `min(${a}, ${b})`,
  max: (a, b) => `max(${a}, ${b})`,
  less: (a, b) => `integer_of(${a} < ${b})`,
  lessOrEqual: (a, b) => `integer_of(${a} <= ${b})`,
  equal: (a, b) => `integer_of(${a} == ${b})`,
  bitAnd: (a, b) => `${a} & ${b}`,
  bitOr: (a, b) => `${a} | ${b}`,
  bitXor: (a, b) => `${a} ^ ${b}`,
  shiftLeft: (a, b) => `integer_shift_left(${a}, ${b})`,
  shiftRight: (a, b) => `integer_shift_right(${a}, ${b})`,
}

/** `fn formula(x0: integer, …) -> integer`; numbers stand in the code, they are few. */
function formulaLines(expression: IntegerExpression, inputCount: number): string {
  const lines: string[] = []
  const known = new Map<IntegerExpression, string>()
  const visit = (one: IntegerExpression): string => {
    const name = known.get(one) ?? write(one)
    known.set(one, name)
    return name
  }
  const write = (one: IntegerExpression): string => {
    if ('input' in one) return `x${one.input}`
    // -2147483648 is no literal of WGSL
    if ('constant' in one) return `integer(bitcast<i32>(${one.constant >>> 0}u))`
    const value = operation(one)
    const name = `t${lines.length}`
    lines.push(`  let ${name} = ${value};`)
    return name
  }
  const operation = (one: Exclude<IntegerExpression, { input: unknown } | { constant: unknown }>): string => {
    if ('unary' in one) return UNARY[one.unary](visit(one.of))
    if ('binary' in one) return BINARY[one.binary](visit(one.left), visit(one.right))
    const [condition, then, otherwise] = [visit(one.select), visit(one.then), visit(one.otherwise)]
    return `select(${otherwise}, ${then}, ${condition} != integer(0))`
  }
  const result = visit(expression)
  const parameters = Array.from({ length: inputCount }, (_, i) => `x${i}: integer`)
  return [`fn formula(${parameters.join(', ')}) -> integer {`, ...lines, `  return ${result};`, '}'].join('\n')
}
