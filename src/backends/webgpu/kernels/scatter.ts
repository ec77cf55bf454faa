import { deviceLayout, type DeviceLayout } from '../../../core/device-layout'
import { elementCount, type KnownDType } from '../../../core/dtypes'
import type { ScatterBlocksCall, ScatterReduction } from '../../place-calls'
import type { Dispatch, Kernel, Temporary } from '../dispatch'
import { blockParts } from './gather'
import { isIndex, wide, widthOf } from './units'

/**
 * The tuples that name a block are found first: the last one, or a list of all. Then each element of the output is computed
 * alone, so elements that share a word have one writer, and no result depends on how invocations ran.
 */
export const scatterBlocks: Kernel<ScatterBlocksCall> = {
  supports(call, { limits }) {
    const { input, updates, output, indices, reduction } = call
    const isOne = input.dtype === output.dtype && updates.dtype === output.dtype && isIndex(indices)
    const isComputed = reduction === 'none' || !NARROW.has(output.dtype)
    return isOne && isComputed && 4 * Math.max(blocksOf(call), tuplesOf(call)) <= limits.maxStorageBufferBindingSize
  },
  encode(call) {
    const heads: Temporary = { temporary: 'u32', count: blocksOf(call) }
    const clear: Dispatch = {
      shader: 'fill',
      storage: [{ name: 'y', of: heads }],
      sizes: { value: 0 },
      grid: { invocations: heads.count },
    }
    return [clear, ...(call.reduction === 'none' ? replaced(call, heads) : combined(call, call.reduction, heads))]
  },
}

/** Types narrower than their slot: results would have to be rounded to them. */
const NARROW: ReadonlySet<KnownDType> = new Set<KnownDType>([
  ...(['float8e4m3fn', 'float8e4m3fnuz', 'float8e5m2', 'float8e5m2fnuz', 'float8e8m0', 'float4e2m1'] as const),
  ...(['float16', 'bfloat16', 'int4', 'uint4', 'int2', 'uint2', 'bool'] as const),
])

const blocksOf = ({ output, blocks }: ScatterBlocksCall): number => elementCount(output.shape) / blocks.block
const tuplesOf = ({ blocks }: ScatterBlocksCall): number => elementCount(blocks.sizes)

function replaced(call: ScatterBlocksCall, heads: Temporary): Dispatch[] {
  const { input, indices, updates, output, blocks } = call
  const { sizes, slots } = blockParts(blocks)
  const width = widthOf(output, blocks.block)
  const find: Dispatch = {
    shader: 'scatter-last',
    storage: [
      { name: 'indices', of: indices },
      { name: 'heads', of: heads, isAtomic: true },
    ],
    sizes: { ...sizes, block: blocks.block },
    slots,
    grid: { invocations: tuplesOf(call) },
  }
  const put: Dispatch = {
    shader: 'scatter-put',
    storage: [
      wide('x', input, width),
      wide('updates', updates, width),
      { name: 'heads', of: heads },
      wide('y', output, width),
    ],
    sizes: { block: blocks.block / width },
    grid: { invocations: elementCount(output.shape) / width },
  }
  return [find, put]
}

function combined(call: ScatterBlocksCall, reduction: Exclude<ScatterReduction, 'none'>, heads: Temporary): Dispatch[] {
  const { input, indices, updates, output, blocks } = call
  const { sizes, slots } = blockParts(blocks)
  const next: Temporary = { temporary: 'u32', count: tuplesOf(call) }
  const layout = deviceLayout(output.dtype)!
  // whole numbers, and the largest of several, do not depend on the order
  const isOrdered = layout.scalar === 'f32' && (reduction === 'add' || reduction === 'mul')
  const width = isOrdered ? widthOf(output, blocks.block) : 1
  const link: Dispatch = {
    shader: 'scatter-link',
    storage: [
      { name: 'indices', of: indices },
      { name: 'next', of: next },
      { name: 'heads', of: heads, isAtomic: true },
    ],
    sizes: { ...sizes, block: blocks.block },
    slots,
    grid: { invocations: next.count },
  }
  const lists = [
    { name: 'next', of: next },
    { name: 'heads', of: heads },
  ]
  const sort: Dispatch = { shader: 'scatter-sort', storage: lists, sizes: {}, grid: { invocations: heads.count } }
  const combine: Dispatch = {
    shader: 'scatter-combine',
    storage: [wide('x', input, width), wide('updates', updates, width), ...lists, wide('y', output, width)],
    sizes: { block: blocks.block / width },
    slots: { combine: combineLine(reduction, layout) },
    grid: { invocations: elementCount(output.shape) / width },
  }
  return isOrdered ? [link, sort, combine] : [link, combine]
}

/** NaN is told by its bits. */
const OLD_IS_NAN = '(bitcast<u32>(old) & 0x7fffffffu) > 0x7f800000u'

const FLOAT_LINES: Record<Exclude<ScatterReduction, 'none'>, string> = {
  add: 'old + update',
  mul: 'old * update',
  max: `select(update, old, old > update || ${OLD_IS_NAN})`,
  min: `select(update, old, old < update || ${OLD_IS_NAN})`,
}
const WHOLE_LINES = { ...FLOAT_LINES, max: 'max(old, update)', min: 'min(old, update)' }
const CHECKED_LINES = { ...WHOLE_LINES, add: 'whole_add(old, update)', mul: 'whole_multiply(old, update)' }
const CHECKED_UNSIGNED_LINES = {
  ...WHOLE_LINES,
  add: 'whole_add_unsigned(old, update)',
  mul: 'whole_multiply_unsigned(old, update)',
}

function combineLine(reduction: Exclude<ScatterReduction, 'none'>, { scalar, isNarrowed }: DeviceLayout): string {
  const checked = scalar === 'i32' ? CHECKED_LINES : CHECKED_UNSIGNED_LINES
  const lines = scalar === 'f32' ? FLOAT_LINES : isNarrowed ? checked : WHOLE_LINES
  return `fn combine(old: y_element, update: y_element) -> y_element { return ${lines[reduction]}; }`
}
