/**
 * Sums of products of 8-bit integers, exactly, through the float32 kernels of products and convolutions: whole numbers
 * below 2^24 are exact in float32. Where sums may be larger, one side is cut into digits whose sums are not.
 */
import type { IntegerExpression, KernelCall, Operand } from '../backends/kernel-calls'
import { elementCount } from '../core/dtypes'
import { numbersOf, type HostArray } from '../core/host-array'
import type { AttributeSchema } from './attributes'
import { binary, constant, unary } from './elementwise'
import type { InferContext, LowerContext } from './op'
import { around } from './shapes'
import { roundHalfEven } from '../core/tensor'

const LARGEST_EXACT = 2 ** 24

/** Where an input and its zero points stand among the inputs, and the axis that has a zero point per index. */
export interface Side {
  readonly input: number
  readonly zeroPoint: number
  /** Of the input, not negative. */
  readonly axis: number
}

/** Numbers less their zero points, in double precision. */
export function centeredValues(
  x: HostArray,
  zeroPoint: HostArray | undefined,
  axis: number,
): Float64Array<ArrayBuffer> {
  const values = Float64Array.from(numbersOf(x))
  if (!zeroPoint) return values
  const zeros = numbersOf(zeroPoint)
  if (zeros.length === 1) return values.map((value) => value - (zeros[0] as number))
  const { size, inner } = around(x.shape, axis)
  return values.map((value, i) => value - (zeros[Math.floor(i / inner) % size] as number))
}

/** Refuses what is not of 8 bits, and zero points of another type or number. */
export function checkSide<S extends AttributeSchema>(
  context: InferContext<S>,
  { input, zeroPoint, axis }: Side,
  name: string,
): void {
  const dtype = context.dtype(input)
  if (dtype !== 'int8' && dtype !== 'uint8') context.refuse(`${dtype} inputs`)
  if (!context.has(zeroPoint)) return
  if (context.dtype(zeroPoint) !== dtype)
    context.fail(`the zero point of ${name} must be ${dtype} as ${name} is, not ${context.dtype(zeroPoint)}`)
  const [shape, zeros] = [context.shape(input), context.shape(zeroPoint)]
  if (!shape || !zeros) return
  const [count] = zeros
  const fits = count === shape[axis] || count === 1 || typeof count !== 'number' || typeof shape[axis] !== 'number'
  if (zeros.length > 1 || (zeros.length === 1 && !fits))
    context.fail(`${name} needs one zero point, or one for each index of its axis ${axis}`)
}

/** An input less its zero points as float32, and how large it can be. */
interface Centered {
  readonly operand: Operand
  readonly largest: number
  /** Its values, where they are known. */
  readonly values: Float64Array | undefined
}

/** Lowers one operator. `multiply` gives the call of a product of two float32 operands. */
export class ExactSums<S extends AttributeSchema> {
  readonly calls: KernelCall[] = []
  readonly #context: LowerContext<S>

  constructor(context: LowerContext<S>) {
    this.#context = context
  }

  center({ input, zeroPoint, axis }: Side): Centered {
    const context = this.#context
    const operand = context.input(input)
    const zero = context.has(zeroPoint) ? context.constant(zeroPoint) : undefined
    const known = context.constant(input)
    if (known && (zero || !context.has(zeroPoint))) {
      const values = centeredValues(known, zero, axis)
      const largest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
      const stored = { dtype: 'float32' as const, shape: known.shape, values: Float32Array.from(values) }
      return { operand: context.store(stored), largest, values }
    }
    return {
      operand: this.#centered(operand, zeroPoint, axis),
      largest: this.#largest(input, zeroPoint),
      values: undefined,
    }
  }

  #largest(input: number, zeroPoint: number): number {
    const context = this.#context
    const [low, high] = context.dtype(input) === 'int8' ? [-128, 127] : [0, 255]
    if (!context.has(zeroPoint)) return Math.max(-low, high)
    const zeros = context.constant(zeroPoint)
    if (!zeros) return high - low
    return Math.max(...[...numbersOf(zeros)].map((zero) => Math.max(zero - low, high - zero)))
  }

  #centered(operand: Operand, zeroPoint: number, axis: number): Operand {
    const context = this.#context
    const output = context.scratch('float32', operand.shape)
    if (!context.has(zeroPoint)) {
      this.calls.push({ kernel: 'cast', input: operand, output })
      return output
    }
    const zeros = context.input(zeroPoint)
    const isOne = elementCount(zeros.shape) === 1
    const { outer, size, inner } = around(operand.shape, isOne ? 0 : axis)
    const layout = isOne
      ? { outer: 1, channels: 1, inner: elementCount(operand.shape) }
      : { outer, channels: size, inner }
    const scale = context.store({
      dtype: 'float32',
      shape: zeros.shape,
      values: new Float32Array(layout.channels).fill(1),
    })
    this.calls.push({ kernel: 'dequantizeLinear', input: operand, scale, zeroPoint: zeros, output, ...layout })
    return output
  }

  /**
   * @param length numbers in each sum
   * @param multiply the product of a and (digits of) b
   * @returns false where even digits could leave what is exact
   */
  sum([a, b]: readonly [Centered, Centered], { length, output, multiply, largestSum }: SumOptions): boolean {
    const bound = (values: Float64Array | undefined, largest: number) =>
      a.largest * (values ? largestSum(values) : length * largest)
    for (const base of [0, 16, 8, 2]) {
      const digits = digitsOf(b, base)
      if (!digits.every(({ values, largest }) => bound(values, largest) < LARGEST_EXACT)) continue
      this.#add(
        digits.map((digit) => this.#product(this.#operandOf(b, digit), output, multiply)),
        base,
        output,
      )
      return true
    }
    return false
  }

  #product(digit: Operand, output: Operand, multiply: SumOptions['multiply']): Operand {
    const context = this.#context
    const product = context.scratch('float32', output.shape)
    this.calls.push(multiply(digit, product))
    return product
  }

  #operandOf(b: Centered, { values, weight, base }: Digit): Operand {
    if (base === 0) return b.operand
    const { shape } = b.operand
    if (values) return this.#context.store({ dtype: 'float32', shape, values: Float32Array.from(values) })
    const output = this.#context.scratch('float32', shape)
    // round(x / weight) less what the higher digits hold
    const rounded = (divisor: number) => unary('round', binary('mul', { input: 0 }, constant(1 / divisor)))
    const isHighest = weight * base > MOST
    const expression = isHighest
      ? rounded(weight)
      : binary('sub', rounded(weight), binary('mul', rounded(weight * base), constant(base)))
    this.calls.push({ kernel: 'map', expression, inputs: [b.operand], output })
    return output
  }

  /** Σ baseᵖ · productₚ in int32. */
  #add(products: readonly Operand[], base: number, output: Operand): void {
    const context = this.#context
    const integers = products.map((input, p) => {
      const made = products.length === 1 ? output : context.scratch('int32', output.shape)
      this.calls.push({ kernel: 'cast', input, output: made })
      return { operand: made, factor: base ** p }
    })
    if (integers.length === 1) return
    const term = (p: number): IntegerExpression =>
      p === 0
        ? { input: 0 }
        : { binary: 'mul', left: { input: p }, right: { constant: (integers[p] as { factor: number }).factor } }
    const expression = integers
      .map((_, p) => term(p))
      .reduce((left, right): IntegerExpression => ({ binary: 'add', left, right }))
    const inputs = integers.map(({ operand }) => operand)
    this.calls.push({ kernel: 'integerMap', dtype: 'int32', expression, inputs, output })
  }
}

export interface SumOptions {
  readonly length: number
  readonly output: Operand
  multiply(digit: Operand, output: Operand): KernelCall
  /** The largest sum of magnitudes that one output adds up, of values in the layout of b. */
  largestSum(values: Float64Array): number
}

/** x = Σ weightₚ · digitₚ. */
interface Digit {
  readonly base: number
  readonly weight: number
  readonly values: Float64Array | undefined
  readonly largest: number
}

/** The greatest magnitude of an 8-bit integer less a zero point. */
const MOST = 255

/** Balanced digits, the lowest first; base 0: the number itself. */
function digitsOf({ values, largest }: Centered, base: number): Digit[] {
  if (base === 0) return [{ base, weight: 1, values, largest }]
  const digits: Digit[] = []
  for (let weight = 1; weight <= MOST; weight *= base) {
    const isHighest = weight * base > MOST
    const digit = (x: number) => {
      const rounded = (divisor: number) => roundHalfEven(x / divisor)
      return isHighest ? rounded(weight) : rounded(weight) - base * rounded(weight * base)
    }
    digits.push({
      base,
      weight,
      values: values?.map(digit),
      largest: isHighest ? Math.ceil(MOST / weight) : base / 2,
    })
  }
  return digits
}
