import { FormatError } from '../../core/errors'
import { oneLine } from '../../core/one-line'
import type { Note } from '../../core/progress'
import { isMissing, numberIn } from './cells'
import { NumberBuilder } from './number-builder'
import type { Column } from './table'
import { OTHER_TEXT, TextBuilder } from './text-builder'

export type Builder = NumberBuilder | TextBuilder

/** Columns that grow row by row, from text or from bytes. */
export class Columns {
  readonly file: string
  readonly names: readonly string[]
  readonly builders: readonly Builder[]
  readonly hasDecimalComma: boolean
  rows = 0
  /** Rows of the file above the table's first: 1 for a header. */
  readonly #above: number
  #short = 0
  #firstShort = 0
  #firstShortCells = 0

  constructor(
    file: string,
    names: readonly string[],
    isNumber: readonly boolean[],
    options: { above: number; blockRows: number; hasDecimalComma: boolean },
  ) {
    this.file = file
    this.names = names
    this.#above = options.above
    this.hasDecimalComma = options.hasDecimalComma
    this.builders = isNumber.map((one) =>
      one ? new NumberBuilder(options.blockRows) : new TextBuilder(options.blockRows),
    )
  }

  /** A row as a spreadsheet counts them, the header being row 1. */
  fileRow = (row: number): number => row + this.#above + 1

  /** @param cells without spaces around them */
  addRow(cells: readonly string[]): void {
    this.checkWidth(cells.length, () => cells)
    for (let column = 0; column < this.builders.length; column++) {
      const text = cells[column]
      if (text === undefined) (this.builders[column] as Builder).pushMissing()
      else this.addText(column, text)
    }
    this.rows++
  }

  addText(column: number, text: string): void {
    const builder = this.builders[column] as Builder
    if (builder.kind === 'text') {
      builder.pushText(text)
      return
    }
    const value = numberIn(text, this.hasDecimalComma)
    if (value !== undefined) builder.push(value)
    else if (isMissing(text)) builder.pushMissing()
    else builder.pushOdd(text, this.rows)
  }

  /**
   * A row with fewer cells than columns misses the last ones; one with more would lose some.
   * @throws FormatError for the latter
   */
  checkWidth(count: number, cellsOf: () => readonly string[]): void {
    const width = this.builders.length
    if (count < width) {
      if (this.#short++ === 0) [this.#firstShort, this.#firstShortCells] = [this.rows, count]
    } else if (
      count > width &&
      cellsOf()
        .slice(width)
        .some((cell) => cell !== '')
    ) {
      const [extra, place] = [oneLine(cellsOf()[width] ?? '', 40), width + 1]
      throw new FormatError(
        `row ${this.fileRow(this.rows)} has ${count} cells, but most rows have ${width}: "${extra}" in cell ${place} belongs to no column`,
        { file: this.file, hint: 'Put cells that hold the delimiter into double quotes, or take the row out.' },
      )
    }
  }

  /** Columns of numbers of which so many cells are none that they are texts after all. */
  textsAmongNumbers(): number[] {
    return this.builders.flatMap((builder, index) => {
      if (builder.kind !== 'number') return []
      const said = this.rows - builder.missing + builder.odd
      return builder.odd > 0.1 * said ? [index] : []
    })
  }

  /** Ends them. */
  finish(notes: Note[]): Column[] {
    if (this.#short > 0) {
      notes.push({
        severity: 'warning',
        text: `${this.file}: row ${this.fileRow(this.#firstShort)} has ${this.#firstShortCells} cells, but most rows have ${this.builders.length}; what such rows lack at their end counts as missing (${this.#short} rows in all).`,
      })
    }
    return this.builders.map((builder, index) => {
      const name = this.names[index] as string
      if (builder.kind === 'number') this.#noteNumbers(builder, name, notes)
      const column = builder.column(name, index)
      if (column.kind === 'text' && column.categories.includes(OTHER_TEXT)) {
        notes.push({
          severity: 'info',
          text: `${this.file}: column "${name}" holds more than ${column.categories.length - 1} different texts; the others are not told apart.`,
        })
      }
      return column
    })
  }

  #noteNumbers(builder: NumberBuilder, name: string, notes: Note[]): void {
    const [odd, infinite] = [builder.firstOdd, builder.firstInfinite].map(
      (one) => one && { row: this.fileRow(one.row), text: oneLine(one.text, 40) },
    )
    if (odd) {
      notes.push({
        severity: 'warning',
        text: `${this.file}: column "${name}" holds numbers, but row ${odd.row} holds "${odd.text}"; such cells count as missing (${builder.odd} in all).`,
      })
    }
    if (infinite) {
      notes.push({
        severity: 'warning',
        text: `${this.file}: column "${name}" is infinite where row ${infinite.row} holds "${infinite.text}"; for a model such cells count as missing (${builder.infinite} in all).`,
      })
    }
  }
}
