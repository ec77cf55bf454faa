import { defineReduction } from '../reduce'
import { product } from '../shapes'

/** y = Π x; 1 of nothing. */
export const reduceProd = defineReduction({
  name: 'ReduceProd',
  kernel: 'prod',
  compute: (line) => line.reduce((found, x) => found * x, 1),
  computeWhole: (line) => line.reduce((found, x) => found * x, 1n),
  dims: product,
  // the product of the others, without dividing by a factor 0
  gradient(f, { x, dy }, { again }) {
    const isZero = f.equal(x, 0)
    const factors = f.where(isZero, 1, x)
    const [product, zeros] = [again('ReduceProd', factors), again('ReduceSum', f.count(isZero))]
    const others = f.where(isZero, f.sub(zeros, 1), zeros)
    return f.mul(dy, f.where(f.equal(others, 0), f.div(product, factors), 0))
  },
})
