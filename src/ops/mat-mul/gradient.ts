import { attribute } from '../../graph/model'
import { reshapedLike, shapeOf, sumTo, type GradientContext, type ValueName } from '../gradient'

type Context = GradientContext<Record<never, never>>

/** da = dy · bᵀ and db = aᵀ · dy over the last two axes, summed over the axes along which a or b was repeated. */
export function matMulGradient(context: Context): readonly (ValueName | undefined)[] {
  const [a, b] = [asMatrix(context, 0), asMatrix(context, 1)]
  const dy = asProduct(context)
  const [rankA, rankB] = [shapeOf(context, a).length, shapeOf(context, b).length]
  const left = () =>
    rankA === 2 && rankB === 2
      ? gemm(context, [dy, b], [0, 1])
      : context.write.add('MatMul', [dy, turned(context, b, rankB)])
  const right = () => {
    // one matrix for all rows of a: their batches are rows as well
    if (rankB === 2) return gemm(context, [asRows(context, a), asRows(context, dy)], [1, 0])
    return context.write.add('MatMul', [turned(context, a, rankA), dy])
  }
  return [
    context.needs(0) ? back(context, left(), a, 0) : undefined,
    context.needs(1) ? back(context, right(), b, 1) : undefined,
  ]
}

const isVector = (context: Context, input: number) => shapeOf(context, context.input(input)).length === 1

/** A vector is a row on the left and a column on the right. */
function asMatrix(context: Context, input: 0 | 1): ValueName {
  const value = context.input(input)
  return isVector(context, input) ? context.write.add('Unsqueeze', [value, context.write.integers([input])]) : value
}

/** dy with the axes that vectors do not give to the result. */
function asProduct(context: Context): ValueName {
  const { write } = context
  const dy = context.gradient(0)!
  const axes = [...(isVector(context, 0) ? [-2] : []), ...(isVector(context, 1) ? [-1] : [])]
  return axes.length === 0 ? dy : write.add('Unsqueeze', [dy, write.integers(axes)])
}

/** Summed to the matrices that were multiplied, and under the input's own shape. */
function back(context: Context, gradient: ValueName, matrix: ValueName, input: number): ValueName {
  const summed = sumTo(context, gradient, matrix)
  return isVector(context, input) ? reshapedLike(context, summed, context.input(input)) : summed
}

/** All axes but the last as one. */
function asRows({ write }: Context, value: ValueName): ValueName {
  const { shape } = write.type(value)
  if (shape?.length === 2) return value
  const last = write.add('Shape', [value], [attribute.int('start', -1)])
  return write.add('Reshape', [value, write.add('Concat', [write.integers([-1]), last], [attribute.int('axis', 0)])])
}

function turned({ write }: Context, value: ValueName, rank: number): ValueName {
  const axes = Array.from({ length: rank }, (_, axis) => axis)
  return write.add('Transpose', [value], [attribute.ints('perm', [...axes.slice(0, -2), rank - 1, rank - 2])])
}

const gemm = ({ write }: Context, matrices: readonly ValueName[], [transA, transB]: readonly [number, number]) =>
  write.add('Gemm', matrices, [attribute.int('transA', transA), attribute.int('transB', transB)])
