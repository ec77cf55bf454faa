/**
 * Operators that are other operators, one after the other: declared by the nodes that they stand for, in opset 25. They
 * need no shape rule, reference or kernel of their own, and the planner folds and fuses their parts.
 */
import { attribute, type Attribute, type LazyTensor, type Node } from '../graph/model'

/** A node that is to be taken apart, and what its parts are built with. Values are names. */
export interface Composer {
  readonly node: Node
  /** The name of an input; '' where it is omitted. */
  input(index: number): string
  /** The tensor of an input that the model stores. */
  constant(index: number): LazyTensor | undefined
  int(name: string, fallback: number): number
  float(name: string, fallback: number): number
  /** Adds a part. @returns its first output */
  add(opType: string, inputs: readonly string[], attributes?: readonly (Attribute | undefined)[]): string
  /** Adds a part with several outputs. */
  addMany(opType: string, inputs: readonly string[], count: number): string[]
  /** A float32 scalar. */
  number(value: number): string
  /** A list of int64. */
  integers(...values: number[]): string
  /** Throws an `UnsupportedError` that names node and operator. */
  refuse(what: string): never
}

export interface ComposedOperator {
  readonly name: string
  /** '' for ai.onnx. */
  readonly domain: string
  /** Fewest and most inputs; Infinity for variadic ones. */
  readonly inputs: readonly [number, number]
  /** @returns the values that its outputs are */
  compose(composer: Composer): readonly string[]
}

export const defineComposed = (operator: ComposedOperator): ComposedOperator => operator

/** Zero point and scale of integers: DequantizeLinear takes the zero point last. */
export interface Triple {
  readonly values: string
  readonly scale: string
  readonly zeroPoint: string
}

/** Values, scale and zero point, as integer operators list them from `from` on. */
export const tripleAt = (c: Composer, from: number): Triple => ({
  values: c.input(from),
  scale: c.input(from + 1),
  zeroPoint: c.input(from + 2),
})

const optional = (name: string): string[] => (name === '' ? [] : [name])

export const dequantized = (c: Composer, { values, scale, zeroPoint }: Triple): string =>
  c.add('DequantizeLinear', [values, scale, ...optional(zeroPoint)])

/** To the scale and zero point at two inputs. */
export const quantized = (c: Composer, values: string, from: number): string =>
  c.add('QuantizeLinear', [values, c.input(from), ...optional(c.input(from + 1))])

/**
 * Sums of products as float32. Adding a bias afterwards rounds the exact sum once, as adding integers and rounding then does:
 * both are whole numbers that float32 holds, unless they reach 2^24.
 */
export const toFloat = (c: Composer, integers: string): string => c.add('Cast', [integers], [attribute.int('to', 1)])

/** saturate(round(values · factor) + zero point): how sums of products become integers again. */
export function requantized(c: Composer, sums: string, factor: string, zeroPoint: string): string {
  const scaled = c.add('Mul', [sums, factor])
  return c.add('QuantizeLinear', [scaled, c.number(1), ...optional(zeroPoint)])
}

/** a · b in integers, times both scales, plus a bias where there is one, in float32. */
export function integerProduct(c: Composer, [a, b]: readonly [Triple, Triple], bias: string): string {
  const sums = c.add('MatMulInteger', [a.values, b.values, a.zeroPoint, b.zeroPoint])
  const product = c.add('Mul', [toFloat(c, sums), c.add('Mul', [a.scale, b.scale])])
  return bias === '' ? product : c.add('Add', [product, bias])
}
