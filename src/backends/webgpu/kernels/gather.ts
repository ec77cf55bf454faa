import { deviceLayout } from '../../../core/device-layout'
import { elementCount } from '../../../core/dtypes'
import { collapse } from '../../axes'
import type { GatherCall, Operand } from '../../kernel-calls'
import type { Blocks, GatherBlocksCall } from '../../place-calls'
import type { Kernel, Size, Storage } from '../dispatch'

/** Vectors of four where float32 moves in whole ones. */
export function widthOf({ dtype }: Operand, run: number): 1 | 4 {
  return deviceLayout(dtype)?.scalar === 'f32' && run % 4 === 0 ? 4 : 1
}

export const wide = (name: string, of: Operand, width: 1 | 4): Storage =>
  width === 4 ? { name, of, vector: 4 } : { name, of }

export const isIndex = ({ dtype }: Operand): boolean => dtype === 'int64' || dtype === 'int32'

/** Entries of one axis. */
export const gather: Kernel<GatherCall> = {
  supports: ({ input, output, indices }) => input.dtype === output.dtype && isIndex(indices),
  encode({ input, indices, output, outer, size, count, inner }) {
    const width = widthOf(input, inner)
    return [
      {
        shader: 'gather',
        storage: [wide('x', input, width), { name: 'indices', of: indices }, wide('y', output, width)],
        sizes: { size, entries: count, inner: inner / width },
        grid: { invocations: (outer * count * inner) / width },
      },
    ]
  },
}

/** What blocks.wgsl reads; steps and strides in units of `width` elements. */
export function blockSizes({ sizes, strides, limits, steps }: Blocks, width = 1) {
  const axes = collapse(sizes, [strides])
  const list = (numbers: readonly number[]): Size => ({ list: numbers.map((one) => one / width) })
  return {
    sizes: {
      extents: { list: axes.sizes },
      strides: list(axes.strides[0]!),
      limits: { list: limits },
      steps: list(steps),
    },
    constants: { RANK: axes.sizes.length, DEPTH: limits.length },
  }
}

/** Blocks that tuples of indices name. */
export const gatherBlocks: Kernel<GatherBlocksCall> = {
  supports: ({ input, output, indices }) => input.dtype === output.dtype && isIndex(indices),
  encode({ input, indices, output, blocks }) {
    const width = widthOf(input, blocks.block)
    const { sizes, constants } = blockSizes(blocks, width)
    return [
      {
        shader: 'gather-blocks',
        storage: [wide('x', input, width), { name: 'indices', of: indices }, wide('y', output, width)],
        sizes: { ...sizes, block: blocks.block / width },
        constants,
        grid: { invocations: elementCount(output.shape) / width },
      },
    ]
  },
}
