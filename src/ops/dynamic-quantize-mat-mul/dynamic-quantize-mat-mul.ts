import { defineComposed, integerProduct } from '../compose'

/** A · B + bias, A quantized to uint8 by its own range first. Inputs: A, B with scale and zero point (per column), bias. */
export const dynamicQuantizeMatMul = defineComposed({
  name: 'DynamicQuantizeMatMul',
  domain: 'com.microsoft',
  inputs: [3, 5],
  compose(c) {
    const [values, scale, zeroPoint] = c.addMany('DynamicQuantizeLinear', [c.input(0)], 3) as [string, string, string]
    const b = { values: c.input(1), scale: c.input(2), zeroPoint: c.input(3) }
    return [integerProduct(c, [{ values, scale, zeroPoint }, b], c.input(4))]
  },
})
