import type { Column, NumberColumn, Table, TextColumn } from './table'

/** Beyond so many rows a column is judged by its first ones. */
const ROWS = 200_000

/** More different numbers are not counted. */
const MANY = 10_000

/** What a column's cells have in common; of the rows looked at. */
export interface Profile {
  readonly column: Column
  /** Cells that say something. */
  readonly known: number
  readonly distinct: number
  /** Of numbers. */
  readonly isWhole: boolean
  readonly min: number
  readonly max: number
}

export const rowsLookedAt = (table: Table): number => Math.min(table.rows, ROWS)

export function profileOf(column: Column, table: Table): Profile {
  return column.kind === 'number' ? ofNumbers(column, rowsLookedAt(table)) : ofTexts(column, rowsLookedAt(table))
}

function ofNumbers(column: NumberColumn, rows: number): Profile {
  const values = column.values.subarray(0, rows)
  let [known, isWhole, min, max] = [0, true, Infinity, -Infinity]
  for (let row = 0; row < values.length; row++) {
    const value = values[row] as number
    if (!(value > -Infinity && value < Infinity)) continue
    known++
    if (isWhole && Math.trunc(value) !== value) isWhole = false
    if (value < min) min = value
    if (value > max) max = value
  }
  // Identifiers are whole; of other numbers it is enough that there are many
  const distinct = isWhole ? distinctOf(values) : distinctUpTo(values, MANY)
  return { column, known, distinct, isWhole, min, max }
}

function distinctOf(values: ArrayLike<number>): number {
  let [count, last] = [0, NaN]
  for (const value of Float64Array.from(values).sort()) {
    if (value !== last && Number.isFinite(value)) count++
    last = value
  }
  return count
}

function distinctUpTo(values: ArrayLike<number>, most: number): number {
  const seen = new Set<number>()
  for (let row = 0; row < values.length && seen.size <= most; row++) {
    const value = values[row] as number
    if (Number.isFinite(value)) seen.add(value)
  }
  return seen.size
}

function ofTexts(column: TextColumn, rows: number): Profile {
  const seen = new Set<number>()
  let known = 0
  for (let row = 0; row < rows; row++) {
    const code = column.codes[row] as number
    if (code < 0) continue
    known++
    seen.add(code)
  }
  return { column, known, distinct: seen.size, isWhole: false, min: NaN, max: NaN }
}

/** A number per row that equal cells share; −1 where missing. For columns of few different values. */
export function codesOf(column: Column, rows: number): Int32Array {
  if (column.kind === 'text') return column.codes.subarray(0, rows)
  const codes = new Int32Array(rows)
  const known = new Map<number, number>()
  for (let row = 0; row < rows; row++) {
    const value = column.values[row] as number
    let code = Number.isFinite(value) ? known.get(value) : -1
    if (code === undefined) known.set(value, (code = known.size))
    codes[row] = code
  }
  return codes
}
