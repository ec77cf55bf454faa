import { defineComposed, requantized } from '../compose'

/** The mean of each channel of a quantized tensor, quantized again. Inputs: X with scale and zero point, those of Y. */
export const qLinearGlobalAveragePool = defineComposed({
  name: 'QLinearGlobalAveragePool',
  domain: 'com.microsoft',
  inputs: [5, 5],
  compose(c) {
    if (c.int('channels_last', 0) !== 0) c.refuse('channels_last')
    // integers are averaged, as onnxruntime does: their sums are exact
    const integers = c.add('DequantizeLinear', [c.input(0), c.number(1), c.input(2)])
    const mean = c.add('GlobalAveragePool', [integers])
    return [requantized(c, mean, c.add('Div', [c.input(1), c.input(3)]), c.input(4))]
  },
})
