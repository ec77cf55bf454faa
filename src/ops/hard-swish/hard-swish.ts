import { binary, constant, defineUnary } from '../elementwise'

/** y = x · max(0, min(1, x / 6 + 1/2)). Source: Howard et al., arXiv:1905.02244. */
export const hardSwish = defineUnary({
  name: 'HardSwish',
  attributes: {},
  takes: 'float',
  compute: (x) => x * Math.max(0, Math.min(1, x / 6 + 0.5)),
  expression: (x) => {
    const line = binary('add', binary('mul', constant(1 / 6), x), constant(0.5))
    return binary('mul', x, binary('max', constant(0), binary('min', constant(1), line)))
  },
  asActivation: () => ({ type: 'hardSwish' }),
})
