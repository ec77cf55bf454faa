import { PbfWriter } from 'pbf'
import type { Bytes } from '../../core/bytes'
import type { TensorData } from '../../graph/model'
import type { Raw } from './carried'
import { WIRE } from './schema'
import { encodeText } from './text'

/** Content that is streamed in at `at` of the skeleton when the file is written. */
export interface Hole {
  at: number
  readonly data: TensorData
}

/** Encodes messages into a skeleton in memory; tensors stay outside as holes, whose sizes the lengths count. */
export class MessageWriter {
  readonly holes: Hole[] = []
  readonly #pbf = new PbfWriter(new Uint8Array(128))
  #holeBytes = 0

  get sizeBytes(): number {
    return this.#pbf.pos + this.#holeBytes
  }

  /** The skeleton; the holes' positions refer to it. */
  get skeleton(): Bytes {
    return this.#pbf.buf.subarray(0, this.#pbf.pos) as Bytes
  }

  int64(field: number, value: bigint | number): void {
    this.#pbf.writeTag(field, WIRE.varint)
    this.#varint(value)
  }

  // exact beyond 2^53, where pbf's own varints are not
  #varint(value: bigint | number): void {
    if (value >= 0 && value <= Number.MAX_SAFE_INTEGER) return this.#pbf.writeVarint(Number(value))
    this.#pbf.realloc(10)
    let rest = BigInt.asUintN(64, BigInt(value))
    for (; rest > 127n; rest >>= 7n) this.#pbf.buf[this.#pbf.pos++] = Number(rest & 127n) | 128
    this.#pbf.buf[this.#pbf.pos++] = Number(rest)
  }

  float(field: number, value: number): void {
    this.#pbf.writeTag(field, WIRE.fixed32)
    this.#pbf.writeFloat(value)
  }

  text(field: number, value: string): void {
    const pbf = this.#pbf
    pbf.writeTag(field, WIRE.bytes)
    const { length } = value
    if (length >= 128) return pbf.writeBytes(encodeText(value))
    // names are short and mostly ASCII: no detour over an encoder
    pbf.realloc(length + 1)
    const { buf, pos } = pbf
    for (let i = 0; i < length; i++) {
      const code = value.charCodeAt(i)
      if (code > 127) return pbf.writeBytes(encodeText(value))
      buf[pos + 1 + i] = code
    }
    buf[pos] = length
    pbf.pos += length + 1
  }

  bytes(field: number, value: Uint8Array): void {
    this.#pbf.writeTag(field, WIRE.bytes)
    this.#pbf.writeBytes(value)
  }

  /** Whole fields as they stood in a file. */
  raw(raw: Raw): void {
    if (raw instanceof Uint8Array) {
      this.#pbf.realloc(raw.length)
      this.#pbf.buf.set(raw, this.#pbf.pos)
      this.#pbf.pos += raw.length
    } else {
      const { source, offset, length } = raw
      this.#hole({ sizeBytes: length, read: (at, count) => source.read(offset + at, count) })
    }
  }

  data(field: number, data: TensorData): void {
    this.#pbf.writeTag(field, WIRE.bytes)
    this.#varint(data.sizeBytes)
    if (data.sizeBytes > 0) this.#hole(data)
  }

  #hole(data: TensorData): void {
    this.holes.push({ at: this.#pbf.pos, data })
    this.#holeBytes += data.sizeBytes
  }

  message(field: number, body: () => void): void {
    const pbf = this.#pbf
    pbf.writeTag(field, WIRE.bytes)
    pbf.realloc(1)
    const lengthAt = pbf.pos++
    const firstHole = this.holes.length
    const before = this.sizeBytes
    body()
    const length = this.sizeBytes - before
    const extra = varintBytes(length) - 1
    if (extra > 0) {
      pbf.realloc(extra)
      pbf.buf.copyWithin(lengthAt + 1 + extra, lengthAt + 1, pbf.pos)
      pbf.pos += extra
      for (let i = firstHole; i < this.holes.length; i++) this.holes[i]!.at += extra
    }
    const end = pbf.pos
    pbf.pos = lengthAt
    this.#varint(length)
    pbf.pos = end
  }
}

/** Encodes what `write` writes into memory; it must not stream tensors. */
export function encodeParts(write: (writer: MessageWriter) => void): Bytes {
  const writer = new MessageWriter()
  write(writer)
  return writer.skeleton.slice()
}

function varintBytes(value: number): number {
  let count = 1
  for (let rest = value; rest > 127; rest = Math.floor(rest / 128)) count++
  return count
}
