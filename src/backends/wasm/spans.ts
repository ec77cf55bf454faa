import type { ChannelLayout } from '../backend'

/** A run of elements that one kernel call takes: `rows` rows of `width` elements from flat index `start`. */
export interface Span {
  readonly start: number
  readonly rows: number
  readonly width: number
  /** Channel of the first row; with columns, channel of the first element of each row. */
  readonly channel: number
}

/** Whether channels are the fastest axis. One channel never is: it is one long row. */
export function hasColumns(layout: ChannelLayout): boolean {
  return layout.inner === 1 && layout.channels > 1
}

/**
 * Cuts a tensor into spans of at most `limit` elements: whole rows where they fit, pieces of one row where they do not.
 * A span's rows belong to channels (channel + i) % channels, or hold all channels where `hasColumns`.
 */
export function* spansOf(layout: ChannelLayout, limit: number): Generator<Span> {
  const columns = hasColumns(layout)
  const isOneRow = layout.channels === 1
  const width = columns ? layout.channels : isOneRow ? layout.outer * layout.inner : layout.inner
  const rows = columns ? layout.outer : isOneRow ? 1 : layout.outer * layout.channels
  if (width === 0) return
  const rowsAtOnce = Math.floor(limit / width)
  for (let row = 0; row < rows; row += Math.max(1, rowsAtOnce)) {
    const channel = columns ? 0 : row % layout.channels
    if (rowsAtOnce > 0) {
      yield { start: row * width, rows: Math.min(rowsAtOnce, rows - row), width, channel }
      continue
    }
    for (let at = 0; at < width; at += limit) {
      const piece = Math.min(limit, width - at)
      yield { start: row * width + at, rows: 1, width: piece, channel: columns ? at : channel }
    }
  }
}
