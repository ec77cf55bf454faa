/** DeformConv as images read at positions, and a product of matrices with what was read. */
import type { Expression, KernelCall, Operand, Window } from '../../backends/kernel-calls'
import { elementCount } from '../../core/dtypes'
import { hostArray } from '../../core/host-array'
import type { AttributeSchema } from '../attributes'
import { aliasCall, copyCall } from '../movement'
import type { LowerContext } from '../op'
import { stridesOf } from '../shapes'
import { tapsOf } from '../spatial'

type Context = LowerContext<AttributeSchema>

interface Sizes {
  readonly axes: readonly Window[]
  /** group and offset_group. */
  readonly groups: number
  readonly parts: number
}

const sum: Expression = { binary: 'add', left: { input: 0 }, right: { input: 1 } }
const product: Expression = { binary: 'mul', left: { input: 0 }, right: { input: 1 } }

/** Inputs x, weight, offset, bias, mask; null for other types than float32 or more than three axes. */
export function lowerDeformConv(context: Context, sizes: Sizes): readonly KernelCall[] | null {
  const { axes, groups, parts } = sizes
  const [x, weight, output] = [context.input(0), context.input(1), context.output(0)]
  if (x.dtype !== 'float32' || axes.length > 3) return null
  const [batch, channels] = x.shape as [number, number]
  const [outputs, perGroup] = weight.shape as [number, number]
  const taps = elementCount(axes.map(({ kernel }) => kernel))
  const count = elementCount(axes.map((axis) => axis.output))
  const [places, images, each] = [taps * count, batch * parts, channels / parts]
  const calls: KernelCall[] = []
  const scratch = (shape: readonly number[]) => context.scratch('float32', shape)
  const shaped = (input: Operand, shape: readonly number[]): Operand => {
    const made = scratch(shape)
    calls.push(aliasCall(input, made))
    return made
  }
  const positions = movedPositions(context, axes, images, calls)
  let columns = scratch([images, each, places])
  calls.push({
    ...{ kernel: 'sample', mode: 'linear', padding: 'zeros', unit: 'elements' },
    ...{ input: shaped(x, [images, each, ...axes.map(({ input }) => input)]), positions, output: columns },
    ...{ images, channels: each, sizes: axes.map(({ input }) => input), places },
  })
  if (context.has(4)) {
    const weighed = scratch(columns.shape)
    const mask = shaped(context.input(4), [images, 1, places])
    calls.push({ kernel: 'map', expression: product, inputs: [columns, mask], output: weighed })
    columns = weighed
  }
  const hasBias = context.has(3)
  const sums = hasBias ? scratch(output.shape) : output
  const [m, k] = [outputs / groups, perGroup * taps]
  calls.push({
    ...{ kernel: 'gemm', a: weight, b: columns, output: sums, m, n: count, k },
    ...{ transposeA: false, transposeB: false, alpha: 1 },
    batches: Array.from({ length: batch * groups }, (_, i) => ({ a: (i % groups) * m * k, b: i * k * count })),
  })
  if (hasBias) {
    const bias = shaped(context.input(3), [outputs, ...axes.map(() => 1)])
    calls.push({ kernel: 'map', expression: sum, inputs: [sums, bias], output })
  }
  return calls
}

/** Where every tap of every place reads: [images, taps · places, axes], the last axis first. */
function movedPositions(context: Context, axes: readonly Window[], images: number, calls: KernelCall[]): Operand {
  const rank = axes.length
  const taps = tapsOf(axes)
  const outputs = axes.map(({ output }) => output)
  const count = elementCount(outputs)
  // offset [images, taps, axes, places] with axes turned round to the end
  const turned = context.scratch('float32', [images, taps.length * count, rank])
  calls.push(
    copyCall(context.input(2), turned, {
      sizes: [images * taps.length, count, rank],
      inputStrides: [rank * count, 1, -count],
      inputOffset: (rank - 1) * count,
      outputStrides: [count * rank, rank, 1],
      outputOffset: 0,
    }),
  )
  const steps = stridesOf(outputs)
  const places = taps.flatMap(({ offsets }) =>
    Array.from({ length: count }, (_, place) =>
      axes
        .map(({ stride, padBegin, output }, axis) => {
          const index = Math.floor(place / steps[axis]!) % output
          return index * stride - padBegin + offsets[axis]!
        })
        .reverse(),
    ).flat(),
  )
  const fixed = context.store(hostArray('float32', [taps.length * count, rank], places))
  const positions = context.scratch('float32', turned.shape)
  calls.push({ kernel: 'map', expression: sum, inputs: [turned, fixed], output: positions })
  return positions
}
