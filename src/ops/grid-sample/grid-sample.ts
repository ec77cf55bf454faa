import type { SampleCall } from '../../backends/kernel-calls'
import { elementCount } from '../../core/dtypes'
import { numbersOf, setValue } from '../../core/host-array'
import { attribute } from '../../graph/model'
import * as a from '../attributes'
import { requireKind } from '../dtype-kinds'
import { PLUME } from '../gradient-parts'
import { defineOperator, differentiable, FLOAT32, type NodeView } from '../op'
import { tapsAt, type Sampling } from '../sampling'
import { mergeDims, type Dims } from '../shapes'

const attributes = {
  align_corners: a.flag(false),
  mode: a.choice(['linear', 'nearest', 'cubic'], 'linear'),
  padding_mode: a.choice(['zeros', 'border', 'reflection'], 'zeros'),
}

type Context = Pick<NodeView<typeof attributes>, 'attributes' | 'fail'>

const samplingOf = ({ attributes: { align_corners, mode, padding_mode } }: Context): Sampling => ({
  mode,
  padding: padding_mode,
  unit: align_corners ? 'centers' : 'edges',
})

/**
 * Reads an image at positions that a grid gives, −1 to 1 along each axis, the last axis first (ONNX GridSample-22).
 * x [N, C, …sizes], grid [N, …places, axes], y [N, C, …places].
 */
export const gridSample = defineOperator({
  name: 'GridSample',
  domain: '',
  attributes,
  inputs: [2, 2],
  infer(context) {
    requireKind(context, 1, 'float')
    if (context.attributes.mode !== 'nearest') requireKind(context, 0, 'number')
    const [x, grid] = [context.shape(0), context.shape(1)]
    if (x && x.length < 3) context.fail('the input must be [N, C, …] with at least one spatial axis')
    if (x && grid) checkShapes(context, x, grid)
    const places = grid ? grid.slice(1, -1) : x && new Array<null>(x.length - 2).fill(null)
    const batch = mergeDims(x?.[0] ?? null, grid?.[0] ?? null) ?? null
    return [{ dtype: context.dtype(0), shape: places && [batch, x?.[1] ?? null, ...places] }]
  },
  reference(context, x, grid) {
    const [batch, channels, ...sizes] = x!.shape as [number, number, ...number[]]
    const places = grid!.shape.slice(1, -1)
    const result = context.empty(x!.dtype, [batch, channels, ...places])
    const isNearest = context.attributes.mode === 'nearest'
    const numbers = isNearest ? undefined : numbersOf(x!)
    const positions = numbersOf(grid!)
    const sampling = { ...samplingOf(context), isExact: grid!.values instanceof Float64Array }
    const [inSize, count, rank] = [elementCount(sizes), elementCount(places), sizes.length]
    const isReal = result.values instanceof Float32Array || result.values instanceof Float64Array
    for (let n = 0; n < batch; n++) {
      for (let place = 0; place < count; place++) {
        const at = (n * count + place) * rank
        const position = sizes.map((_, axis) => positions[at + rank - 1 - axis] as number)
        // the same elements of every channel
        const [offsets, weights] = tapsAt(sampling, sizes, position)
        for (let c = 0; c < channels; c++) {
          const from = (n * channels + c) * inSize
          const target = (n * channels + c) * count + place
          if (!numbers) {
            if (offsets.length > 0) result.values[target] = x!.values[from + offsets[0]!]!
            continue
          }
          let sum = 0
          for (let i = 0; i < offsets.length; i++) sum += weights[i]! * (numbers[from + offsets[i]!] as number)
          if (isReal) result.values[target] = sum
          else setValue(result, target, Math.trunc(sum))
        }
      }
    }
    return [result]
  },
  gradient: differentiable<typeof attributes>(({ write, attributes: own, input, gradient }) =>
    write.addMany(
      'SampleGradient',
      [input(0), input(1), gradient(0)],
      2,
      [
        attribute.string('mode', own.mode),
        attribute.string('padding_mode', own.padding_mode),
        attribute.string('unit', own.align_corners ? 'centers' : 'edges'),
      ],
      PLUME,
    ),
  ),
  lower(context) {
    const [input, positions, output] = [context.input(0), context.input(1), context.output(0)]
    const [images, channels, ...sizes] = input.shape as [number, number, ...number[]]
    if (input.dtype !== 'float32' || positions.dtype !== 'float32' || sizes.length > 3) return null
    const places = elementCount(positions.shape.slice(1, -1))
    const call: SampleCall = {
      kernel: 'sample',
      ...samplingOf(context),
      ...{ input, positions, output, images, channels, sizes, places },
    }
    return [call]
  },
  tolerance: { ...FLOAT32, absolute: 1e-5, reason: 'positions in single precision' },
})

function checkShapes(context: Context, x: Dims, grid: Dims): void {
  const rank = x.length - 2
  const last = grid.at(-1)
  if (grid.length !== x.length || (typeof last === 'number' && last !== rank))
    context.fail(`the grid must be [N, …, ${rank}] with ${rank} axes of places`)
  if (mergeDims(x[0] ?? null, grid[0] ?? null) === undefined)
    context.fail('input and grid must have the same number of images')
}
