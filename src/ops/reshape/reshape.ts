import { integersOf } from '../../core/host-array'
import type { Dim } from '../../graph/model'
import { flag } from '../attributes'
import { sizesOf } from '../dims'
import { aliasCall } from '../movement'
import { reshapedLike } from '../gradient'
import { defineOperator, EXACT, differentiable, type NodeView } from '../op'
import { product, type Dims } from '../shapes'

const attributes = { allowzero: flag(false) }
type Context = Pick<NodeView<typeof attributes>, 'attributes' | 'fail'>

/** Factors of a product of sizes: its number, its symbols, and whether nothing is known of one of them. */
function factors(dims: Dims): { count: number; symbols: string[]; isOpen: boolean } {
  let count = 1
  for (const dim of dims) if (typeof dim === 'number') count *= dim
  return { count, symbols: dims.filter((dim) => typeof dim === 'string'), isOpen: dims.includes(null) }
}

/** What −1 stands for: all elements by the other sizes; symbols that stand on both sides cancel. */
function remainder(context: Context, from: Dims, others: Dims): Dim {
  const [all, rest] = [factors(from), factors(others)]
  const left = [...all.symbols]
  for (const symbol of rest.symbols) {
    const at = left.indexOf(symbol)
    if (at < 0) return null
    left.splice(at, 1)
  }
  if (all.isOpen || rest.isOpen) return null
  if (rest.count === 0) {
    if (left.length > 0) return null
    context.fail('-1 cannot be told beside a size of 0')
  }
  const isWhole = all.count % rest.count === 0
  if (left.length === 0) {
    if (!isWhole && all.symbols.length === 0) context.fail(`${all.count} elements cannot be cut by ${rest.count}`)
    return isWhole ? all.count / rest.count : null
  }
  return left.length === 1 && all.count === rest.count ? (left[0] as string) : null
}

/** The new shape, given what is known of the old one and of the wanted sizes. */
function resolve(context: Context, from: Dims | undefined, wanted: Dims): Dims {
  const isOdd = wanted.some((dim) => typeof dim === 'number' && dim < -1)
  if (isOdd || wanted.filter((dim) => dim === -1).length > 1) {
    context.fail(`the sizes [${wanted.map((dim) => dim ?? '?').join(', ')}] may hold one -1 and else none below 0`)
  }
  const isCopied = (dim: Dim) => dim === 0 && !context.attributes.allowzero
  const shape = wanted.map((dim, axis): Dim => {
    if (!isCopied(dim)) return dim
    if (from && axis >= from.length)
      context.fail(`the size 0 of axis ${axis} copies an axis that the input does not have`)
    return from?.[axis] ?? null
  })
  const free = shape.indexOf(-1)
  if (free >= 0)
    shape[free] = from
      ? remainder(
          context,
          from,
          shape.filter((_, axis) => axis !== free),
        )
      : null
  const [before, after] = [from && product(from), product(shape)]
  if (typeof before === 'number' && typeof after === 'number' && before !== after) {
    context.fail(`${before} elements cannot have the shape [${shape.join(', ')}]`)
  }
  return shape
}

/** The same elements under other sizes: one may be −1 (what remains), 0 copies the input's size unless `allowzero`. */
export const reshape = defineOperator({
  name: 'Reshape',
  domain: '',
  attributes,
  inputs: [2, 2],
  infer(context) {
    const wanted = sizesOf(context, 1)
    return [{ dtype: context.dtype(0), shape: wanted && resolve(context, context.shape(0), wanted) }]
  },
  inferDims(context) {
    const wanted = context.dims(1)
    return wanted && wanted.length <= 1 ? context.dims(0) : undefined
  },
  reference(context, x, wanted) {
    return [{ ...x!, shape: resolve(context, x!.shape, integersOf(wanted!)) as readonly number[] }]
  },
  gradient: differentiable((context) => [reshapedLike(context, context.gradient(0)!, context.input(0))]),
  lower: (context) => [aliasCall(context.input(0), context.output(0))],
  tolerance: EXACT,
})
