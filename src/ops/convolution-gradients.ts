/** What the convolution, its transpose and their gradients share: sums scattered over windows, and sums for weights. */
import type { Window } from '../backends/kernel-calls'
import { elementCount } from '../core/dtypes'
import type { Filled } from './convolution'
import { forEachWindow } from './spatial'

/** Seen from the output, the input's pixels are the windows. */
const flipped = (axes: readonly Window[]): Window[] =>
  axes.map((axis) => ({ ...axis, input: axis.output, output: axis.input }))

/**
 * The transpose of a convolution: each pixel adds w · x to the outputs that its window covers.
 * @param x [N, C, …input]
 * @param w [C, O / group, …kernel]
 * @param axes as of ConvTranspose: `input` is the size of x
 * @returns [N, O, …output] in double precision
 */
export function scatterWindows(x: Filled, w: Filled, axes: readonly Window[], group: number): Float64Array {
  const [batch, channels] = x.shape as [number, number]
  const perGroup = w.shape[1] as number
  const outputs = perGroup * group
  const taps = elementCount(axes.map(({ kernel }) => kernel))
  const [inSize, outSize] = [
    elementCount(axes.map(({ input }) => input)),
    elementCount(axes.map(({ output }) => output)),
  ]
  const sums = new Float64Array(batch * outputs * outSize)
  let place = 0
  forEachWindow(flipped(axes), {
    begin: (position) => void (place = position),
    visit(target, tap) {
      for (let n = 0; n < batch; n++) {
        for (let c = 0; c < channels; c++) {
          const value = x.values[(n * channels + c) * inSize + place] as number
          const first = Math.floor(c / (channels / group)) * perGroup
          for (let o = 0; o < perGroup; o++) {
            const at = (n * outputs + first + o) * outSize + target
            sums[at] = (sums[at] as number) + value * (w.values[(c * perGroup + o) * taps + tap] as number)
          }
        }
      }
    },
  })
  return sums
}

/**
 * dw[o, c, k] = Σ_n Σ_q dy[n, o, q] · x[n, c, what tap k sees at q], c being a channel of o's group.
 * @param x [N, C, …input]
 * @param dy [N, O, …output]
 * @param axes those of the convolution
 * @returns [O, C / group, …kernel] in double precision
 */
export function weightSums(x: Filled, dy: Filled, axes: readonly Window[], group: number): Float64Array {
  const [batch, channels] = x.shape as [number, number]
  const outputs = dy.shape[1] as number
  const [perGroup, each] = [channels / group, outputs / group]
  const taps = elementCount(axes.map(({ kernel }) => kernel))
  const [inSize, outSize] = [
    elementCount(axes.map(({ input }) => input)),
    elementCount(axes.map(({ output }) => output)),
  ]
  const sums = new Float64Array(outputs * perGroup * taps)
  let place = 0
  forEachWindow(axes, {
    begin: (position) => void (place = position),
    visit(source, tap) {
      for (let n = 0; n < batch; n++) {
        for (let o = 0; o < outputs; o++) {
          const slope = dy.values[(n * outputs + o) * outSize + place] as number
          const first = n * channels + Math.floor(o / each) * perGroup
          for (let c = 0; c < perGroup; c++) {
            const at = (o * perGroup + c) * taps + tap
            sums[at] = (sums[at] as number) + slope * (x.values[(first + c) * inSize + source] as number)
          }
        }
      }
    },
  })
  return sums
}
