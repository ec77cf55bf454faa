import { elementCount } from '../../core/dtypes'
import { numbersOf } from '../../core/host-array'
import { requireKind } from '../dtype-kinds'
import { determinantGradient } from './gradient'
import { defineOperator, FLOAT32, differentiable } from '../op'
import { mergeDims } from '../shapes'

/** Determinant of a square matrix by elimination with the largest pivot of each column; 1 of the empty one. */
function determinant(rows: number[][]): number {
  let result = 1
  for (let column = 0; column < rows.length; column++) {
    let pivot = column
    for (let row = column; row < rows.length; row++) {
      if (Math.abs(rows[row]![column]!) > Math.abs(rows[pivot]![column]!)) pivot = row
    }
    if (rows[pivot]![column] === 0) return 0
    if (pivot !== column) {
      ;[rows[pivot], rows[column]] = [rows[column]!, rows[pivot]!]
      result = -result
    }
    const top = rows[column]!
    result *= top[column]!
    for (const row of rows.slice(column + 1)) {
      const factor = row[column]! / top[column]!
      for (let i = column; i < row.length; i++) row[i] = row[i]! - factor * top[i]!
    }
  }
  return result
}

/** Determinants of square matrices: [..., n, n] → [...]. */
export const det = defineOperator({
  name: 'Det',
  domain: '',
  attributes: {},
  inputs: [1, 1],
  infer(context) {
    requireKind(context, 0, 'float')
    const shape = context.shape(0)
    if (shape && (shape.length < 2 || mergeDims(shape.at(-1)!, shape.at(-2)!) === undefined)) {
      context.fail('the last two axes must be those of a square matrix')
    }
    return [{ dtype: context.dtype(0), shape: shape?.slice(0, -2) }]
  },
  reference(context, x) {
    const size = x!.shape.at(-1) as number
    const numbers = numbersOf(x!)
    const result = context.empty(x!.dtype, x!.shape.slice(0, -2))
    for (let matrix = 0; matrix < elementCount(result.shape); matrix++) {
      const rows = Array.from({ length: size }, (_, row) => {
        const start = (matrix * size + row) * size
        return [...numbers.subarray(start, start + size)]
      })
      result.values[matrix] = determinant(rows)
    }
    return [result]
  },
  gradient: differentiable(determinantGradient),
  lower(context) {
    const [input, output] = [context.input(0), context.output(0)]
    if (input.dtype !== 'float32') return null
    const size = input.shape.at(-1)!
    if (size === 0) return [{ kernel: 'fill', output, value: 1 }]
    return [{ kernel: 'determinant', input, output, count: elementCount(output.shape), size }]
  },
  tolerance: FLOAT32,
})
