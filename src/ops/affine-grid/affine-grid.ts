import { elementCount } from '../../core/dtypes'
import { hostArray, integersOf, numbersOf } from '../../core/host-array'
import { attribute, type Dim } from '../../graph/model'
import * as a from '../attributes'
import { requireKind } from '../dtype-kinds'
import { shapeOf, type GradientContext, type ValueName } from '../gradient'
import { defineOperator, FLOAT32, differentiable, type NodeView } from '../op'
import { forEachIndex, type Dims } from '../shapes'

const attributes = { align_corners: a.flag(false) }

type Context = Pick<NodeView<typeof attributes>, 'attributes' | 'fail'>

/**
 * grid[n, place] = theta[n] · (x, y[, z], 1) of every place of an image, −1 to 1 along each axis (ONNX AffineGrid-20).
 * theta [N, 2, 3] or [N, 3, 4], size [N, C, …], grid [N, …, 2 or 3].
 */
export const affineGrid = defineOperator({
  name: 'AffineGrid',
  domain: '',
  attributes,
  inputs: [2, 2],
  infer(context) {
    requireKind(context, 0, 'float')
    if (context.dtype(1) !== 'int64') context.fail(`size must be int64, not ${context.dtype(1)}`)
    const theta = context.shape(0)
    const size = context.dims(1)
    const length = size?.length ?? context.shape(1)?.[0]
    const rank = axesOf(context, theta, length ?? undefined)
    if (rank === undefined) return [{ dtype: context.dtype(0), shape: undefined }]
    const spatial: Dims = size?.slice(2) ?? new Array<null>(rank).fill(null)
    return [{ dtype: context.dtype(0), shape: [size?.[0] ?? theta?.[0] ?? null, ...spatial, rank] }]
  },
  reference(context, theta, size) {
    const [batch, , ...sizes] = integersOf(size!) as [number, number, ...number[]]
    const rank = sizes.length
    const result = context.empty(theta!.dtype, [batch, ...sizes, rank])
    const places = placesOf(context, sizes)
    const matrix = numbersOf(theta!)
    let at = 0
    for (let n = 0; n < batch; n++) {
      for (let place = 0; place < places.length; place += rank + 1) {
        for (let row = 0; row < rank; row++) {
          let sum = 0
          for (let k = 0; k <= rank; k++) sum += matrix[(n * rank + row) * (rank + 1) + k]! * places[place + k]!
          result.values[at++] = sum
        }
      }
    }
    return [result]
  },
  gradient: differentiable<typeof attributes>((context) => {
    const { write } = context
    const [theta, size, dy] = [context.input(0), context.input(1), context.gradient(0)!]
    const { dtype } = write.type(theta)
    const rank = shapeOf(context, theta)[1] ?? null
    if (typeof rank !== 'number') return context.refuse('a derivative where the number of axes is not known')
    // the places themselves, and a 1 behind each
    const identity = Array.from({ length: rank * (rank + 1) }, (_, i) =>
      Number(i % (rank + 1) === Math.floor(i / (rank + 1))),
    )
    const unit = write.constant(hostArray(dtype, [1, rank, rank + 1], identity))
    const one = write.add('Concat', [write.integers([1]), tailOf(context, size)], [attribute.int('axis', 0)])
    const aligned = attribute.int('align_corners', Number(context.attributes.align_corners))
    const grid = write.add('AffineGrid', [unit, one], [aligned])
    const places = write.add('Reshape', [grid, write.integers([-1, rank])])
    const padded = write.add('Pad', [places, write.integers([0, 0, 0, 1]), write.number(1, dtype)])
    const rows = write.add('Reshape', [dy, write.integers([0, -1, rank])])
    const turned = write.add('Transpose', [rows], [attribute.ints('perm', [0, 2, 1])])
    return [write.add('MatMul', [turned, padded])]
  }),
  lower(context) {
    const [theta, grid] = [context.input(0), context.output(0)]
    const size = context.constant(1)
    if (theta.dtype !== 'float32' || !size || elementCount(grid.shape) === 0) return null
    const [batch, , ...sizes] = integersOf(size) as [number, number, ...number[]]
    const m = elementCount(sizes)
    const n = sizes.length
    const k = n + 1
    // the places are known: what is left is a product with each matrix
    return [
      {
        kernel: 'gemm',
        a: context.store(hostArray('float32', [m, k], placesOf(context, sizes))),
        b: theta,
        output: grid,
        m,
        n,
        k,
        transposeA: false,
        transposeB: true,
        alpha: 1,
        batches: Array.from({ length: batch }, (_, i) => ({ a: 0, b: i * n * k })),
      },
    ]
  },
  tolerance: FLOAT32,
})

/** Number of spatial axes, from the matrices or from the length of `size`. */
function axesOf(context: Context, theta: Dims | undefined, length: Dim | undefined): number | undefined {
  if (typeof length === 'number' && length !== 4 && length !== 5)
    context.fail(`size must be [N, C, H, W] or [N, C, D, H, W], not of ${length} entries`)
  const fromSize = typeof length === 'number' ? length - 2 : undefined
  if (theta && theta.length !== 3) context.fail('theta must be [N, 2, 3] or [N, 3, 4]')
  const rows = theta?.[1]
  const columns = theta?.[2]
  const rank = fromSize ?? (typeof rows === 'number' ? rows : typeof columns === 'number' ? columns - 1 : undefined)
  if (rank === undefined) return undefined
  const fits = (dim: Dim | undefined, size: number) => typeof dim !== 'number' || dim === size
  const width = rank + 1
  if (!fits(rows, rank) || !fits(columns, width))
    context.fail(`theta must be [N, ${rank}, ${width}] for ${rank} spatial axes`)
  return rank
}

/** [places, axes + 1]: x, y[, z], 1 of each place, the last axis first. */
function placesOf(context: Context, sizes: readonly number[]): Float64Array {
  const rank = sizes.length
  const lines = sizes.map((size) => {
    const isAligned = context.attributes.align_corners
    return Float64Array.from({ length: size }, (_, i) =>
      isAligned ? (size > 1 ? -1 + (2 * i) / (size - 1) : 0) : (2 * i + 1) / size - 1,
    )
  })
  const places = new Float64Array(elementCount(sizes) * (rank + 1)).fill(1)
  const units = sizes.map((_, axis) => sizes.map((__, other) => Number(axis === other)))
  forEachIndex(sizes, units, (position, index) => {
    for (let axis = 0; axis < rank; axis++) {
      places[position * (rank + 1) + axis] = lines[rank - 1 - axis]![index[rank - 1 - axis]!]!
    }
  })
  return places
}

/** Sizes without that of the batch. */
const tailOf = ({ write }: GradientContext<typeof attributes>, size: ValueName): ValueName =>
  write.add('Slice', [size, write.integers([1]), write.integers([5])])
