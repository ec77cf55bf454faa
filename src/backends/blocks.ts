import type { ChannelLayout } from './backend'

/** Elements that one call with a channel layout quantizes in blocks. */
export interface BlockPiece {
  /** Flat index of the first element. */
  readonly start: number
  readonly count: number
  readonly layout: ChannelLayout
  /** Index of its first scale; its `layout.channels` scales follow each other. */
  readonly scale: number
}

/**
 * Quantization in blocks of `size` neighbours along `axis` as calls with channel layouts. Scales are
 * [..., ceil(shape[axis] / size), ...], as ONNX's `block_size` has them; the last block may be short.
 *
 * Along the last axis, whole blocks are channels. Along another one, the elements behind the axis are the channels of each
 * block, and a block is a call: blocks of 32 along the first axis of [4096, 4096] are 128 calls.
 */
export function* blockPieces(shape: readonly number[], axis: number, size: number): Generator<BlockPiece> {
  const product = (sizes: readonly number[]) => sizes.reduce((result, one) => result * one, 1)
  const [outer, length, inner] = [product(shape.slice(0, axis)), shape[axis] as number, product(shape.slice(axis + 1))]
  const blocks = Math.ceil(length / size)
  if (inner === 1 && length % size === 0) {
    yield { start: 0, count: outer * length, layout: { outer: 1, channels: outer * blocks, inner: size }, scale: 0 }
    return
  }
  for (let o = 0; o < outer; o++) {
    for (let block = 0; block < blocks; block++) {
      const rows = Math.min(size, length - block * size)
      const layout = inner === 1 ? { outer: 1, channels: 1, inner: rows } : { outer: rows, channels: inner, inner: 1 }
      yield {
        ...{ start: (o * length + block * size) * inner, count: rows * inner },
        ...{ layout, scale: (o * blocks + block) * inner },
      }
    }
  }
}
