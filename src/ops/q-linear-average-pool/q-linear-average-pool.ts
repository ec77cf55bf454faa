import { defineComposed, dequantized, quantized, tripleAt } from '../compose'

const ATTRIBUTES = ['auto_pad', 'ceil_mode', 'count_include_pad', 'kernel_shape', 'pads', 'strides']

/** AveragePool of a quantized tensor, quantized again. Inputs: X with scale and zero point, those of Y. */
export const qLinearAveragePool = defineComposed({
  name: 'QLinearAveragePool',
  domain: 'com.microsoft',
  inputs: [4, 5],
  compose(c) {
    if (c.int('channels_last', 0) !== 0) c.refuse('channels_last')
    const given = ATTRIBUTES.map((name) => c.node.attributes.get(name))
    return [quantized(c, c.add('AveragePool', [dequantized(c, tripleAt(c, 0))], given), 3)]
  },
})
