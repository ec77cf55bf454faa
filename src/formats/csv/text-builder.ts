import { isMissing } from './cells'
import { BLOCK_ROWS } from './number-builder'
import type { TextColumn } from './table'

/** A column of more different texts is no category; those beyond are not told apart. */
export const MAX_CATEGORIES = 100_000
/** What such texts are called. */
export const OTHER_TEXT = '…'

/** Takes the texts of a column in order. Equal texts are stored once. */
export class TextBuilder {
  readonly kind = 'text'
  missing = 0
  readonly #categories: string[] = []
  readonly #codes = new Map<string, number>()
  /** Bytes of texts that were met, by a hash of theirs: most cells need no string. */
  readonly #known = new Map<number, { readonly bytes: Uint8Array; readonly code: number }>()
  #blocks: Int32Array<ArrayBuffer>[] = []
  #block: Int32Array<ArrayBuffer>
  #at = 0

  constructor(blockRows: number) {
    this.#block = new Int32Array(blockRows)
  }

  /** A cell's bytes, UTF-8, spaces around it included. */
  pushBytes(bytes: Uint8Array, from: number, to: number): void {
    // FNV-1a, http://www.isthe.com/chongo/tech/comp/fnv/
    let hash = 0x811c9dc5
    for (let i = from; i < to; i++) hash = Math.imul(hash ^ (bytes[i] as number), 0x01000193)
    const known = this.#known.get(hash)
    if (known && isSame(known.bytes, bytes, from, to)) {
      this.#push(known.code)
      return
    }
    const code = this.#codeOf(DECODER.decode(bytes.subarray(from, to)).trim())
    if (!known && this.#known.size < MAX_CATEGORIES) this.#known.set(hash, { bytes: bytes.slice(from, to), code })
    this.#push(code)
  }

  /** A cell's text without spaces around it. */
  pushText(text: string): void {
    this.#push(this.#codeOf(text))
  }

  pushMissing(): void {
    this.#push(-1)
  }

  #codeOf(text: string): number {
    if (isMissing(text)) return -1
    const known = this.#codes.get(text)
    if (known !== undefined) return known
    if (this.#categories.length >= MAX_CATEGORIES && text !== OTHER_TEXT) return this.#codeOf(OTHER_TEXT)
    const code = this.#categories.length
    this.#categories.push(text)
    this.#codes.set(text, code)
    return code
  }

  #push(code: number): void {
    if (code < 0) this.missing++
    if (this.#at === this.#block.length) {
      this.#blocks.push(this.#block)
      this.#block = new Int32Array(BLOCK_ROWS)
      this.#at = 0
    }
    this.#block[this.#at++] = code
  }

  column(name: string, index: number): TextColumn {
    return { kind: 'text', name, index, missing: this.missing, codes: this.#joined(), categories: this.#categories }
  }

  #joined(): Int32Array<ArrayBuffer> {
    const last = this.#block.subarray(0, this.#at)
    if (this.#blocks.length === 0) return last
    const blocks = [...this.#blocks, last]
    const codes = new Int32Array(blocks.reduce((sum, { length }) => sum + length, 0))
    let from = 0
    for (const block of blocks) {
      codes.set(block, from)
      from += block.length
    }
    this.#blocks = []
    return codes
  }
}

const DECODER = new TextDecoder()

function isSame(known: Uint8Array, bytes: Uint8Array, from: number, to: number): boolean {
  if (known.length !== to - from) return false
  for (let i = from; i < to; i++) if (known[i - from] !== bytes[i]) return false
  return true
}
