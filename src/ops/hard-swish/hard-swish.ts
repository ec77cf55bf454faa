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
  gradient(f, { x, dy }) {
    const bend = f.add(f.mul(x, 1 / 3), 0.5)
    return f.mul(dy, f.where(f.greater(x, 3), 1, f.where(f.less(x, -3), 0, bend)))
  },
  asActivation: () => ({ type: 'hardSwish' }),
})
