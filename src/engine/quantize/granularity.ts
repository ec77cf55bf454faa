import type { ChannelLayout } from '../../backends/backend'
import { layoutOf } from '../../backends/segments'
import { UnsupportedError } from '../../core/errors'

/** Which elements of a tensor share a scale. */
export type Granularity =
  | { readonly kind: 'tensor' }
  /** One scale for each index of `axis`. */
  | { readonly kind: 'channel'; readonly axis: number }
  /** One scale for each run of `size` neighbours along `axis`; the last run may be shorter. */
  | { readonly kind: 'group'; readonly axis: number; readonly size: number }
  /** One scale for each block of these sizes, one size per axis; the last block of an axis may be shorter. */
  | { readonly kind: 'block'; readonly sizes: readonly number[] }

/** [outer, channels, inner] of a tensor whose scales lie on at most one axis. @throws UnsupportedError for the others */
export function channelLayoutOf(shape: readonly number[], granularity: Granularity): ChannelLayout {
  if (granularity.kind === 'tensor') return layoutOf(shape, null)
  if (granularity.kind === 'channel') return layoutOf(shape, granularity.axis)
  throw new UnsupportedError(`Scales by ${granularity.kind} have no channel layout.`)
}
