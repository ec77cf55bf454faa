/** Calls over a batch of images whose operands are larger than a binding: computed some images at a time. */
import { elementCount } from '../../../core/dtypes'
import type { Operand } from '../../kernel-calls'
import type { DeviceFacts, Storage } from '../dispatch'

/** Elements between two places where a binding may start (256 bytes of float32). */
const STEP = 64

/** Some of the images: [from, to). */
export type Piece = readonly [from: number, to: number]

const perImage = ({ shape }: Operand, batch: number): number => elementCount(shape) / batch

/** How many images from a place where a binding may start to the next. */
function alignedImages(size: number): number {
  let images = 1
  while ((images * size) % STEP !== 0) images *= 2
  return images
}

/**
 * @param operands float32, of `batch` images each
 * @returns undefined where not even the fewest images fit into a binding
 */
export function piecesOf(batch: number, operands: readonly Operand[], { limits }: DeviceFacts): Piece[] | undefined {
  const sizes = operands.map((operand) => perImage(operand, batch))
  const most = Math.floor(limits.maxStorageBufferBindingSize / 4 / Math.max(...sizes))
  if (most >= batch) return [[0, batch]]
  const unit = Math.max(...sizes.map(alignedImages))
  const each = Math.floor(most / unit) * unit
  if (each === 0) return undefined
  return Array.from({ length: Math.ceil(batch / each) }, (_, i) => [i * each, Math.min(batch, (i + 1) * each)])
}

/** The images of a piece. */
export function imagesOf(name: string, of: Operand, batch: number, [from, to]: Piece): Storage {
  if (to - from === batch) return { name, of }
  const size = perImage(of, batch)
  return { name, of, from: from * size, count: (to - from) * size }
}
