import { defineComposed, requantized, toFloat } from '../compose'

/**
 * y = saturate(round((x ⋆ w + bias) · x scale · w scale / y scale) + y zero point), the sums in int32. Inputs: x and w with scale
 * and zero point, scale and zero point of y, bias. w has one scale or one per output channel.
 */
export const qLinearConv = defineComposed({
  name: 'QLinearConv',
  domain: '',
  inputs: [8, 9],
  compose(c) {
    const weight = c.constant(3)
    const kernel = c.node.attributes.get('kernel_shape')
    const axes = weight ? weight.shape.length - 2 : kernel?.type === 'ints' ? kernel.value.length : 0
    if (axes < 1) c.refuse('a weight that another node makes, and no kernel_shape')
    const perChannel = (name: string) => c.add('Reshape', [name, c.integers(-1, ...Array<number>(axes).fill(1))])
    const inputs = [c.input(0), c.input(3), c.input(2), c.input(5)]
    let sums = toFloat(c, c.add('ConvInteger', inputs, [...c.node.attributes.values()]))
    if (c.input(8) !== '') sums = c.add('Add', [sums, perChannel(toFloat(c, c.input(8)))])
    const factor = c.add('Div', [c.add('Mul', [c.input(1), c.input(4)]), c.input(6)])
    return [requantized(c, sums, perChannel(factor), c.input(7))]
  },
})
