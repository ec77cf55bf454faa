import { dequantized, defineComposed, quantized, tripleAt } from '../compose'

/** Tensors of scales of their own, joined along `axis` with one. Inputs: scale and zero point of Y, then each tensor with its own. */
export const qLinearConcat = defineComposed({
  name: 'QLinearConcat',
  domain: 'com.microsoft',
  inputs: [5, Infinity],
  compose(c) {
    const parts: string[] = []
    for (let i = 2; i < c.node.inputs.length; i += 3) parts.push(dequantized(c, tripleAt(c, i)))
    return [quantized(c, c.add('Concat', parts, [c.node.attributes.get('axis')]), 0)]
  },
})
