import type { Columns } from './columns'
import type { NumberBuilder } from './number-builder'

/**
 * Rows without any quote, straight from UTF-8 bytes: a number is made while its digits are looked at, and no string is
 * made for it. Such rows are cut at delimiters and line ends alone, so that no parser is needed.
 */

const [NEWLINE, RETURN, SPACE, MINUS, PLUS, POINT, COMMA] = [10, 13, 32, 45, 43, 46, 44]
const [ZERO, NINE, UPPER_E, LOWER_E] = [48, 57, 69, 101]
/** Powers of ten that float64 holds exactly. */
const POWERS = Float64Array.from({ length: 23 }, (_, i) => Number(`1e${i}`))
/** Whole numbers of so many digits are exact in float64. */
const DIGITS = 15

/** @param bytes complete rows, each with its line end */
export function scanRows(bytes: Uint8Array, columns: Columns, delimiter: number): void {
  const scanner = new Scanner(bytes, columns, delimiter)
  let at = 0
  while (at < bytes.length) at = scanner.row(at)
}

class Scanner {
  readonly bytes: Uint8Array
  readonly columns: Columns
  readonly delimiter: number
  readonly #point: number
  /** Where the cell ends that was scanned last. */
  #end = 0

  constructor(bytes: Uint8Array, columns: Columns, delimiter: number) {
    this.bytes = bytes
    this.columns = columns
    this.delimiter = delimiter
    this.#point = columns.hasDecimalComma ? COMMA : POINT
  }

  /** @returns the beginning of the next row */
  row(start: number): number {
    const { bytes, columns, delimiter } = this
    const { builders } = columns
    const width = builders.length
    let at = start
    let blank = at
    while (bytes[blank] === SPACE || bytes[blank] === RETURN) blank++
    if (bytes[blank] === NEWLINE) return blank + 1
    let column = 0
    for (;;) {
      const builder = column < width ? builders[column] : undefined
      if (builder?.kind === 'number') this.#number(at, builder, column)
      else {
        this.#end = this.#endFrom(at)
        if (builder) builder.pushBytes(bytes, at, this.#end)
      }
      column++
      at = this.#end
      if (bytes[at] !== delimiter) break
      at++
    }
    columns.checkWidth(column, () => this.#cells(start))
    for (; column < width; column++) builders[column]?.pushMissing()
    columns.rows++
    return at + (bytes[at] === RETURN ? 2 : 1)
  }

  #number(start: number, builder: NumberBuilder, column: number): void {
    const { bytes, delimiter } = this
    const point = this.#point
    let at = start
    while (bytes[at] === SPACE) at++
    const isNegative = bytes[at] === MINUS
    if (isNegative || bytes[at] === PLUS) at++
    const first = at
    let mantissa = 0
    let byte = bytes[at] as number
    while (byte >= ZERO && byte <= NINE) {
      mantissa = mantissa * 10 + (byte - ZERO)
      byte = bytes[++at] as number
    }
    let digits = at - first
    let decimals = 0
    if (byte === point) {
      const from = ++at
      byte = bytes[at] as number
      while (byte >= ZERO && byte <= NINE) {
        mantissa = mantissa * 10 + (byte - ZERO)
        byte = bytes[++at] as number
      }
      decimals = at - from
      digits += decimals
    }
    const isEnd = byte === delimiter || byte === NEWLINE || (byte === RETURN && bytes[at + 1] === NEWLINE)
    // Many digits, exponents and texts are rarer: they take the slow way
    if (!isEnd || digits === 0 || digits > DIGITS) {
      this.#slow(start, at, builder, column)
      return
    }
    const value = decimals === 0 ? mantissa : mantissa / (POWERS[decimals] as number)
    builder.push(isNegative ? -value : value)
    this.#end = at
  }

  #slow(start: number, at: number, builder: NumberBuilder, column: number): void {
    this.#end = this.#endFrom(at)
    if (this.#end === start) builder.pushMissing()
    else {
      const exponent = this.#exponent(start)
      if (exponent !== undefined) builder.push(exponent)
      else this.columns.addText(column, this.#text(start, this.#end))
    }
  }

  /** 1.25e-05, or 0.12345678901234567, without a string, as long as the powers of ten are exact. */
  #exponent(start: number): number | undefined {
    const { bytes } = this
    const end = this.#end
    let at = start
    const isNegative = bytes[at] === MINUS
    if (isNegative) at++
    let [mantissa, digits, scale] = [0, 0, 0]
    let isFraction = false
    for (; at < end; at++) {
      const digit = (bytes[at] as number) - ZERO
      if (digit >= 0 && digit <= 9) {
        if (digits < DIGITS) {
          mantissa = mantissa * 10 + digit
          if (mantissa > 0) digits++
          if (isFraction) scale--
        } else if (!isFraction) scale++
      } else if (bytes[at] === this.#point && !isFraction) isFraction = true
      else break
    }
    if (digits === 0) return undefined
    if (at === end && scale <= 0 && scale >= -22) return signed(mantissa / (POWERS[-scale] as number), isNegative)
    if ((bytes[at] !== LOWER_E && bytes[at] !== UPPER_E) || at + 1 >= end) return undefined
    const isSmall = bytes[++at] === MINUS
    if (isSmall || bytes[at] === PLUS) at++
    if (at >= end || at + 3 < end) return undefined
    let exponent = 0
    for (; at < end; at++) {
      const digit = (bytes[at] as number) - ZERO
      if (digit < 0 || digit > 9) return undefined
      exponent = exponent * 10 + digit
    }
    const power = scale + (isSmall ? -exponent : exponent)
    if (power < -22 || power > 22) return undefined
    const value = power < 0 ? mantissa / (POWERS[-power] as number) : mantissa * (POWERS[power] as number)
    return signed(value, isNegative)
  }

  #endFrom(from: number): number {
    const { bytes, delimiter } = this
    let at = from
    while (bytes[at] !== delimiter && bytes[at] !== NEWLINE) at++
    return bytes[at] === NEWLINE && at > from && bytes[at - 1] === RETURN ? at - 1 : at
  }

  #text = (from: number, to: number): string => DECODER.decode(this.bytes.subarray(from, to)).trim()

  #cells(start: number): string[] {
    const cells: string[] = []
    for (let at = start; ; at = this.#end + 1) {
      this.#end = this.#endFrom(at)
      cells.push(this.#text(at, this.#end))
      if (this.bytes[this.#end] !== this.delimiter) return cells
    }
  }
}

const signed = (value: number, isNegative: boolean): number => (isNegative ? -value : value)

const DECODER = new TextDecoder()
