import { defineVariadic } from '../variadic'

/** y = x₀ + x₁ + …, broadcast. */
export const sum = defineVariadic({
  name: 'Sum',
  attributes: {},
  takes: 'float',
  combine: (a, b) => a + b,
  kernel: 'add',
  gradient: (_, { inputs, dy }) => inputs.map(() => dy),
})
