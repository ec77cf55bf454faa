import { defineComposed, dequantized, quantized, tripleAt } from '../compose'

/** Sigmoid of a quantized tensor, quantized again. Inputs: X with scale and zero point, those of Y. */
export const qLinearSigmoid = defineComposed({
  name: 'QLinearSigmoid',
  domain: 'com.microsoft',
  inputs: [4, 5],
  compose: (c) => [quantized(c, c.add('Sigmoid', [dequantized(c, tripleAt(c, 0))]), 3)],
})
