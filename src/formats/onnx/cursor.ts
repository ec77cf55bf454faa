import { PbfReader } from 'pbf'
import type { Bytes, ByteSource } from '../../core/bytes'
import { FormatError, throwIfAborted } from '../../core/errors'
import type { Raw } from './carried'
import { WIRE } from './schema'
import { decodeText, oneLine } from './text'

/** A parser that yields a promise whenever bytes must be fetched first; in between it runs without waiting. */
export type Step<T> = Generator<Promise<void>, T, void>

export async function drive<T>(step: Step<T>, signal?: AbortSignal): Promise<T> {
  for (;;) {
    throwIfAborted(signal)
    const next = step.next()
    if (next.done) return next.value
    await next.value
  }
}

/** A tag and a length or number take at most 20 bytes. */
const HEAD = 20
const FIRST_WINDOW = 16 * 1024
const LARGEST_WINDOW = 1024 * 1024
/** Unknown fields up to this size are copied, larger ones stay in the file. */
const COPIED_BYTES = 4096
/** No name, text or attribute string is larger; it must fit one buffer. */
const LARGEST_LEAF = 512 * 1024 * 1024

/** Structure (not weights) that is kept in memory: so many single values, a field counting for four. */
const MOST_VALUES = 2 ** 26

/** Walks protobuf fields of a file of any size through a small window. Checks every length before it is used. */
export class Cursor {
  /** The field at hand: number, wire type, where its tag starts, bytes of its content (0 for varints). */
  field = 0
  wire = 0
  tagAt = 0
  size = 0
  /** What is being read, for messages, e.g. "node conv1". */
  what = 'the model'
  #window = new PbfReader(new Uint8Array(0))
  #base = 0
  #windowBytes = FIRST_WINDOW
  #budget = MOST_VALUES
  /** The halves of the last varint, unsigned. */
  low = 0
  high = 0

  readonly source: ByteSource

  constructor(source: ByteSource) {
    this.source = source
  }

  get offset(): number {
    return this.#base + this.#window.pos
  }

  fail(problem: string, offset = this.tagAt, hint?: string): never {
    throw new FormatError(oneLine(`${this.what}: ${problem}`), { file: this.source.name, offset, hint })
  }

  has(count: number): boolean {
    const { pos, length } = this.#window
    return pos + count <= length || this.#base + length >= this.source.sizeBytes
  }

  /** Fetches so that at least `count` bytes (or the rest of the file) stand in the window. */
  async fill(count: number): Promise<void> {
    const at = this.offset
    const isSequel = this.#window.length > 0
    this.#windowBytes = isSequel ? Math.min(this.#windowBytes * 2, LARGEST_WINDOW) : FIRST_WINDOW
    const length = Math.min(Math.max(count, this.#windowBytes), this.source.sizeBytes - at)
    this.#window = new PbfReader(await this.source.read(at, length))
    this.#base = at
  }

  moveTo(offset: number): void {
    const inWindow = offset - this.#base
    if (inWindow >= 0 && inWindow <= this.#window.length) {
      this.#window.pos = inWindow
    } else {
      this.#window = new PbfReader(new Uint8Array(0))
      this.#base = offset
    }
  }

  /** Goes to the next field of a message that ends at `end`; false at its end. */
  *next(end: number): Step<boolean> {
    if (this.offset >= end) return false
    if (!this.has(HEAD)) yield this.fill(HEAD)
    this.head(end)
    return true
  }

  /** As `next`, with the bytes of the field's head already in the window. */
  head(end: number): void {
    this.tagAt = this.offset
    this.spend(4)
    const tag = this.uint()
    this.field = Math.floor(tag / 8)
    this.wire = tag % 8
    if (this.field === 0 || this.field > 0x1fffffff) this.fail(`expected a field of a message, found the tag ${tag}`)
    if (this.wire === WIRE.varint) this.size = 0
    else if (this.wire === WIRE.bytes) this.size = this.uint()
    else if (this.wire === WIRE.fixed64) this.size = 8
    else if (this.wire === WIRE.fixed32) this.size = 4
    else this.fail(`field ${this.field} has wire type ${this.wire}, which ONNX does not use`)
    if (this.offset + this.size > end) {
      this.fail(
        `field ${this.field} takes ${this.size} bytes, but only ${Math.max(end - this.offset, 0)} bytes are left`,
      )
    }
  }

  /** Counts values that will be kept, so that a file made of nothing but tiny fields cannot exhaust the memory. */
  spend(values: number): void {
    this.#budget -= values
    if (this.#budget < 0) this.fail(`expected at most ${MOST_VALUES / 4} fields besides the weights`)
  }

  expect(wire: number): void {
    if (this.wire !== wire) this.fail(`field ${this.field} has wire type ${this.wire}, expected ${wire}`)
  }

  /** The end of the message that the field at hand holds. */
  messageEnd(): number {
    this.expect(WIRE.bytes)
    return this.offset + this.size
  }

  *text(): Step<string> {
    yield* this.load()
    return decodeText(this.#take())
  }

  *bytes(): Step<Bytes> {
    yield* this.load()
    return this.#take().slice() as Bytes
  }

  /** Brings the whole content of the length-delimited field at hand into the window. */
  *load(): Step<void> {
    this.expect(WIRE.bytes)
    if (this.size > LARGEST_LEAF)
      this.fail(`field ${this.field} has ${this.size} bytes, at most ${LARGEST_LEAF} can be read`)
    if (!this.has(this.size)) yield this.fill(this.size)
  }

  #take(): Uint8Array {
    const { pos, buf } = this.#window
    this.#window.pos += this.size
    return buf.subarray(pos, pos + this.size)
  }

  /** Copies `[start, end)`, which must lie in the window. */
  copy(start: number, end: number): Bytes {
    return this.#window.buf.slice(start - this.#base, end - this.#base) as Bytes
  }

  /** The whole field at hand (tag included), passing it. */
  *unknown(): Step<Raw> {
    const start = this.tagAt
    if (this.wire === WIRE.varint) {
      this.uint64()
    } else if (this.size > COPIED_BYTES) {
      this.moveTo(this.offset + this.size)
      return { source: this.source, offset: start, length: this.offset - start }
    } else {
      this.moveTo(this.offset + this.size)
    }
    const end = this.offset
    this.moveTo(start)
    if (!this.has(end - start)) yield this.fill(end - start)
    const raw = this.copy(start, end)
    this.moveTo(end)
    return raw
  }

  /** Passes the field at hand. */
  skip(): void {
    if (this.wire === WIRE.varint) this.varint()
    else this.moveTo(this.offset + this.size)
  }

  float(): number {
    this.expect(WIRE.fixed32)
    return this.#window.readFloat()
  }

  /** A float inside a packed field. */
  packedFloat(): number {
    return this.#window.readFloat()
  }

  fixed32(): number {
    return this.#window.readFixed32()
  }

  uint(): number {
    this.varint()
    return this.high * 2 ** 32 + this.low
  }

  /** The varint at hand as int64, exact. */
  int64(): bigint {
    this.varint()
    if (this.high === 0) return BigInt(this.low)
    return BigInt.asIntN(64, (BigInt(this.high) << 32n) | BigInt(this.low))
  }

  uint64(): bigint {
    return BigInt.asUintN(64, this.int64())
  }

  /** An int64 that must be a safe whole number, e.g. a version. */
  safeInt(): number {
    this.expect(WIRE.varint)
    const value = this.int64()
    const number = Number(value)
    if (!Number.isSafeInteger(number)) this.fail(`field ${this.field} is ${value}, which is out of range`)
    return number
  }

  // pbf's varints become doubles and lose what exceeds 2^53, so 64 bits are kept as two halves here
  varint(): void {
    const { buf, length } = this.#window
    let { pos } = this.#window
    let low = 0
    let high = 0
    for (let i = 0; ; i++) {
      if (pos >= length) this.fail('the file ends in the middle of a number', this.#base + pos)
      if (i === 10) this.fail('expected a number of at most 10 bytes', this.offset)
      const byte = buf[pos++]!
      const bits = byte & 127
      if (i < 4) low |= bits << (7 * i)
      else if (i === 4) {
        low |= bits << 28
        high = bits >> 4
      } else high |= bits << (7 * i - 32)
      if (byte < 128) break
    }
    this.#window.pos = pos
    this.low = low >>> 0
    this.high = high >>> 0
  }
}
