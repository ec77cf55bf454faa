import { elementCount } from '../../../core/dtypes'
import type { Tensor } from '../../../core/tensor'
import type { TableEncoding } from './encoding'
import { columnOf } from './target-values'
import type { Column, Table } from './table'

/**
 * What a model takes that `attachEncoding` made: `features` [rows, n] with NaN where missing, and [rows, 1] texts, '' where
 * missing, per column of texts.
 * @throws UsageError where the table lacks a column
 */
export function rawInputs(table: Table, encoding: TableEncoding, rows: ArrayLike<number>): Map<string, Tensor> {
  const { features, categories } = encoding
  const inputs = new Map<string, Tensor>()
  if (features.length > 0)
    inputs.set(
      'features',
      numbersOf(
        features.map((name) => columnOf(table, name)),
        rows,
      ),
    )
  for (const { column, texts, input } of categories) {
    if (texts && texts.length > 0) inputs.set(input ?? column, textsOf(columnOf(table, column), rows))
  }
  return inputs
}

function numbersOf(columns: readonly Column[], rows: ArrayLike<number>): Tensor {
  const shape = [rows.length, columns.length]
  const values = new Float32Array(elementCount(shape))
  columns.forEach((column, place) => {
    for (let i = 0; i < rows.length; i++) {
      values[i * columns.length + place] = column.kind === 'number' ? (column.values[rows[i] as number] as number) : NaN
    }
  })
  return { dtype: 'float32', shape, data: new Uint8Array(values.buffer) }
}

function textsOf(column: Column, rows: ArrayLike<number>): Tensor {
  const strings = Array.from(rows, (row) => textAt(column, row))
  return { dtype: 'string', shape: [rows.length, 1], data: new Uint8Array(0), strings }
}

/** A cell as text; '' where missing. */
export function textAt(column: Column, row: number): string {
  if (column.kind === 'text') return column.categories[column.codes[row] as number] ?? ''
  const value = column.values[row] as number
  return Number.isNaN(value) ? '' : String(value)
}
