import { defineComposed } from '../compose'

/** As ONNX's, which older opsets had without 16 and 4 bits. */
export const microsoftDequantizeLinear = defineComposed({
  name: 'DequantizeLinear',
  domain: 'com.microsoft',
  inputs: [2, 3],
  compose: (c) => [c.add('DequantizeLinear', c.node.inputs, [...c.node.attributes.values()])],
})
