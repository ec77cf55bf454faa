import type { ChannelLayout } from './backend'

/** A run of elements that a kernel can take at once: whole outer slices, whole channels, or a piece of one channel. */
export interface Segment {
  /** Flat index of the first element. */
  readonly start: number
  readonly count: number
  /** First channel; the segment's channels are `channel … channel + layout.channels`. */
  readonly channel: number
  readonly layout: ChannelLayout
}

/** Cuts the flat range `[start, start + count)` of [outer, channels, inner] into at most five segments, in order. */
export function* segments(whole: ChannelLayout, start: number, count: number): Generator<Segment> {
  const { channels, inner } = whole
  const slice = channels * inner
  const end = start + count
  for (let at = start; at < end;) {
    const inSlice = at % slice
    const channel = Math.floor(inSlice / inner)
    const inChannel = inSlice % inner
    const left = end - at
    let layout: ChannelLayout
    if (inSlice === 0 && left >= slice) layout = { outer: Math.floor(left / slice), channels, inner }
    else if (inChannel === 0 && left >= inner) {
      layout = { outer: 1, channels: Math.min(channels - channel, Math.floor(left / inner)), inner }
    } else layout = { outer: 1, channels: 1, inner: Math.min(inner - inChannel, left) }
    const size = layout.outer * layout.channels * layout.inner
    yield { start: at, count: size, channel, layout }
    at += size
  }
}

/** [outer, channels, inner] of a tensor that is quantized along `axis`; null = one scale for all. */
export function layoutOf(shape: readonly number[], axis: number | null): ChannelLayout {
  const product = (sizes: readonly number[]) => sizes.reduce((result, size) => result * size, 1)
  const channels = axis === null ? 1 : shape[axis]
  if (axis === null || channels === undefined) return { outer: 1, channels: 1, inner: product(shape) }
  return { outer: product(shape.slice(0, axis)), channels, inner: product(shape.slice(axis + 1)) }
}
