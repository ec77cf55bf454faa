import { elementCount } from '../../../core/dtypes'
import { UsageError } from '../../../core/errors'
import type { Tensor } from '../../../core/tensor'
import type { TableEncoding } from './encoding'
import { columnOf } from './target-values'
import type { Column, Table, TablePlan } from './table'

/** As `rawInputs`, for a model that was trained with this plan. */
export function planInputs(table: Table, plan: TablePlan, rows: ArrayLike<number>): Map<string, Tensor> {
  const used = plan.roles.filter(({ role }) => role === 'number' || role === 'category')
  const columns = used.map(({ column }) => columnOf(table, column))
  const isNumber = (column: Column) => column.kind === 'number'
  const features = columns.filter(isNumber).map(({ name }) => name)
  const texts = columns.filter((column) => !isNumber(column)).map(({ name }) => name)
  const taken = features.length > 0 ? FEATURES : undefined
  const categories = texts.map((column) => ({
    ...{ column, texts: [column], hasOther: false },
    ...(column === taken && { input: `${column}_1` }),
  }))
  return rawInputs(table, { features, categories }, rows)
}

const FEATURES = 'features'

/**
 * What a model takes that `attachEncoding` made: `features` [rows, n] with NaN where missing, and [rows, 1] texts, '' where
 * missing, per column of texts.
 * @throws UsageError where the table lacks a column, or holds texts where numbers are taken
 */
export function rawInputs(
  table: Table,
  { features, categories }: Pick<TableEncoding, 'features' | 'categories'>,
  rows: ArrayLike<number>,
): Map<string, Tensor> {
  const inputs = new Map<string, Tensor>()
  if (features.length > 0)
    inputs.set(
      FEATURES,
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
  const text = columns.find(({ kind }) => kind === 'text')
  if (text?.kind === 'text') {
    throw new UsageError(
      `Column "${text.name}" holds texts such as "${text.categories[0] ?? ''}", but the model takes its numbers. Check delimiter and header of the table.`,
    )
  }
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
