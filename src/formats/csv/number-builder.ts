import type { NumberColumn } from './table'

/** Above it not every whole number is a float32. */
const EXACT = 2 ** 24

/** A cell that does not fit its column. `row` counts the table's rows from 0 on. */
export interface OddCell {
  readonly row: number
  readonly text: string
}

/** Takes the numbers of a column in order; the memory grows by blocks, so that little of it lies idle. */
export class NumberBuilder {
  readonly kind = 'number'
  readonly blockRows: number
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

  /** @param blockRows numbers that a block holds */
  constructor(blockRows: number) {
    this.blockRows = blockRows
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
    this.#block = new (this.isWide ? Float64Array : Float32Array)(this.blockRows)
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
      this.#block = Float64Array.from(this.#block)
      this.#block[at] = value
    }
  }

  /** Ends it: its blocks go into one array. */
  column(name: string, index: number): NumberColumn {
    const rows = this.count + this.#at
    const values = new (this.isWide ? Float64Array : Float32Array)(rows)
    let from = 0
    for (const block of this.#blocks) {
      values.set(block, from)
      from += block.length
    }
    values.set(this.#block.subarray(0, this.#at), from)
    this.#blocks = []
    return { kind: 'number', name, index, missing: this.missing, values }
  }
}
