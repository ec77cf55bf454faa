/** What Conv and ConvInteger share: shape rule, sums over windows, and the kernel call. */
import type { ConvCall, Operand } from '../backends/kernel-calls'
import { elementCount } from '../core/dtypes'
import type { InferContext, LowerContext, NodeView, ReferenceContext } from './op'
import type { Dims } from './shapes'
import { type convAttributes, forEachWindow, outputDims, windowsOf, type SpatialOptions } from './spatial'

export { convAttributes } from './spatial'

type Schema = typeof convAttributes
type Context = Pick<NodeView<Schema>, 'attributes' | 'fail'>

const optionsOf = ({ attributes }: Context, kernel: readonly number[]): SpatialOptions => ({
  kernel,
  strides: attributes.strides,
  dilations: attributes.dilations,
  pads: attributes.pads,
  autoPad: attributes.auto_pad,
  isCeil: false,
})

/** The windows of every spatial axis. */
export const convWindows = (context: Context, sizes: readonly number[], kernel: readonly number[]) =>
  windowsOf(context, sizes, optionsOf(context, kernel))

/** [N, O, …] of x (input 0), w (input 1) and, where there is one, the bias. */
export function convShape(context: InferContext<Schema>, bias: Dims | undefined): Dims | undefined {
  const [x, w] = [context.shape(0), context.shape(1)]
  if (x && w) checkShapes(context, x, w, bias)
  const rank = (x ?? w)?.length
  if (rank === undefined) return undefined
  const kernel = kernelOf(context, w)
  const spatial =
    x && kernel ? outputDims(context, x.slice(2), optionsOf(context, kernel)) : new Array<null>(rank - 2).fill(null)
  return [x?.[0] ?? null, w?.[0] ?? null, ...spatial]
}

export interface Filled {
  readonly shape: readonly number[]
  readonly values: ArrayLike<number>
}

/** The sums in double precision, with their shape. @param bias one per output channel */
export function convolve(
  context: ReferenceContext<Schema>,
  x: Filled,
  w: Filled,
  bias?: ArrayLike<number>,
): { shape: readonly number[]; values: Float64Array } {
  const { group } = context.attributes
  const [batch, channels, ...sizes] = x.shape as [number, number, ...number[]]
  const [outputs, perGroup, ...kernel] = w.shape as [number, number, ...number[]]
  const axes = convWindows(context, sizes, kernel)
  const shape = [batch, outputs, ...axes.map(({ output }) => output)]
  const values = new Float64Array(elementCount(shape))
  const outSize = elementCount(axes.map(({ output }) => output))
  const sources = windowSources(axes)
  const weights = Float64Array.from(w.values)
  const [inSize, taps, each] = [elementCount(sizes), elementCount(kernel), outputs / group]
  // what the kernel sees at one place, zeros for padding: all outputs of a group are products with it
  const seen = new Float64Array(perGroup * taps)
  for (let part = 0; part < batch * group; part++) {
    const [n, g] = [Math.floor(part / group), part % group]
    for (let place = 0; place < outSize; place++) {
      for (let c = 0, i = 0; c < perGroup; c++) {
        const from = (n * channels + g * perGroup + c) * inSize
        for (let tap = 0; tap < taps; tap++, i++) {
          const at = sources[place * taps + tap] as number
          seen[i] = at < 0 ? 0 : (x.values[from + at] as number)
        }
      }
      for (let o = g * each; o < (g + 1) * each; o++) {
        const sum = dot(weights, o * seen.length, seen) + (bias ? (bias[o] as number) : 0)
        values[(n * outputs + o) * outSize + place] = sum
      }
    }
  }
  return { shape, values }
}

/** The convolution of an input and a weight, both float32. */
export function convCall(
  context: LowerContext<Schema>,
  { input, weight, bias, output }: Pick<ConvCall, 'input' | 'weight' | 'output'> & { readonly bias?: Operand },
): ConvCall {
  const { group } = context.attributes
  return {
    kernel: 'conv',
    input,
    weight,
    ...(bias && { bias }),
    output,
    batch: input.shape[0] as number,
    groups: group,
    inPerGroup: weight.shape[1] as number,
    outPerGroup: (weight.shape[0] as number) / group,
    axes: convWindows(context, input.shape.slice(2), weight.shape.slice(2)),
  }
}

/** [places, taps]: which element of a channel each tap sees at each place; -1 for padding. */
function windowSources(axes: Parameters<typeof forEachWindow>[0]): Int32Array {
  const taps = elementCount(axes.map(({ kernel }) => kernel))
  const sources = new Int32Array(elementCount(axes.map(({ output }) => output)) * taps).fill(-1)
  let at = 0
  forEachWindow(axes, {
    begin: (place) => void (at = place * taps),
    visit: (input, tap) => void (sources[at + tap] = input),
  })
  return sources
}

/** In two sums: one would wait for each addition before the next. */
function dot(rows: Float64Array, from: number, column: Float64Array): number {
  let [even, odd] = [0, 0]
  const last = column.length - 1
  for (let i = 0; i < last; i += 2) {
    even += (rows[from + i] as number) * (column[i] as number)
    odd += (rows[from + i + 1] as number) * (column[i + 1] as number)
  }
  if (column.length % 2 === 1) even += (rows[from + last] as number) * (column[last] as number)
  return even + odd
}

function kernelOf({ attributes }: Context, w: Dims | undefined): readonly number[] | undefined {
  const known = w?.slice(2)
  if (known?.every((dim) => typeof dim === 'number')) return known as number[]
  return attributes.kernel_shape
}

function checkShapes(context: Context, x: Dims, w: Dims, bias: Dims | undefined): void {
  const { group, kernel_shape } = context.attributes
  if (x.length < 3) context.fail('the input must be [N, C, …] with at least one spatial axis')
  if (w.length !== x.length) context.fail('input and weight must have one rank')
  const [channels, outputs, perGroup] = [x[1], w[0], w[1]]
  if (group < 1) context.fail(`group must be positive, not ${group}`)
  if (typeof outputs === 'number' && outputs % group !== 0)
    context.fail(`${outputs} output channels cannot form ${group} groups`)
  if (typeof channels === 'number' && typeof perGroup === 'number' && channels !== perGroup * group) {
    context.fail(`the input has ${channels} channels, and the weight wants ${perGroup} in each of ${group} groups`)
  }
  const kernel = w.slice(2)
  if (kernel_shape && kernel.some((dim, axis) => typeof dim === 'number' && dim !== kernel_shape[axis])) {
    context.fail(`kernel_shape ${kernel_shape.join(' × ')} is not the weight's`)
  }
  if (
    bias &&
    !(bias.length === 1 && (typeof bias[0] !== 'number' || typeof outputs !== 'number' || bias[0] === outputs))
  ) {
    context.fail('the bias must have one entry per output channel')
  }
}
