import { assert } from '../core/errors'
import type { ChannelLayout } from './backend'
import { segments, type Segment } from './segments'

/** An axis whose elements share scales in runs of `block`; the last run may be shorter. */
export interface BlockAxis {
  readonly size: number
  readonly block: number
}

/** A tensor with one scale for each block of a grid that no channel layout describes. */
export interface BlockLayout {
  /** Neighbouring axes that can be seen as one are one. */
  readonly axes: readonly BlockAxis[]
  /** Number of scales: the grid's blocks, row-major. */
  readonly channels: number
}

/** Which scale each element has. */
export type ScaleLayout = ChannelLayout | BlockLayout

export function isBlockLayout(layout: ScaleLayout): layout is BlockLayout {
  return 'axes' in layout
}

/**
 * The layout of a tensor with one scale for each block of these sizes, one size per axis: 1 = a scale for each index, the
 * whole axis = one for all. A channel layout wherever there is one.
 */
export function gridLayoutOf(shape: readonly number[], blocks: readonly number[]): ScaleLayout {
  assert(shape.length === blocks.length, `${blocks.length} block sizes for [${shape.join(', ')}]`)
  assert(
    blocks.every((block) => Number.isInteger(block) && block > 0),
    `blocks of [${blocks.join(', ')}]`,
  )
  const channels = product(shape.map((size, axis) => Math.ceil(size / (blocks[axis] as number))))
  if (product(shape) === 0) return { outer: 0, channels, inner: 1 }
  const axes = merged(shape.map((size, axis) => ({ size, block: Math.min(size, blocks[axis] as number) })))
  const last = axes.at(-1)
  if (!last) return { outer: 1, channels: 1, inner: 1 }
  const outer = axes.length === 1 ? { size: 1, block: 1 } : (axes[0] as BlockAxis)
  const isChannels = axes.length <= 2 && outer.block === outer.size && isWhole(last)
  return isChannels ? { outer: outer.size, channels, inner: last.block } : { axes, channels }
}

const product = (sizes: readonly number[]): number => sizes.reduce((result, size) => result * size, 1)

/** Whether the last block is as long as the others. */
const isWhole = ({ size, block }: BlockAxis): boolean => size % block === 0

function merged(axes: readonly BlockAxis[]): BlockAxis[] {
  const result: BlockAxis[] = []
  for (const axis of axes) {
    if (axis.size === 1) continue
    let last = axis
    for (let before = result.at(-1); before; before = result.at(-1)) {
      if (last.block === last.size) last = { size: before.size * last.size, block: before.block * last.size }
      else if (before.block === 1 && isWhole(last)) last = { size: before.size * last.size, block: last.block }
      else break
      result.pop()
    }
    result.push(last)
  }
  return result
}

/**
 * Cuts the flat range `[start, start + count)` into pieces that a kernel takes at once, in order. The scales of a piece follow
 * each other from its `channel` on.
 *
 * Blocks of 32 along the first axis of [4096, 4096] are 128 pieces, along the last one a single piece. Where the last axis ends
 * with a short block, each row is two pieces.
 */
export function* scalePieces(layout: ScaleLayout, start: number, count: number): Generator<Segment> {
  if (isBlockLayout(layout)) yield* grid(layout.axes, { from: start, to: start + count }, { start: 0, channel: 0 })
  else yield* segments(layout, start, count)
}

interface Range {
  readonly from: number
  readonly to: number
}

/** Where a part of the tensor begins. */
interface Origin {
  readonly start: number
  readonly channel: number
}

function* grid(axes: readonly BlockAxis[], { from, to }: Range, origin: Origin): Generator<Segment> {
  const [first, ...rest] = axes as readonly [BlockAxis, ...BlockAxis[]]
  if (rest.length === 0) return yield* line(first.block, { from, to }, origin)
  const inner = product(rest.map(({ size }) => size))
  const scales = product(rest.map(({ size, block }) => Math.ceil(size / block)))
  const [row0, isOneLayout] = [rest[0] as BlockAxis, rest.length === 1 && isWhole(rest[0] as BlockAxis)]
  for (let at = from; at < to;) {
    const row = Math.floor(at / inner)
    const band = Math.floor(row / first.block)
    const channel = origin.channel + band * scales
    const rows = Math.min((band + 1) * first.block, Math.floor(to / inner)) - row
    if (isOneLayout && at === row * inner && rows > 0) {
      const layout = { outer: rows, channels: scales, inner: row0.block }
      yield { start: origin.start + at, count: rows * inner, channel, layout }
      at += rows * inner
      continue
    }
    const end = Math.min(to, (row + 1) * inner)
    const inRow = { from: at - row * inner, to: end - row * inner }
    yield* grid(rest, inRow, { start: origin.start + row * inner, channel })
    at = end
  }
}

/** Blocks one after the other: part of the first, whole ones, part of the last. */
function* line(block: number, { from, to }: Range, origin: Origin): Generator<Segment> {
  for (let at = from; at < to;) {
    const index = Math.floor(at / block)
    const channels = at === index * block ? Math.max(1, Math.floor((to - at) / block)) : 1
    const inner = Math.min(channels > 1 ? block : (index + 1) * block - at, to - at)
    yield {
      ...{ start: origin.start + at, count: channels * inner },
      ...{ channel: origin.channel + index, layout: { outer: 1, channels, inner } },
    }
    at += channels * inner
  }
}
