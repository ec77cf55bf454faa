import type { GemmCall } from '../../kernel-calls'
import { OP_GEMM, OP_GEMV } from '../opcodes'
import { activationWords } from './activation'
import { floatWord, piecesOf, type Command, type EncodeContext, type Encoder } from './command'

/** Two tiles, 64 rows of A, panels of B and 3 rows beyond them: assembly/tiles.ts. */
export const GEMM_SCRATCH_BYTES = 4 * (2 * 4 * 16 + 64 * 256 + 256 * 256 + 3 * 16)

/** Up to so many rows each is a product of its own, without packing B. */
const MOST_VECTOR_ROWS = 3

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

/** One product as commands, each some of its rows. */
export function productCommands(product: MatrixProduct): Command[] {
  const { a, c, m, n, k, aStrides, bStrides, bias, biasStrides } = product
  return piecesOf(m, n * k).map(([from, to]) => ({
    opcode: m <= MOST_VECTOR_ROWS ? OP_GEMV : OP_GEMM,
    words: [
      a + from * aStrides[0] * 4,
      product.b,
      c + from * n * 4,
      to - from,
      n,
      k,
      ...aStrides,
      ...bStrides,
      bias === 0 ? 0 : bias + from * biasStrides[0] * 4,
      ...biasStrides,
      floatWord(product.alpha),
      ...activationWords(product.activation),
    ],
    scratchBytes: GEMM_SCRATCH_BYTES,
  }))
}
