import { elementCount } from '../../core/dtypes'
import { numbersOf } from '../../core/host-array'
import * as a from '../attributes'
import { defineOperator, FLOAT32, notYetDifferentiable, onHost, type NodeView } from '../op'
import { outputDims, windowsOf, type SpatialOptions } from '../spatial'

const attributes = {
  dilations: a.optional(a.ints()),
  group: a.int(1),
  kernel_shape: a.optional(a.ints()),
  offset_group: a.int(1),
  pads: a.optional(a.ints()),
  strides: a.optional(a.ints()),
}

const optionsOf = (
  { attributes: given }: Pick<NodeView<typeof attributes>, 'attributes'>,
  kernel: readonly number[],
): SpatialOptions => ({
  kernel,
  strides: given.strides,
  dilations: given.dilations,
  pads: given.pads,
  autoPad: 'NOTSET',
  isCeil: false,
})

/**
 * A convolution whose places are moved by learned offsets and weighed by a mask: x [N, C, H, W], w [O, C / group, kH, kW],
 * offset [N, offset_group · kH · kW · 2, OH, OW], b [O], mask [N, offset_group · kH · kW, OH, OW]
 * (ONNX DeformConv-22; arXiv:1811.11168).
 */
export const deformConv = defineOperator({
  name: 'DeformConv',
  domain: '',
  attributes,
  inputs: [3, 5],
  infer(context) {
    const [x, w] = [context.shape(0), context.shape(1)]
    if ((x && x.length !== 4) || (w && w.length !== 4)) context.fail('input and weight must have rank 4')
    const kernel = w?.slice(2)
    const isKnown = x && kernel?.every((dim) => typeof dim === 'number')
    const spatial = isKnown ? outputDims(context, x.slice(2), optionsOf(context, kernel as number[])) : [null, null]
    return [{ dtype: context.dtype(0), shape: [x?.[0] ?? null, w?.[0] ?? null, ...spatial] }]
  },
  reference(context, x, w, offset, bias, mask) {
    const { group, offset_group: offsetGroups } = context.attributes
    const [batch, channels, height, width] = x!.shape as [number, number, number, number]
    const [outputs, perGroup, ...kernel] = w!.shape as [number, number, ...number[]]
    const [rows, columns] = windowsOf(context, [height, width], optionsOf(context, kernel)) as [
      ReturnType<typeof windowsOf>[0],
      ReturnType<typeof windowsOf>[0],
    ]
    const taps = elementCount(kernel)
    const cells = rows.output * columns.output
    const [values, weights, offsets] = [numbersOf(x!), numbersOf(w!), numbersOf(offset!)]
    const [biases, masks] = [bias && numbersOf(bias), mask && numbersOf(mask)]
    const result = context.empty(x!.dtype, [batch, outputs, rows.output, columns.output])
    for (let n = 0; n < batch; n++) {
      for (let cell = 0; cell < cells; cell++) {
        const [top, left] = [
          Math.floor(cell / columns.output) * rows.stride - rows.padBegin,
          (cell % columns.output) * columns.stride - columns.padBegin,
        ]
        // every input channel at every moved place
        const seen = new Float64Array(channels * taps)
        for (let c = 0; c < channels; c++) {
          const part = Math.floor(c / (channels / offsetGroups))
          for (let tap = 0; tap < taps; tap++) {
            const at = ((n * offsetGroups + part) * taps + tap) * 2 * cells + cell
            const y = top + Math.floor(tap / kernel[1]!) * rows.dilation + (offsets[at] as number)
            const u = left + (tap % kernel[1]!) * columns.dilation + (offsets[at + cells] as number)
            const weight = masks ? (masks[((n * offsetGroups + part) * taps + tap) * cells + cell] as number) : 1
            seen[c * taps + tap] = weight * bilinear(values, (n * channels + c) * height * width, y, u, height, width)
          }
        }
        for (let o = 0; o < outputs; o++) {
          const first = Math.floor(o / (outputs / group)) * perGroup
          let sum = biases ? (biases[o] as number) : 0
          for (let i = 0; i < perGroup * taps; i++)
            sum += (weights[o * perGroup * taps + i] as number) * seen[first * taps + i]!
          result.values[(n * outputs + o) * cells + cell] = sum
        }
      }
    }
    return [result]
  },
  gradient: notYetDifferentiable,
  lower: onHost('every place is moved by a value'),
  tolerance: { ...FLOAT32, absolute: 1e-5 },
})

/** Between the four pixels around a point; zeros outside. */
function bilinear(
  values: ArrayLike<number>,
  from: number,
  y: number,
  x: number,
  height: number,
  width: number,
): number {
  const [top, left] = [Math.floor(y), Math.floor(x)]
  const pixel = (row: number, column: number) =>
    row >= 0 && row < height && column >= 0 && column < width ? (values[from + row * width + column] as number) : 0
  const [dy, dx] = [y - top, x - left]
  const upper = pixel(top, left) * (1 - dx) + pixel(top, left + 1) * dx
  const lower = pixel(top + 1, left) * (1 - dx) + pixel(top + 1, left + 1) * dx
  return upper * (1 - dy) + lower * dy
}
