import { deviceLayout } from '../../../core/device-layout'
import { elementCount } from '../../../core/dtypes'
import { collapse } from '../../axes'
import type { GatherCall } from '../../kernel-calls'
import type { Blocks, GatherBlocksCall } from '../../place-calls'
import type { DeviceFacts, Dispatch, Kernel } from '../dispatch'
import { deviceBytes } from '../elements'
import { isIndex, wide, widthOf } from './units'

/** Entries of one axis. A table that exceeds a binding is read in parts; each writes the entries that it has. */
export const gather: Kernel<GatherCall> = {
  splits: true,
  supports(call, facts) {
    const { input, output, indices } = call
    const { maxStorageBufferBindingSize: most } = facts.limits
    const fits = [output, indices].every(({ dtype, shape }) => deviceBytes(dtype, elementCount(shape)) <= most)
    return input.dtype === output.dtype && isIndex(indices) && fits && rowsPerPart(call, facts) > 0
  },
  encode(call, facts) {
    const { input, indices, output, outer, size, count, inner } = call
    const width = widthOf(input, inner)
    const shared = {
      sizes: { size, entries: count, inner: inner / width },
      grid: { invocations: (outer * count * inner) / width },
    }
    const storage = [wide('x', input, width), { name: 'indices', of: indices }, wide('y', output, width)] as const
    const rows = rowsPerPart(call, facts)
    if (rows >= size) return [{ shader: 'gather', storage, ...shared }]
    return Array.from({ length: Math.ceil(size / rows) }, (_, part): Dispatch => {
      const [first, held] = [part * rows, Math.min(rows, size - part * rows)]
      return {
        ...{ ...shared, shader: 'gather-part', sizes: { ...shared.sizes, first, held } },
        storage: storage.with(0, { ...storage[0], from: first * inner, count: held * inner }),
      }
    })
  },
}

/** Rows of the table that one binding holds: all, or whole 256 bytes of single words; 0 where it cannot be cut. */
function rowsPerPart({ input, outer, size, inner }: GatherCall, { limits }: DeviceFacts): number {
  const most = limits.maxStorageBufferBindingSize
  if (deviceBytes(input.dtype, elementCount(input.shape)) <= most) return size
  const canCut = outer === 1 && deviceLayout(input.dtype)?.bits === 32
  return canCut ? Math.floor(most / (4 * 64 * inner)) * 64 : 0
}

const PLACE_AXIS = ['  start += rest % sizes.extent# * sizes.stride#;', '  rest /= sizes.extent#;']
const INDEX = '  start += place(tuple * DEPTHu + #u, sizes.limit#) * sizes.step#;'

/** What blocks.wgsl reads and runs; steps and strides in units of `width` elements. */
export function blockParts({ sizes: extents, strides, limits, steps }: Blocks, width = 1) {
  const axes = collapse(extents, [strides])
  // an axis without stride before all others changes nothing
  const first = axes.strides[0]!.findIndex((stride) => stride > 0)
  const used = first < 0 ? [] : [...axes.sizes.keys()].slice(first)
  const sizes: Record<string, number> = {}
  for (const axis of used) {
    sizes[`extent${axis}`] = axes.sizes[axis]!
    sizes[`stride${axis}`] = axes.strides[0]![axis]! / width
  }
  limits.forEach((limit, d) => {
    sizes[`limit${d}`] = limit
    sizes[`step${d}`] = steps[d]! / width
  })
  const places = used.toReversed().flatMap((axis) => PLACE_AXIS.map((line) => line.replaceAll('#', `${axis}`)))
  const index = INDEX.replace('DEPTH', `${limits.length}`)
  const indices = limits.map((_, d) => index.replaceAll('#', `${d}`))
  return { sizes, slots: { tuple: [...places, ...indices].join('\n') } }
}

/** Blocks that tuples of indices name. */
export const gatherBlocks: Kernel<GatherBlocksCall> = {
  supports: ({ input, output, indices }) => input.dtype === output.dtype && isIndex(indices),
  encode({ input, indices, output, blocks }) {
    const width = widthOf(input, blocks.block)
    const { sizes, slots } = blockParts(blocks, width)
    return [
      {
        shader: 'gather-blocks',
        storage: [wide('x', input, width), { name: 'indices', of: indices }, wide('y', output, width)],
        sizes: { ...sizes, block: blocks.block / width },
        slots,
        grid: { invocations: elementCount(output.shape) / width },
      },
    ]
  },
}
