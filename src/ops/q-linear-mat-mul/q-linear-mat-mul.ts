import { defineComposed, requantized, toFloat } from '../compose'

/**
 * y = saturate(round((a · b) · a scale · b scale / y scale) + y zero point), the sums in int32. Inputs: a and b with scale and zero
 * point, scale and zero point of y. a may have a scale per row, b one per column.
 */
export const qLinearMatMul = defineComposed({
  name: 'QLinearMatMul',
  domain: '',
  inputs: [8, 8],
  compose(c) {
    const sums = c.add('MatMulInteger', [c.input(0), c.input(3), c.input(2), c.input(5)])
    const rows = c.constant(1)?.shape ?? []
    const isPerRow = rows.length === 1 && rows[0] !== 1
    const left = isPerRow ? c.add('Unsqueeze', [c.input(1), c.integers(1)]) : c.input(1)
    const factor = c.add('Div', [c.add('Mul', [left, c.input(4)]), c.input(6)])
    return [requantized(c, toFloat(c, sums), factor, c.input(7))]
  },
})
