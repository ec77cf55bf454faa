import { defineComposed, dequantized, quantized, tripleAt } from '../compose'

/** LeakyRelu of a quantized tensor, quantized again. Inputs: X with scale and zero point, those of Y. */
export const qLinearLeakyRelu = defineComposed({
  name: 'QLinearLeakyRelu',
  domain: 'com.microsoft',
  inputs: [4, 5],
  compose: (c) => [
    quantized(c, c.add('LeakyRelu', [dequantized(c, tripleAt(c, 0))], [c.node.attributes.get('alpha')]), 3),
  ],
})
