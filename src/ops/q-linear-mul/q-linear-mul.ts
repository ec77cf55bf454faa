import { dequantized, defineComposed, quantized, tripleAt } from '../compose'

/** The product of two quantized tensors, which broadcast, quantized again. Inputs: A and B with scale and zero point, those of C. */
export const qLinearMul = defineComposed({
  name: 'QLinearMul',
  domain: 'com.microsoft',
  inputs: [7, 8],
  compose: (c) => [quantized(c, c.add('Mul', [dequantized(c, tripleAt(c, 0)), dequantized(c, tripleAt(c, 3))]), 6)],
})
