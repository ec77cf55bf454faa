import { defineComposed, requantized, toFloat } from '../compose'

/**
 * (op(A) · op(B) + C) · alpha · A scale · B scale, in integers where y has a scale, else in float32. Inputs: A and B with scale and
 * zero point, C in int32, scale and zero point of y.
 */
export const qGemm = defineComposed({
  name: 'QGemm',
  domain: 'com.microsoft',
  inputs: [6, 9],
  compose(c) {
    const turned = (input: number, flag: string) =>
      c.int(flag, 0) === 0 ? c.input(input) : c.add('Transpose', [c.input(input)])
    let sums = toFloat(c, c.add('MatMulInteger', [turned(0, 'transA'), turned(3, 'transB'), c.input(2), c.input(5)]))
    if (c.input(6) !== '') sums = c.add('Add', [sums, toFloat(c, c.input(6))])
    const scale = c.add('Mul', [c.add('Mul', [c.number(c.float('alpha', 1)), c.input(1)]), c.input(4)])
    if (c.input(7) === '') return [c.add('Mul', [sums, scale])]
    return [requantized(c, sums, c.add('Div', [scale, c.input(7)]), c.input(8))]
  },
})
