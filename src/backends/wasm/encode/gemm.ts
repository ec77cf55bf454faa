import type { GemmCall } from '../../kernel-calls'
import { OP_GEMM, OP_GEMV } from '../opcodes'
import { activationWords } from './activation'
import { floatWord, PIECE_COST, type Command, type EncodeContext, type Encoder } from './command'

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
  /** Elements from one row of C to the next. */
  readonly cRow: number
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
        cRow: n,
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

/** Rows that make the packing of B cheap. */
const MANY_ROWS = 64
/** Columns of B that are packed at once: assembly/tiles.ts. */
const BLOCK_COLUMNS = 256

/** One product as commands, each a part of its rows, or of its rows and columns where few rows are much work. */
export function productCommands(product: MatrixProduct): Command[] {
  // a single column is the single row of the transposed product
  const turned = product.n === 1 && product.m > 1 ? transposed(product) : product
  const opcode = isVectorProduct(turned) ? OP_GEMV : OP_GEMM
  return partsOf(turned).map((part) => ({ opcode, words: wordsOf(part), scratchBytes: GEMM_SCRATCH_BYTES }))
}

function partsOf(product: MatrixProduct): MatrixProduct[] {
  const { m, n, k } = product
  const rows = Math.min(m, Math.max(MANY_ROWS, Math.floor(PIECE_COST / (n * k) / 16) * 16))
  const blocks = Math.max(1, Math.floor(PIECE_COST / (rows * k) / BLOCK_COLUMNS))
  const parts: MatrixProduct[] = []
  for (let column = 0; column < n; column += blocks * BLOCK_COLUMNS) {
    for (let row = 0; row < m; row += rows) {
      const to = [Math.min(m, row + rows), Math.min(n, column + blocks * BLOCK_COLUMNS)] as const
      parts.push(partOf(product, [row, column], to))
    }
  }
  return parts
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
    cRow: product.m,
    aStrides: turn(product.bStrides),
    bStrides: turn(product.aStrides),
    biasStrides: turn(product.biasStrides),
  }
}

const shifted = (address: number, elements: number): number => (address === 0 ? 0 : address + elements * 4)

function partOf(
  product: MatrixProduct,
  [row, column]: readonly [number, number],
  [toRow, toColumn]: readonly [number, number],
): MatrixProduct {
  const { a, b, c, cRow, bias, aStrides, bStrides, biasStrides } = product
  return {
    ...product,
    a: shifted(a, row * aStrides[0]),
    b: shifted(b, column * bStrides[1]),
    c: shifted(c, row * cRow + column),
    bias: shifted(bias, row * biasStrides[0] + column * biasStrides[1]),
    m: toRow - row,
    n: toColumn - column,
  }
}

function wordsOf({ a, b, c, m, n, k, aStrides, bStrides, bias, biasStrides, alpha, activation, cRow }: MatrixProduct) {
  return [
    ...[a, b, c, m, n, k, ...aStrides, ...bStrides],
    ...[bias, ...biasStrides, floatWord(alpha), ...activationWords(activation), cRow],
  ]
}
