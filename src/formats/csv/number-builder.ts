import type { NumberColumn } from './table'

/** Above it not every whole number is a float32. */
const EXACT = 2 ** 24

/** A cell that does not fit its column. `row` counts the table's rows from 0 on. */
export interface OddCell {
  readonly row: number
  readonly text: string
}

/** Rows of the blocks that follow the first. */
export const BLOCK_ROWS = 2 ** 16

/** Takes the numbers of a column in order. They stay in the first block where it holds all, so that nothing is copied. */
export class NumberBuilder {
  readonly kind = 'number'
  count = 0
  missing = 0
  /** Texts among numbers; they count as missing. */
  odd = 0
  firstOdd?: OddCell
  infinite = 0
  firstInfinite?: OddCell
  isWide = false
  #blocks: (Float32Array<ArrayBuffer> | Float64Array<ArrayBuffer>)[] = []
  #block: Float32Array<ArrayBuffer> | Float64Array<ArrayBuffer>
  #at = 0

  /** @param blockRows numbers that the first block holds: as many as there seem to be */
  constructor(blockRows: number) {
    this.#block = new Float32Array(blockRows)
  }

  push(value: number): void {
    if (this.#at === this.#block.length) this.#grow()
    const at = this.#at++
    this.#block[at] = value
    if (value > EXACT || value < -EXACT) this.#check(at, value)
  }

  pushMissing(): void {
    this.missing++
    this.push(NaN)
  }

  pushOdd(text: string, row: number): void {
    this.odd++
    this.firstOdd ??= { row, text }
    this.pushMissing()
  }

  #grow(): void {
    this.#blocks.push(this.#block)
    this.#block = new (this.isWide ? Float64Array : Float32Array)(BLOCK_ROWS)
    this.count += this.#at
    this.#at = 0
  }

  #check(at: number, value: number): void {
    if (!Number.isFinite(value)) {
      this.infinite++
      this.firstInfinite ??= { row: this.count + at, text: String(value) }
    } else if (!this.isWide && Math.fround(value) !== value) {
      this.isWide = true
      this.#blocks = this.#blocks.map((block) => Float64Array.from(block))
      const narrow = this.#block.subarray(0, at)
      this.#block = new Float64Array(this.#block.length)
      this.#block.set(narrow)
      this.#block[at] = value
    }
  }

  /** Ends it. */
  column(name: string, index: number): NumberColumn {
    return { kind: 'number', name, index, missing: this.missing, values: this.#values() }
  }

  #values(): NumberColumn['values'] {
    const rows = this.count + this.#at
    if (this.#blocks.length === 0) return this.#block.subarray(0, rows)
    const values = new (this.isWide ? Float64Array : Float32Array)(rows)
    let from = 0
    for (const block of this.#blocks) {
      values.set(block, from)
      from += block.length
    }
    values.set(this.#block.subarray(0, this.#at), from)
    this.#blocks = []
    return values
  }
}
