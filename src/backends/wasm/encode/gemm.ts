import type { GemmCall } from '../../kernel-calls'
import { OP_GEMM, OP_GEMV } from '../opcodes'
import { activationWords } from './activation'
import { floatWord, piecesOf, type Command, type EncodeContext, type Encoder } from './command'

/** Two tiles, 64 rows of A, panels of B and 3 rows beyond them: assembly/tiles.ts. */
export const GEMM_SCRATCH_BYTES = 4 * (2 * 4 * 16 + 64 * 256 + 256 * 256 + 3 * 16)

/** Up to so many rows each is a product of its own, without packing B. */
const MOST_VECTOR_ROWS = 3
/** The same where columns of B are contiguous: packing them costs more. */
const MOST_DOT_ROWS = 7

/** One product of matrices with any strides, in elements. */
export interface MatrixProduct {
  readonly a: number
  readonly b: number
  readonly c: number
  readonly m: number
  readonly n: number
  readonly k: number
  readonly aStrides: readonly [row: number, column: number]
  readonly bStrides: readonly [row: number, column: number]
  readonly bias: number
  readonly biasStrides: readonly [row: number, column: number]
  readonly alpha: number
  readonly activation: GemmCall['activation']
}

/** Float32 matrices of any strides and batch; C is contiguous. */
export const gemm: Encoder<GemmCall> = {
  supports: ({ a, b, output, bias }) =>
    [a, b, output, ...(bias ? [bias.operand] : [])].every(({ dtype }) => dtype === 'float32'),
  encode(call, { addressOf }: EncodeContext) {
    const { m, n, k, transposeA, transposeB, alpha, bias, activation } = call
    const [a, b, c] = [addressOf(call.a), addressOf(call.b), addressOf(call.output)]
    const biasStrides = BIAS_STRIDES[bias?.along ?? 'scalar'](n)
    return call.batches.flatMap((offsets, i) =>
      productCommands({
        a: a + offsets.a * 4,
        b: b + offsets.b * 4,
        c: c + i * m * n * 4,
        m,
        n,
        k,
        aStrides: transposeA ? [1, m] : [k, 1],
        bStrides: transposeB ? [1, k] : [n, 1],
        bias: bias ? addressOf(bias.operand) : 0,
        biasStrides,
        alpha,
        activation,
      }),
    )
  },
}

type Along = NonNullable<GemmCall['bias']>['along']

const BIAS_STRIDES: Readonly<Record<Along, (n: number) => readonly [number, number]>> = {
  n: () => [0, 1],
  m: () => [1, 0],
  mn: (n) => [n, 1],
  scalar: () => [0, 0],
}

/** One product as commands, each some of its rows (or columns of a single row). */
export function productCommands(product: MatrixProduct): Command[] {
  // a single column is the single row of the transposed product
  const turned = product.n === 1 && product.m > 1 ? transposed(product) : product
  const { m, n, k } = turned
  const opcode = isVectorProduct(turned) ? OP_GEMV : OP_GEMM
  const isRow = m === 1
  return piecesOf(isRow ? n : m, isRow ? k : n * k).map(([from, to]) => ({
    opcode,
    words: wordsOf(isRow ? columnsOf(turned, from, to) : rowsOf(turned, from, to)),
    scratchBytes: GEMM_SCRATCH_BYTES,
  }))
}

function isVectorProduct({ m, aStrides, bStrides }: MatrixProduct): boolean {
  if (bStrides[1] === 1) return m <= MOST_VECTOR_ROWS
  return bStrides[0] === 1 && aStrides[1] === 1 && m <= MOST_DOT_ROWS
}

function transposed(product: MatrixProduct): MatrixProduct {
  const turn = ([row, column]: readonly [number, number]) => [column, row] as const
  return {
    ...product,
    a: product.b,
    b: product.a,
    m: product.n,
    n: product.m,
    aStrides: turn(product.bStrides),
    bStrides: turn(product.aStrides),
    biasStrides: turn(product.biasStrides),
  }
}

const shifted = (address: number, elements: number): number => (address === 0 ? 0 : address + elements * 4)

function rowsOf(product: MatrixProduct, from: number, to: number): MatrixProduct {
  const { a, c, n, bias, aStrides, biasStrides } = product
  return {
    ...product,
    a: shifted(a, from * aStrides[0]),
    c: shifted(c, from * n),
    bias: shifted(bias, from * biasStrides[0]),
    m: to - from,
  }
}

/** Of a product with one row. */
function columnsOf(product: MatrixProduct, from: number, to: number): MatrixProduct {
  const { b, c, bias, bStrides, biasStrides } = product
  return {
    ...product,
    b: shifted(b, from * bStrides[1]),
    c: shifted(c, from),
    bias: shifted(bias, from * biasStrides[1]),
    n: to - from,
  }
}

function wordsOf({ a, b, c, m, n, k, aStrides, bStrides, bias, biasStrides, alpha, activation }: MatrixProduct) {
  return [
    ...[a, b, c, m, n, k, ...aStrides, ...bStrides],
    ...[bias, ...biasStrides, floatWord(alpha), ...activationWords(activation)],
  ]
}
