import { dequantized, defineComposed, quantized, tripleAt } from '../compose'

/** The sum of two quantized tensors, which broadcast, quantized again. Inputs: A and B with scale and zero point, those of C. */
export const qLinearAdd = defineComposed({
  name: 'QLinearAdd',
  domain: 'com.microsoft',
  inputs: [7, 8],
  compose: (c) => [quantized(c, c.add('Add', [dequantized(c, tripleAt(c, 0)), dequantized(c, tripleAt(c, 3))]), 6)],
})
