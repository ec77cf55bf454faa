import { isMissing, numberIn } from './cells'
import { parseRows, SPACES } from './rows'

/** What the beginning of a table says about the whole. */
export interface Sniffed {
  readonly delimiter: string
  readonly hasDecimalComma: boolean
  /** Cells of the first row, where it is a header. */
  readonly header?: readonly string[]
  /** Cells of most rows. */
  readonly width: number
  /** Columns that hold numbers. */
  readonly isNumber: readonly boolean[]
  /** Rows that were looked at, without the header. */
  readonly rows: readonly (readonly string[])[]
}

export const DELIMITERS = [',', ';', '\t', '|'] as const
const SAMPLE_ROWS = 1000
/** Characters that delimiters are tried on; where no row ends in them, all. */
const TRIED = 2 ** 15
/** Of the cells that say something, so many must be numbers. */
const NUMBER_SHARE = 0.9

/**
 * Finds delimiter, header and the columns' types.
 * @param text complete rows from the file's beginning
 */
export function sniff(text: string, isWhole: boolean, given?: string): Sniffed {
  const delimiter = given ?? bestDelimiter(text, isWhole)
  const rows = cut(text, delimiter, isWhole)
  const body = rows.slice(1)
  const width = commonWidth(body.length > 0 ? body : rows)
  const hasDecimalComma = delimiter !== ',' && usesDecimalComma(body)
  const typesOf = (some: readonly (readonly string[])[]) =>
    Array.from({ length: width }, (_, column) => isNumberColumn(some, column, hasDecimalComma))
  const [first = []] = rows
  const isHeader = body.length > 0 && looksLikeHeader(first, body, typesOf(body), hasDecimalComma)
  const sample = isHeader ? body : rows
  return {
    ...{ delimiter, hasDecimalComma, width, isNumber: typesOf(sample), rows: sample },
    ...(isHeader && { header: first }),
  }
}

/** Whether nearly all rows of a text have the same number of cells, more than one. */
export function isEven(text: string): boolean {
  return DELIMITERS.some((delimiter) => {
    const rows = cut(text, delimiter, true)
    const width = commonWidth(rows)
    return width > 1 && rows.length > 1 && rows.filter(({ length }) => length === width).length >= 0.9 * rows.length
  })
}

function cut(text: string, delimiter: string, isWhole: boolean): string[][] {
  return parseRows(text, delimiter, isWhole)
    .rows.map((row) => row.map((cell) => cell.trim()))
    .filter((row) => row.length > 1 || row[0] !== '')
    .slice(0, SAMPLE_ROWS)
}

/** The delimiter that gives most rows the same number of cells; spaces only where no other cuts anything. */
function bestDelimiter(text: string, isWhole: boolean): string {
  const isCut = text.length > TRIED && text.indexOf('\n') < TRIED / 4
  const tried = isCut ? text.slice(0, TRIED) : text
  let best = { delimiter: ',', score: 0 }
  const tryOne = (delimiter: string) => {
    const rows = cut(tried, delimiter, isWhole && !isCut)
    const body = rows.length > 1 ? rows.slice(1) : rows
    const width = commonWidth(body)
    const same = body.filter((row) => row.length === width).length / Math.max(1, body.length)
    // The header may not fit, but a delimiter that cuts it as evenly is the better guess; then that with more cells
    const score = width < 2 ? 0 : same + 0.5 * Number(rows[0]?.length === width) + 0.001 * Math.min(width, 100)
    if (score > best.score) best = { delimiter, score }
  }
  for (const delimiter of DELIMITERS) tryOne(delimiter)
  if (best.score < 0.5) tryOne(SPACES)
  return best.delimiter
}

function commonWidth(rows: readonly (readonly string[])[]): number {
  const counts = new Map<number, number>()
  for (const { length } of rows) counts.set(length, (counts.get(length) ?? 0) + 1)
  let [width, most] = [0, 0]
  for (const [length, count] of counts) if (count > most) [width, most] = [length, count]
  return width
}

function usesDecimalComma(rows: readonly (readonly string[])[]): boolean {
  let commas = 0
  for (const row of rows) {
    for (const cell of row) {
      if (/^[+-]?\d*,\d+$/.test(cell)) commas++
      else if (/^[+-]?\d*\.\d+$/.test(cell)) return false
    }
  }
  return commas > 0
}

function isNumberColumn(rows: readonly (readonly string[])[], column: number, hasDecimalComma: boolean): boolean {
  let [numbers, texts] = [0, 0]
  for (const row of rows) {
    const cell = row[column] ?? ''
    if (isMissing(cell)) continue
    if (numberIn(cell, hasDecimalComma) !== undefined) numbers++
    else texts++
  }
  return texts === 0 || numbers >= NUMBER_SHARE * (numbers + texts)
}

/** Where columns hold numbers, a header's cells there are none; else its cells differ, and none comes again below. */
function looksLikeHeader(
  first: readonly string[],
  body: readonly (readonly string[])[],
  isNumber: readonly boolean[],
  hasDecimalComma: boolean,
): boolean {
  let votes = 0
  first.forEach((cell, column) => {
    if (!isNumber[column] || isMissing(cell) || body.every((row) => isMissing(row[column] ?? ''))) return
    votes += numberIn(cell, hasDecimalComma) === undefined ? 1 : -1
  })
  if (votes !== 0) return votes > 0
  if (new Set(first).size < first.length || first.some((cell) => cell === '' || numberIn(cell) !== undefined))
    return false
  return first.every((cell, column) => body.every((row) => row[column] !== cell))
}
