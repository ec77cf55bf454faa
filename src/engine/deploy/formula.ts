/** Element-wise formulas as JavaScript. */
import type { Formula, IntegerMapCall, MapCall, Operand } from '../../backends/kernel-calls'
import { bitsOf, elementCount, type KnownDType } from '../../core/dtypes'
import { isFloat } from '../../core/host-array'
import { broadcastStrides, stridesOf } from '../../ops/shapes'
import { numberText, t, type At, type Text } from './text'

type AnyFormula = Formula<string, string>
type Write = (...given: string[]) => string

const UNARY: Readonly<Record<string, Write>> = {
  abs: (x) => `Math.abs(${x})`,
  neg: (x) => `-${x}`,
  exp: (x) => `Math.exp(${x})`,
  log: (x) => `Math.log(${x})`,
  sqrt: (x) => `Math.sqrt(${x})`,
  reciprocal: (x) => `1 / ${x}`,
  floor: (x) => `Math.floor(${x})`,
  ceil: (x) => `Math.ceil(${x})`,
  round: (x) => `round(${x})`,
  sign: (x) => `Math.sign(${x})`,
  sin: (x) => `Math.sin(${x})`,
  cos: (x) => `Math.cos(${x})`,
  tanh: (x) => `Math.tanh(${x})`,
  sigmoid: (x) => `1 / (1 + Math.exp(-${x}))`,
  erf: (x) => `erf(${x})`,
  softplus: (x) => `Math.max(${x}, 0) + Math.log1p(Math.exp(-Math.abs(${x})))`,
  not: (x) => `+(${x} === 0)`,
  isNaN: (x) => `+Number.isNaN(${x})`,
}

const COMPARED_UNARY: Readonly<Record<string, Write>> = { not: UNARY['not'] as Write }

const BINARY: Readonly<Record<string, Write>> = {
  add: (a, b) => `${a} + ${b}`,
  sub: (a, b) => `${a} - ${b}`,
  mul: (a, b) => `${a} * ${b}`,
  div: (a, b) => `${a} / ${b}`,
  quotient: (a, b) => `Math.fround(${a} / ${b})`,
  pow: (a, b) => `${a} ** ${b}`,
  min: (a, b) => `Math.min(${a}, ${b})`,
  max: (a, b) => `Math.max(${a}, ${b})`,
  less: (a, b) => `+(${a} < ${b})`,
  lessOrEqual: (a, b) => `+(${a} <= ${b})`,
  equal: (a, b) => `+(${a} === ${b})`,
}

/** Of any integers. */
const { min, max, less, lessOrEqual, equal } = BINARY as Record<string, Write>
const COMPARED: Readonly<Record<string, Write>> = { min, max, less, lessOrEqual, equal } as Record<string, Write>

/** Of integers whose results are taken to stay in their type. */
const INTEGERS: Readonly<Record<string, Write>> = {
  ...COMPARED,
  ...{ add: BINARY['add'] as Write, sub: BINARY['sub'] as Write, mul: BINARY['mul'] as Write },
  div: (a, b) => `Math.trunc(${a} / ${b})`,
  remainder: (a, b) => `${a} % ${b}`,
  mod: (a, b) => `((${a} % ${b}) + ${b}) % ${b}`,
}

/** Integers of less than 32 bits leave their type in ordinary graphs, and then their high bits would have to fall away. */
export const canWrap = (dtype: KnownDType): boolean => !isFloat(dtype) && dtype !== 'bool' && (bitsOf(dtype) ?? 0) < 32

/** Whether a formula has only what can be written. */
export function canWrite(call: MapCall | IntegerMapCall): boolean {
  const binary = binaryOf(call)
  const unary = binary === COMPARED ? COMPARED_UNARY : UNARY
  const isKnown = (one: AnyFormula): boolean => {
    if ('input' in one || 'constant' in one) return true
    if ('unary' in one) return Object.hasOwn(unary, one.unary) && isKnown(one.of)
    if ('binary' in one) return Object.hasOwn(binary, one.binary) && isKnown(one.left) && isKnown(one.right)
    return isKnown(one.select) && isKnown(one.then) && isKnown(one.otherwise)
  }
  return isKnown(call.expression)
}

function binaryOf(call: MapCall | IntegerMapCall): Readonly<Record<string, Write>> {
  if (call.kernel === 'map') return BINARY
  return canWrap(call.dtype) ? COMPARED : INTEGERS
}

/** A loop over the elements of the output. @param read where an operand stands */
export function writeMap(call: MapCall | IntegerMapCall, read: (operand: Operand) => At): Text {
  const { output } = call
  const elements = call.inputs.map((operand) => element(operand, output.shape, read(operand)))
  const { steps, result } = new Writer(binaryOf(call)).write(call.expression)
  const at = read(output)
  const value = output.dtype === 'bool' ? `+(${result} !== 0)` : result
  const names = elements.flatMap((one, i): Text => ['const ', `x${i}`, ' = ', ...one, '; '])
  const temporaries = steps.map((step) => `const ${step}; `).join('')
  return t`for (let i = 0; i < ${elementCount(output.shape)}; i++) { ${names}${temporaries}memory[${at} + i] = ${value} }`
}

/** The element of an operand that goes with element i of a result of this shape. */
function element(operand: Operand, shape: readonly number[], at: At): Text {
  if (elementCount(operand.shape) === 1) return t`memory[${at}]`
  const terms: Text[] = []
  const [own, target] = [broadcastStrides(operand.shape, shape), stridesOf(shape)]
  let isWhole = true
  for (let axis = 0; axis < shape.length; axis++) {
    const [size, stride, step] = [shape[axis] as number, target[axis] as number, own[axis] as number]
    if (size === 1) continue
    if (step !== stride) isWhole = false
    if (step !== 0) terms.push(place(axis, { size, stride, step }))
  }
  if (isWhole) return t`memory[${at} + i]`
  const sum = terms.flatMap((term): Text => [' + ', ...term])
  return t`memory[${at}${sum}]`
}

function place(axis: number, { size, stride, step }: { size: number; stride: number; step: number }): Text {
  const position = stride === 1 ? t`i` : t`Math.floor(i / (${stride}))`
  // an index along the first axis never passes its end
  const inside = axis === 0 ? position : t`(${position} % (${size}))`
  return step === 1 ? inside : t`${inside} * (${step})`
}

/** Values that are used more than once get a name. */
class Writer {
  readonly steps: string[] = []
  readonly #binary: Readonly<Record<string, Write>>
  readonly #uses = new Map<AnyFormula, number>()
  readonly #names = new Map<AnyFormula, string>()

  constructor(binary: Readonly<Record<string, Write>>) {
    this.#binary = binary
  }

  write(expression: AnyFormula): { steps: readonly string[]; result: string } {
    this.#count(expression)
    return { result: this.#text(expression), steps: this.steps }
  }

  #count(one: AnyFormula): void {
    const uses = (this.#uses.get(one) ?? 0) + 1
    this.#uses.set(one, uses)
    if (uses > 1 || 'input' in one || 'constant' in one) return
    for (const part of partsOf(one)) this.#count(part)
  }

  #text(one: AnyFormula): string {
    if ('input' in one) return `x${one.input}`
    if ('constant' in one) return numberText(Math.fround(one.constant))
    const known = this.#names.get(one)
    if (known) return known
    const text = this.#operation(one)
    if (this.#uses.get(one) === 1) return text
    const name = `t${this.steps.length}`
    this.steps.push(`${name} = ${text}`)
    this.#names.set(one, name)
    return name
  }

  #operation(one: AnyFormula): string {
    const [a = '', b = '', c = ''] = partsOf(one).map((part) => inParentheses(this.#text(part)))
    if ('unary' in one) return (UNARY[one.unary] as Write)(a)
    if ('binary' in one) return (this.#binary[one.binary] as Write)(a, b)
    return `${a} ? ${b} : ${c}`
  }
}

function partsOf(one: AnyFormula): readonly AnyFormula[] {
  if ('unary' in one) return [one.of]
  if ('binary' in one) return [one.left, one.right]
  return 'select' in one ? [one.select, one.then, one.otherwise] : []
}

/** Names, numbers above zero and calls stand for themselves. */
const inParentheses = (text: string): string => (/^(\w[\w.]*|[\w.]+\([^()]*\))$/.test(text) ? text : `(${text})`)
