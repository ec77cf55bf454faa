/** Windows, blocks and images read between their elements, naively: see naive-kernels.ts. Not part of the product. */
import type {
  ArgPoolCall,
  FoldCall,
  MaxPoolGradientCall,
  Operand,
  PoolCall,
  RoiCall,
  SampleCall,
  Window,
} from '../backends/kernel-calls'
import { elementCount } from '../core/dtypes'
import { numbersOf, setValue, type HostArray } from '../core/host-array'
import { cellsOf, largest, mean, roundAway, samplesOf, weighted } from '../ops/regions'
import { tapsAt } from '../ops/sampling'
import { forEachPlace, type ArrayOf, type OnIndexFault } from './naive-kernels'

/** Calls `visit` for every output place with the positions of its window's elements, those in the padding included. */
function forEachWindow(
  axes: readonly Window[],
  visit: (place: number, positions: readonly (readonly number[])[]) => void,
): void {
  const outputs = axes.map(({ output }) => output)
  const kernels = axes.map(({ kernel }) => kernel)
  forEachPlace(outputs, (place, target) => {
    const positions: number[][] = []
    forEachPlace(kernels, (tap) => {
      positions.push(axes.map((axis, i) => place[i]! * axis.stride - axis.padBegin + tap[i]! * axis.dilation))
    })
    visit(target, positions)
  })
}

const isInside = (axes: readonly Window[], at: readonly number[], ends?: readonly number[]): boolean =>
  at.every((position, i) => (ends ? true : position >= 0) && position < axes[i]!.input + (ends?.[i] ?? 0))

const flatOf = (axes: readonly Window[], at: readonly number[]): number =>
  at.reduce((sum, position, i) => sum * axes[i]!.input + position, 0)

export function pool(call: PoolCall, input: HostArray, output: HostArray): void {
  const { axes, planes, type, countsPadding, padEnds, norm = 2 } = call
  const x = numbersOf(input)
  const inputSize = elementCount(axes.map((axis) => axis.input))
  const outputSize = elementCount(axes.map((axis) => axis.output))
  for (let plane = 0; plane < planes; plane++) {
    forEachWindow(axes, (place, positions) => {
      const found = positions
        .filter((at) => isInside(axes, at))
        .map((at) => x[plane * inputSize + flatOf(axes, at)] as number)
      const counted = positions.filter((at) => isInside(axes, at, padEnds)).length
      const sum = (of: (value: number) => number) => found.reduce((total, value) => total + of(value), 0)
      const value = {
        max: () => Math.max(...found),
        average: () => sum((one) => one) / (countsPadding ? counted : found.length),
        norm: () => sum((one) => Math.abs(one) ** norm) ** (1 / norm),
      }[type]()
      setValue(output, plane * outputSize + place, value)
    })
  }
}

export function argPool({ axes, planes, byColumns }: ArgPoolCall, input: HostArray, output: HostArray): void {
  const x = numbersOf(input)
  const inputSize = elementCount(axes.map((axis) => axis.input))
  const outputSize = elementCount(axes.map((axis) => axis.output))
  const columnOf = (at: readonly number[]) => at.reduceRight((sum, position, i) => sum * axes[i]!.input + position, 0)
  for (let plane = 0; plane < planes; plane++) {
    forEachWindow(axes, (place, positions) => {
      const inside = positions.filter((at) => isInside(axes, at))
      const values = inside.map((at) => x[plane * inputSize + flatOf(axes, at)] as number)
      const best = inside[values.indexOf(Math.max(...values))]!
      const found = byColumns ? columnOf(best) : flatOf(axes, best)
      output.values[plane * outputSize + place] = BigInt(plane * inputSize + found)
    })
  }
}

export function maxPoolGradient(
  { axes, planes, input, gradient }: MaxPoolGradientCall,
  floatsOf: (operand: Operand) => Float32Array,
  dx: Float32Array,
): void {
  const [x, dy] = [floatsOf(input), floatsOf(gradient)]
  const inputSize = elementCount(axes.map((axis) => axis.input))
  const outputSize = elementCount(axes.map((axis) => axis.output))
  const sums = new Float64Array(dx.length)
  for (let plane = 0; plane < planes; plane++) {
    forEachWindow(axes, (place, positions) => {
      const inside = positions.filter((at) => isInside(axes, at))
      const values = inside.map((at) => x[plane * inputSize + flatOf(axes, at)] as number)
      const best = plane * inputSize + flatOf(axes, inside[values.indexOf(Math.max(...values))]!)
      sums[best] = sums[best]! + (dy[plane * outputSize + place] as number)
    })
  }
  dx.set(sums)
}

export function fold({ axes, planes }: FoldCall, { values: x }: HostArray, output: HostArray): void {
  const taps = elementCount(axes.map(({ kernel }) => kernel))
  const blocks = axes.map(({ input }) => input)
  const image = axes.map((axis) => axis.output)
  const y = output.values.fill(0 as never) as Float32Array
  for (let plane = 0; plane < planes; plane++) {
    // seen from the image, the blocks are windows
    const flipped = axes.map((axis) => ({ ...axis, input: axis.output, output: axis.input }))
    forEachWindow(flipped, (block, positions) => {
      positions.forEach((at, tap) => {
        if (!isInside(flipped, at)) return
        const target = plane * elementCount(image) + flatOf(flipped, at)
        y[target] = y[target]! + Number(x[(plane * taps + tap) * elementCount(blocks) + block])
      })
    })
  }
}

export function sample(call: SampleCall, arrayOf: ArrayOf): void {
  const { images, channels, sizes, places } = call
  const [x, positions, y] = [call.input, call.positions, call.output].map((one) => numbersOf(arrayOf(one)))
  const rank = sizes.length
  for (let at = 0; at < images * places; at++) {
    const position = sizes.map((_, axis) => positions![at * rank + rank - 1 - axis] as number)
    const [offsets, weights] = tapsAt(call, sizes, position)
    for (let c = 0; c < channels; c++) {
      const plane = Math.floor(at / places) * channels + c
      const from = plane * elementCount(sizes)
      y![plane * places + (at % places)] = offsets.reduce(
        (sum, offset, i) => sum + weights[i]! * (x![from + offset] as number),
        0,
      )
    }
  }
}

export function roi(call: RoiCall, arrayOf: ArrayOf, onIndexFault: OnIndexFault): void {
  const { channels, height, width, count, rows, columns, type } = call
  const [x, boxes, y] = [call.input, call.boxes, call.output].map((one) => numbersOf(arrayOf(one)) as Float32Array)
  const imageOf = call.imageOf && numbersOf(arrayOf(call.imageOf))
  const cellOf = type === 'maxElement' ? wholeCells : pointCells
  for (let box = 0; box < count; box++) {
    const image = Number(imageOf ? imageOf[box] : boxes![box * 5])
    if (!(image >= 0 && image < call.images)) onIndexFault(image, call.images)
    const corners = boxes!.subarray(imageOf ? box * 4 : box * 5 + 1).subarray(0, 4)
    const valueOf = cellOf(call, x!, corners)
    for (let c = 0; c < channels; c++) {
      for (let cell = 0; cell < rows * columns; cell++) {
        const from = (image * channels + c) * height * width
        y![(box * channels + c) * rows * columns + cell] = valueOf(from, Math.floor(cell / columns), cell % columns)
      }
    }
  }
}

type CellValue = (from: number, row: number, column: number) => number

function pointCells(call: RoiCall, x: Float32Array, corners: Float32Array): CellValue {
  const xs = samplesOf(call, corners[0]!, corners[2]!, call.columns, call.width)
  const ys = samplesOf(call, corners[1]!, corners[3]!, call.rows, call.height)
  return (from, row, column) => {
    const parts = ys[row]!.flatMap((down) => xs[column]!.map((across) => weighted(x, from, call.width, down, across)))
    if (call.type === 'average') return mean(parts)
    return parts.length === 0 ? 0 : Math.max(...parts.flat())
  }
}

function wholeCells(call: RoiCall, x: Float32Array, corners: Float32Array): CellValue {
  const [x1, y1, x2, y2] = [...corners].map((corner) => roundAway(Math.fround(corner * call.scale)))
  const xs = cellsOf(x1!, x2!, call.columns, call.width)
  const ys = cellsOf(y1!, y2!, call.rows, call.height)
  return (from, row, column) => largest(x, from, call.width, ys[row]!, xs[column]!)
}
