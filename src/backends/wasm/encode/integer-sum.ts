import { elementCount } from '../../../core/dtypes'
import type { IntegerExpression, IntegerMapCall } from '../../kernel-calls'
import { OP_INTEGER_SUM } from '../opcodes'
import { piecesOf, type Encoder } from './command'

interface Term {
  readonly input: number
  readonly factor: number
}

/** Inputs times constants, added up; undefined for every other formula. */
function termsOf(expression: IntegerExpression): readonly Term[] | undefined {
  if ('input' in expression) return [{ input: expression.input, factor: 1 }]
  if (!('binary' in expression)) return undefined
  const { binary, left, right } = expression
  if (binary === 'mul' && 'input' in left && 'constant' in right) {
    return [{ input: left.input, factor: right.constant }]
  }
  if (binary !== 'add' && binary !== 'sub') return undefined
  const [a, b] = [termsOf(left), termsOf(right)]
  const sign = binary === 'add' ? 1 : -1
  return a && b && [...a, ...b.map(({ input, factor }) => ({ input, factor: sign * factor }))]
}

/** Sums of int32 tensors of one shape, each times a constant; other formulas of integers run on the host. */
export const integerMap: Encoder<IntegerMapCall> = {
  supports({ dtype, inputs, output, expression }) {
    const isAlike = inputs.every((one) => one.dtype === 'int32' && one.shape.join() === output.shape.join())
    return dtype === 'int32' && output.dtype === 'int32' && isAlike && termsOf(expression) !== undefined
  },
  encode({ inputs, output, expression }, { addressOf }) {
    const terms = termsOf(expression) ?? []
    return piecesOf(elementCount(output.shape), terms.length).map(([from, to]) => ({
      opcode: OP_INTEGER_SUM,
      words: [
        ...[addressOf(output) + 4 * from, to - from, terms.length],
        ...terms.flatMap(({ input, factor }) => [addressOf(inputs[input]!) + 4 * from, factor]),
      ],
      scratchBytes: 0,
    }))
  },
}
