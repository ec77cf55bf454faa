import { defineComposed, integerProduct } from '../compose'

/** (A · B) · A scale · B scale + bias in float32. Inputs: A, B, their scales, their zero points, bias; B may have a scale per column. */
export const matMulIntegerToFloat = defineComposed({
  name: 'MatMulIntegerToFloat',
  domain: 'com.microsoft',
  inputs: [4, 7],
  compose: (c) => [
    integerProduct(
      c,
      [
        { values: c.input(0), scale: c.input(2), zeroPoint: c.input(4) },
        { values: c.input(1), scale: c.input(3), zeroPoint: c.input(5) },
      ],
      c.input(6),
    ),
  ],
})
