import { binary, constant } from '../elementwise'
import { defineVariadic } from '../variadic'

/** y = (x₀ + x₁ + …) / their number, broadcast. */
export const mean = defineVariadic({
  name: 'Mean',
  attributes: {},
  takes: 'float',
  combine: (a, b) => a + b,
  kernel: 'add',
  finish: {
    compute: (sum, count) => sum / count,
    expression: (sum, count) => binary('mul', sum, constant(1 / count)),
  },
  gradient(f, { inputs, dy }) {
    const share = f.mul(dy, 1 / inputs.length)
    return inputs.map(() => share)
  },
})
