/**
 * Products as the shaders see them: two matrices with strides, where each starts, what is done with the sums. A call whose
 * operands are larger than a binding may be becomes several of them.
 */
import type { Activation, GemmCall, Operand } from '../../kernel-calls'

/** Elements of an operand that a dispatch sees: [from, to). */
export interface Extent {
  readonly from: number
  readonly to: number
}

/** A row of op(A) or a column of op(B) is a line: element k of line i of batch entry b stands at start[b] + i · line + k · step. */
export interface Matrix {
  readonly operand: Operand
  readonly extent: Extent
  /** Of each batch entry, from the extent's start. */
  readonly starts: readonly number[]
  readonly line: number
  readonly step: number
}

/** y[b, i, j] lies at start + (b · m + i) · lead + j, counted from the extent's start. */
export interface Target {
  readonly operand: Operand
  readonly extent: Extent
  readonly start: number
  readonly lead: number
}

export interface Product {
  readonly m: number
  readonly n: number
  readonly k: number
  readonly a: Matrix
  readonly b: Matrix
  readonly y: Target
  readonly alpha: number
  readonly bias?: Omit<Target, 'lead'> & { readonly along: 'n' | 'm' | 'mn' | 'scalar' }
  readonly activation?: Activation
  /** The sums go on from what y holds. */
  readonly accumulates: boolean
}

type Interval = readonly [from: number, to: number]

/** A box of the call's work. */
interface Part {
  readonly batches: Interval
  readonly rows: Interval
  readonly columns: Interval
  readonly sums: Interval
}
type Axis = keyof Part

/** Bindings start at multiples of 256 bytes. */
const ALIGNMENT = 64

/**
 * @param limit bytes that a binding may have
 * @returns what to compute, in this order; undefined where no cut makes the operands small enough
 */
export function productsOf(call: GemmCall, limit: number): readonly Product[] | undefined {
  const whole: Part = { batches: [0, call.batches.length], rows: [0, call.m], columns: [0, call.n], sums: [0, call.k] }
  return cut(call, whole, Math.floor(limit / 4) - ALIGNMENT)
}

function cut(call: GemmCall, part: Part, limit: number): readonly Product[] | undefined {
  const product = productOf(call, part)
  const { a, b, y, bias } = product
  const isTooLarge = ({ extent }: { readonly extent: Extent }) => extent.to - extent.from > limit
  const axis = axisToCut(call, part, {
    a: isTooLarge(a),
    b: isTooLarge(b),
    y: isTooLarge(y) || (bias !== undefined && isTooLarge(bias)),
  })
  if (axis === undefined) return [product]
  const [from, to] = part[axis]
  if (to - from < 2) return undefined
  const middle = from + Math.ceil((to - from) / 2)
  const first = cut(call, { ...part, [axis]: [from, middle] }, limit)
  const second = cut(call, { ...part, [axis]: [middle, to] }, limit)
  return first && second && [...first, ...second]
}

interface TooLarge {
  readonly a: boolean
  readonly b: boolean
  readonly y: boolean
}

/** The axis along which the operand that is too large lies in one piece. */
function axisToCut({ transposeA, transposeB }: GemmCall, part: Part, is: TooLarge): Axis | undefined {
  if (!is.a && !is.b && !is.y) return undefined
  if (part.batches[1] - part.batches[0] > 1) return 'batches'
  if (is.y || (is.a && !transposeA)) return 'rows'
  if (is.a) return 'sums'
  return transposeB ? 'columns' : 'sums'
}

function productOf(call: GemmCall, { batches, rows, columns, sums }: Part): Product {
  const { m, n, k, transposeA, transposeB } = call
  const entries = call.batches.slice(...batches)
  const isLast = sums[1] === k
  const [aLine, aStep] = transposeA ? [1, m] : [k, 1]
  const [bLine, bStep] = transposeB ? [k, 1] : [1, n]
  const first = batches[0] * m + rows[0]
  const last = (batches[1] - 1) * m + rows[1] - 1
  const whole = (operand: Operand, from: number, to: number) => placed(operand, from, to)
  return {
    m: rows[1] - rows[0],
    n: columns[1] - columns[0],
    k: sums[1] - sums[0],
    a: matrixOf(
      call.a,
      entries.map(({ a }) => a),
      { lines: rows, sums, line: aLine, step: aStep },
    ),
    b: matrixOf(
      call.b,
      entries.map(({ b }) => b),
      { lines: columns, sums, line: bLine, step: bStep },
    ),
    y: { ...whole(call.output, first * n + columns[0], last * n + columns[1]), lead: n },
    alpha: call.alpha,
    accumulates: sums[0] > 0,
    ...(isLast && call.bias && { bias: biasOf(call.bias, { rows, columns, n }) }),
    ...(isLast && call.activation && { activation: call.activation }),
  }
}

/** [from, to) of an operand, as a binding that starts before it at a place where bindings may. */
function placed(operand: Operand, from: number, to: number): Omit<Target, 'lead'> {
  const extent = { from: Math.floor(from / ALIGNMENT) * ALIGNMENT, to }
  return { operand, extent, start: from - extent.from }
}

interface Lines {
  readonly lines: Interval
  readonly sums: Interval
  readonly line: number
  readonly step: number
}

function matrixOf(operand: Operand, offsets: readonly number[], { lines, sums, line, step }: Lines): Matrix {
  const inner = lines[0] * line + sums[0] * step
  const size = (lines[1] - 1 - lines[0]) * line + (sums[1] - 1 - sums[0]) * step + 1
  const lowest = offsets.reduce((least, offset) => Math.min(least, offset), Infinity) + inner
  const highest = offsets.reduce((most, offset) => Math.max(most, offset), 0) + inner
  const { extent } = placed(operand, lowest, highest + size)
  return { operand, extent, starts: offsets.map((offset) => offset + inner - extent.from), line, step }
}

function biasOf(
  { operand, along }: NonNullable<GemmCall['bias']>,
  { rows, columns, n }: { readonly rows: Interval; readonly columns: Interval; readonly n: number },
): NonNullable<Product['bias']> {
  const [from, to] = {
    scalar: [0, 1] as const,
    m: rows,
    n: columns,
    mn: [rows[0] * n + columns[0], (rows[1] - 1) * n + columns[1]] as const,
  }[along]
  return { ...placed(operand, from, to), along }
}
