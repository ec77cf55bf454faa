import { elementCount } from '../../core/dtypes'
import { asNumbers } from '../../core/tensor'
import { loadTensor } from '../../graph/constants'
import { intAttribute, type LazyTensor, type Node } from '../../graph/model'

type Inputs = readonly (LazyTensor | undefined)[]
type Bound = (inputs: Inputs, node: Node) => number | Promise<number>

const first: Bound = ([a]) => size(a)
const total: Bound = (inputs) => inputs.reduce((sum, tensor) => sum + size(tensor), 0)

/**
 * Operators that may be computed ahead, with an upper bound of their largest output's elements, found before anything
 * runs: a few bytes (ConstantOfShape, Expand, a broadcast) can ask for more than memory holds. All are deterministic;
 * operators that are not listed are never computed ahead.
 */
const BOUNDS: Readonly<Record<string, Bound>> = {
  ...listed(
    'Cast CastLike Identity Neg Abs Sqrt Exp Log Floor Ceil Round Not Sign Reciprocal Transpose Reshape Squeeze ' +
      'Unsqueeze Flatten Slice Split ReduceSum ReduceMean ReduceMax ReduceMin ReduceProd ArgMax ArgMin CumSum Trilu ' +
      'Clip Relu Sigmoid Tanh Erf Sin Cos Tan IsNaN IsInf',
    first,
  ),
  ...listed(
    'Add Sub Mul Div Pow Mod Min Max Sum Mean Equal Less Greater LessOrEqual GreaterOrEqual And Or Xor Where BitShift',
    broadcast,
  ),
  Concat: total,
  NonZero: ([a]) => size(a) * Math.max(1, a?.shape.length ?? 1),
  Shape: ([a]) => a?.shape.length ?? 0,
  Size: () => 1,
  Gather: ([data, indices], node) => size(indices) * (size(data) / Math.max(1, axisSize(data, node))),
  MatMul: matMul,
  ConstantOfShape: async ([shape]) => elementCount(await numbers(shape)),
  Expand: async ([data, shape]) => broadcastCount([data?.shape ?? [], await numbers(shape)]),
  Tile: async ([data, repeats]) => size(data) * elementCount(await numbers(repeats)),
  Range: async ([start, limit, delta]) => {
    const [from = 0, to = 0, step = 0] = [
      ...(await numbers(start)),
      ...(await numbers(limit)),
      ...(await numbers(delta)),
    ]
    return Math.max(0, Math.ceil((to - from) / step))
  },
}

export function canFold(node: Node): boolean {
  return node.domain === '' && Object.hasOwn(BOUNDS, node.opType)
}

/** Upper bound of the elements of the node's largest output; Infinity or NaN where there is none. */
export async function boundElements(node: Node, inputs: Inputs): Promise<number> {
  const bound = BOUNDS[node.opType]
  return bound ? bound(inputs, node) : Infinity
}

function listed(names: string, bound: Bound): Record<string, Bound> {
  return Object.fromEntries(names.split(' ').map((name) => [name, bound]))
}

function size(tensor: LazyTensor | undefined): number {
  return tensor ? elementCount(tensor.shape) : 0
}

function axisSize(data: LazyTensor | undefined, node: Node): number {
  return data?.shape.at(intAttribute(node, 'axis') ?? 0) ?? 1
}

function broadcast(inputs: Inputs): number {
  return broadcastCount(inputs.map((tensor) => tensor?.shape ?? []))
}

function broadcastCount(shapes: readonly (readonly number[])[]): number {
  const rank = Math.max(0, ...shapes.map((shape) => shape.length))
  let count = 1
  for (let axis = 1; axis <= rank; axis++) count *= Math.max(...shapes.map((shape) => shape.at(-axis) ?? 1))
  return count
}

function matMul([a, b]: Inputs): number {
  const shared = a?.shape.at(-1) ?? 1
  return (size(a) / Math.max(1, shared)) * (size(b) / Math.max(1, shared))
}

async function numbers(tensor: LazyTensor | undefined): Promise<number[]> {
  if (!tensor || size(tensor) > 64) return [Infinity]
  return [...asNumbers(await loadTensor(tensor))]
}
