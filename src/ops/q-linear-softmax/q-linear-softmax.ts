import { attribute } from '../../graph/model'
import { defineComposed, dequantized, quantized, tripleAt } from '../compose'

/**
 * Softmax of a quantized tensor, quantized again. Inputs: X with scale and zero point, those of Y. `opset` says which Softmax: before
 * 13 all axes from `axis` on are one.
 */
export const qLinearSoftmax = defineComposed({
  name: 'QLinearSoftmax',
  domain: 'com.microsoft',
  inputs: [5, 5],
  compose(c) {
    const x = dequantized(c, tripleAt(c, 0))
    const isOld = c.int('opset', 13) < 13
    const axis = attribute.int('axis', c.int('axis', isOld ? 1 : -1))
    if (!isOld) return [quantized(c, c.add('Softmax', [x], [axis]), 3)]
    const rows = c.add('Softmax', [c.add('Flatten', [x], [axis])], [attribute.int('axis', -1)])
    return [quantized(c, c.add('Reshape', [rows, c.add('Shape', [x])]), 3)]
  },
})
