import { elementCount } from '../../core/dtypes'
import { numbersOf, setValue } from '../../core/host-array'
import * as a from '../attributes'
import { requireKind } from '../dtype-kinds'
import { defineOperator, FLOAT32, notYetDifferentiable, onHost, type NodeView } from '../op'
import { cubicWeight } from '../resampling'
import { mergeDims, stridesOf, type Dims } from '../shapes'

const attributes = {
  align_corners: a.flag(false),
  mode: a.choice(['linear', 'nearest', 'cubic'], 'linear'),
  padding_mode: a.choice(['zeros', 'border', 'reflection'], 'zeros'),
}

type Context = Pick<NodeView<typeof attributes>, 'attributes' | 'fail'>

/** Keys' parameter, as in PyTorch. */
const CUBIC_A = -0.75

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
    const [inSize, count, rank] = [elementCount(sizes), elementCount(places), sizes.length]
    const isReal = result.values instanceof Float32Array || result.values instanceof Float64Array
    for (let n = 0; n < batch; n++) {
      for (let place = 0; place < count; place++) {
        const at = (n * count + place) * rank
        const position = sizes.map((_, axis) => positions[at + rank - 1 - axis] as number)
        // the same elements of every channel
        const [offsets, weights] = tapsAt(context, sizes, position)
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
  gradient: notYetDifferentiable,
  lower: onHost('the grid says which elements are read'),
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

/** Flat offsets of the elements around one position, and how much of each. */
function tapsAt(
  context: Context,
  sizes: readonly number[],
  position: readonly number[],
): readonly [number[], number[]] {
  const strides = stridesOf(sizes)
  let offsets = [0]
  let weights = [1]
  sizes.forEach((size, axis) => {
    const taps = axisTaps(context, size, position[axis]!)
    offsets = offsets.flatMap((offset) => taps.map(([index]) => offset + index * strides[axis]!))
    weights = weights.flatMap((weight) => taps.map(([, factor]) => weight * factor))
  })
  return [offsets, weights]
}

/** Elements of one axis; those outside are left out or stand for others, as `padding_mode` says. */
function axisTaps({ attributes }: Context, size: number, position: number): (readonly [number, number])[] {
  const { align_corners, mode, padding_mode } = attributes
  const [low, high] = align_corners ? [0, size - 1] : [-0.5, size - 0.5]
  // in single precision: ties decide which element is the nearest
  const f = Math.fround
  let x = f(align_corners ? (f(position + 1) / 2) * (size - 1) : f(f(f(position + 1) * size) - 1) / 2)
  if (mode === 'nearest') x = roundToEven(x)
  // positions far outside, or that are not numbers, read nothing
  if (!Number.isFinite(x)) {
    if (padding_mode === 'zeros') return []
    x = x === Infinity ? high : low
  }
  // with 'border' each element is clamped by itself, as in onnxruntime and PyTorch
  if (padding_mode === 'reflection' && (x < low || x > high)) x = reflect(x, low, high)
  const inside = (index: number): number | undefined => {
    if (index >= 0 && index < size) return index
    if (padding_mode === 'zeros') return undefined
    const at = padding_mode === 'reflection' ? Math.trunc(reflect(index, low, high)) : index
    return Math.max(0, Math.min(size - 1, at))
  }
  const first = Math.floor(x)
  const ratio = x - first
  const taps: [number, number][] = []
  const add = (index: number, weight: number) => {
    const at = inside(index)
    if (at !== undefined && weight !== 0) taps.push([at, weight])
  }
  if (mode === 'nearest') add(roundToEven(x), 1)
  else if (mode === 'linear') {
    add(first, 1 - ratio)
    add(first + 1, ratio)
  } else for (let i = -1; i <= 2; i++) add(first + i, cubicWeight(ratio - i, CUBIC_A))
  return taps
}

function roundToEven(x: number): number {
  const low = Math.floor(x)
  if (x - low !== 0.5) return Math.round(x)
  return low % 2 === 0 ? low : low + 1
}

/** Thrown back at both ends, as often as needed. */
function reflect(x: number, low: number, high: number): number {
  const range = high - low
  if (range <= 0) return low
  const distance = Math.abs(x - low) % (2 * range)
  return low + (distance <= range ? distance : 2 * range - distance)
}
