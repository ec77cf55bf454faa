/** Formulas as lines of WGSL: what fused chains of element-wise operators and activations put into the slots of shaders. */
import type { Activation, BinaryName, Expression, UnaryName } from '../kernel-calls'
import type { Size } from './dispatch'

/** What a formula adds to a dispatch. Numbers stand in `sizes`, so that formulas of one form share a pipeline. */
export interface Slot {
  readonly slots: Readonly<Record<string, string>>
  readonly sizes: Readonly<Record<string, Size>>
}

interface ActivationLines {
  /** The value of `activate(x)`. */
  readonly value: string
  readonly sizes?: Readonly<Record<string, Size>>
}

/**
 * The slot `activation`: `fn activate(x: f32) -> f32`, and `activate4` for vectors. The shader includes `math`. Without an
 * activation both give x. NaN stays NaN.
 */
export function activationSlot(activation?: Activation): Slot {
  const { value, sizes = {} } = activationLines(activation)
  const lines = [
    `fn activate(x: f32) -> f32 { return ${value}; }`,
    'fn activate4(x: vec4<f32>) -> vec4<f32> {',
    activation ? '  return vec4<f32>(activate(x.x), activate(x.y), activate(x.z), activate(x.w));' : '  return x;',
    '}',
  ]
  return { slots: { activation: lines.join('\n') }, sizes }
}

function activationLines(activation: Activation | undefined): ActivationLines {
  switch (activation?.type) {
    case undefined:
      return { value: 'x' }
    case 'relu':
      return { value: 'select(x, 0.0, x < 0.0)' }
    case 'sigmoid':
      return { value: 'math_sigmoid(x)' }
    case 'tanh':
      return { value: 'math_tanh(x)' }
    case 'silu':
      return { value: 'x * math_sigmoid(x)' }
    case 'hardSwish':
      return { value: 'x * math_clamp(x / 6.0 + 0.5, 0.0, 1.0)' }
    case 'clip': {
      const { low, high } = activation
      return {
        value: 'math_clamp(x, sizes.activation_low, sizes.activation_high)',
        sizes: { activation_low: { f32: low }, activation_high: { f32: high } },
      }
    }
    case 'leakyRelu':
      return {
        value: 'select(x, sizes.activation_alpha * x, x < 0.0)',
        sizes: { activation_alpha: { f32: activation.alpha } },
      }
    case 'hardSigmoid': {
      const { alpha, beta } = activation
      return {
        value: 'math_clamp(sizes.activation_alpha * x + sizes.activation_beta, 0.0, 1.0)',
        sizes: { activation_alpha: { f32: alpha }, activation_beta: { f32: beta } },
      }
    }
  }
}

const UNARY: Record<UnaryName, (x: string) => string> = {
  abs: (x) => `abs(${x})`,
  neg: (x) => `-${x}`,
  exp: (x) => `math_exp(${x})`,
  log: (x) => `math_log(${x})`,
  sqrt: (x) => `sqrt(${x})`,
  reciprocal: (x) => `1.0 / ${x}`,
  floor: (x) => `floor(${x})`,
  ceil: (x) => `ceil(${x})`,
  // to even: WGSL, "round"
  round: (x) => `round(${x})`,
  sign: (x) => `math_sign(${x})`,
  sin: (x) => `math_sin(${x})`,
  cos: (x) => `math_cos(${x})`,
  tanh: (x) => `math_tanh(${x})`,
  sigmoid: (x) => `math_sigmoid(${x})`,
  erf: (x) => `math_erf(${x})`,
  softplus: (x) => `math_softplus(${x})`,
  not: (x) => `select(0.0, 1.0, ${x} == 0.0)`,
  isNaN: (x) => `select(0.0, 1.0, math_is_nan(${x}))`,
}

const BINARY: Record<BinaryName, (a: string, b: string) => string> = {
  add: (a, b) => `${a} + ${b}`,
  sub: (a, b) => `${a} - ${b}`,
  mul: (a, b) => `${a} * ${b}`,
  div: (a, b) => `${a} / ${b}`,
  quotient: (a, b) => `exact_quotient(${a}, ${b})`,
  pow: (a, b) => `math_pow(${a}, ${b})`,
  min: (a, b) => `math_min(${a}, ${b})`,
  max: (a, b) => `math_max(${a}, ${b})`,
  less: (a, b) => `select(0.0, 1.0, ${a} < ${b})`,
  lessOrEqual: (a, b) => `select(0.0, 1.0, ${a} <= ${b})`,
  equal: (a, b) => `select(0.0, 1.0, ${a} == ${b})`,
}

/** Numbers that the uniform holds; more of them are written into the code. */
const MOST_NUMBERS = 12

/**
 * The slot `formula`: `fn formula(x0: f32, …) -> f32`, one line per operation, those that are one object once. Numbers
 * are members n0, n1, … of `sizes`. The shader includes `math`.
 */
export function formulaSlot(expression: Expression, inputCount: number): Slot {
  const numbers: number[] = []
  const lines: string[] = []
  const known = new Map<Expression, string>()
  const number = (value: number): string => {
    const at = numbers.findIndex((one) => Object.is(one, value))
    if (at >= 0) return `sizes.n${at}`
    const isFinite = Number.isFinite(Math.fround(value))
    return numbers.length < MOST_NUMBERS || !isFinite ? `sizes.n${numbers.push(value) - 1}` : `(${Math.fround(value)}f)`
  }
  const visit = (one: Expression): string => {
    const name = known.get(one) ?? write(one)
    known.set(one, name)
    return name
  }
  const write = (one: Expression): string => {
    if ('input' in one) return `x${one.input}`
    if ('constant' in one) return number(one.constant)
    const value = operation(one, visit)
    const name = `t${lines.length}`
    lines.push(`  let ${name} = ${value};`)
    return name
  }
  const result = visit(expression)
  const parameters = Array.from({ length: inputCount }, (_, i) => `x${i}: f32`)
  const text = [`fn formula(${parameters.join(', ')}) -> f32 {`, ...lines, `  return ${result};`, '}']
  const sizes = Object.fromEntries(numbers.map((value, i) => [`n${i}`, { f32: value }]))
  return { slots: { formula: text.join('\n') }, sizes }
}

function operation(
  one: Exclude<Expression, { input: unknown } | { constant: unknown }>,
  visit: (of: Expression) => string,
): string {
  if ('unary' in one) return UNARY[one.unary](visit(one.of))
  if ('select' in one) {
    // not "!= 0": NaN is true, and a shader may take it for unordered
    const [condition, then, otherwise] = [visit(one.select), visit(one.then), visit(one.otherwise)]
    return `select(${then}, ${otherwise}, ${condition} == 0.0)`
  }
  const { binary, left, right } = one
  // exact, and many times faster than a power
  if (binary === 'pow' && 'constant' in right && right.constant === 2) return BINARY.mul(visit(left), visit(left))
  return BINARY[binary](visit(left), visit(right))
}
