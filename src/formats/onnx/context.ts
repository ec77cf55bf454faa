import type { ByteSource } from '../../core/bytes'
import type { Cursor } from './cursor'
import type { ExternalData } from './external-data'

/** A tensor whose elements stand in another file, which is opened after the model itself was read. */
export interface PendingExternal {
  readonly data: ExternalData
  readonly tensor: string
  /** Byte of the model file, for messages. */
  readonly offset: number
}

/** What the parsers of one file share. */
export interface ReadContext {
  readonly cursor: Cursor
  readonly externals: PendingExternal[]
  /** Where nodes, graphs and functions start, for messages of later checks. */
  readonly offsets: Map<object, number>
  /** Nesting of sub-graphs at the moment. */
  depth: number
}

/** ONNX models nest a few graphs; a file that nests more is made to exhaust the stack. */
export const DEEPEST_NESTING = 64

/** A source that serves a stretch of `origin` from memory. */
export function cachedSource(origin: ByteSource, start: number, bytes: Uint8Array<ArrayBuffer>): ByteSource {
  return {
    name: origin.name,
    sizeBytes: origin.sizeBytes,
    read: async (offset, length) => bytes.slice(offset - start, offset - start + length),
  }
}
