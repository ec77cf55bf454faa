import type { Model } from '../../../graph/model'
import type { Dataset } from '../dataset'
import { encodedWidth, type CategoryEncoding, type NumberEncoding, type TableEncoding } from './encoding'
import { attachEncoding } from './preprocessing'
import { encodedRows } from './rows'
import { columnOf, targetOf } from './target-values'
import type { Column, NumberColumn, Table, TablePlan } from './table'

export interface EncoderOptions {
  /** 'standard': mean 0 and standard deviation 1; 'min-max': from 0 to 1. Default: 'standard'. */
  readonly scaling?: 'standard' | 'min-max'
}

export interface Encoder {
  readonly encoding: TableEncoding
  /** Numbers that one row becomes. */
  readonly width: number
  /**
   * Rows of the table as samples: `features` float32 [width]; `target` int64 [], the number of the class, or of a
   * regression float32 [1], scaled.
   */
  dataset(rows: ArrayLike<number>): Dataset
  /**
   * A model that takes raw columns.
   * @param core takes `features` [batch, width] as its first input
   */
  attach(core: Model): Model
}

/** A missing cell says something of its own where so many are. */
const MARKED_SHARE = 0.05
/** Categories beyond the most frequent count as "other". */
const MAX_CATEGORIES = 100

/**
 * Fits scales, fill values and categories on training rows alone.
 * @throws UsageError where the plan names columns that the table does not have
 */
export function fitEncoder(
  table: Table,
  plan: TablePlan,
  trainRows: ArrayLike<number>,
  { scaling = 'standard' }: EncoderOptions = {},
): Encoder {
  const used = plan.roles.filter(({ role }) => role === 'number' || role === 'category')
  const features = used.map(({ column }) => columnOf(table, column)).filter(({ kind }) => kind === 'number')
  const numbers: NumberEncoding[] = []
  const categories: CategoryEncoding[] = []
  for (const { column: name, role } of used) {
    const column = columnOf(table, name)
    const feature = features.indexOf(column)
    if (role === 'category') categories.push(fitCategory(column, trainRows, feature))
    else numbers.push({ feature, ...fitNumber(column as NumberColumn, trainRows, scaling) })
  }
  const encoding: TableEncoding = {
    ...{ version: 1, target: plan.target, task: plan.task, ...(plan.classes && { classes: plan.classes }) },
    ...{ features: features.map(({ name }) => name), numbers, categories },
    ...(plan.task === 'regression' && { scale: fitTarget(table, plan, trainRows) }),
  }
  return {
    encoding,
    width: encodedWidth(encoding),
    dataset: (rows) => encodedRows(table, plan, encoding, rows),
    attach: (core) => attachEncoding(core, encoding),
  }
}

function fitNumber(
  { values }: NumberColumn,
  rows: ArrayLike<number>,
  scaling: 'standard' | 'min-max',
): Omit<NumberEncoding, 'feature'> {
  const { count, mean, deviation, min, max } = momentsOf(picked(values, rows, new Float32Array(rows.length)))
  const shift = Math.fround(scaling === 'standard' ? mean : min)
  const range = scaling === 'standard' ? deviation : max - min
  const scale = range > 0 && Number.isFinite(1 / range) ? Math.fround(1 / range) : 0
  const fill = Math.fround(Math.fround(Math.fround(mean) - shift) * scale)
  return { shift, scale, fill, marksMissing: rows.length - count > MARKED_SHARE * rows.length }
}

function picked<T extends Float32Array | Float64Array>(values: ArrayLike<number>, rows: ArrayLike<number>, into: T): T {
  for (let i = 0; i < rows.length; i++) into[i] = values[rows[i] as number] as number
  return into
}

/** Of the finite values; the standard deviation is that of all values together. */
function momentsOf(values: Float32Array | Float64Array) {
  let [count, sum, squares, min, max] = [0, 0, 0, Infinity, -Infinity]
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number
    if (!(value > -Infinity && value < Infinity)) continue
    count++
    sum += value
    if (value < min) min = value
    if (value > max) max = value
  }
  if (count === 0) return { count, mean: 0, deviation: 0, min: 0, max: 0 }
  const mean = sum / count
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number
    if (value > -Infinity && value < Infinity) squares += (value - mean) * (value - mean)
  }
  return { count, mean, deviation: Math.sqrt(squares / count), min, max }
}

function fitCategory(column: Column, rows: ArrayLike<number>, feature: number): CategoryEncoding {
  const counts = new Map<number, number>()
  let hasOther = false
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i] as number
    const key = column.kind === 'text' ? (column.codes[row] as number) : Math.fround(column.values[row] as number)
    if (column.kind === 'text' ? key < 0 : !Number.isFinite(key)) hasOther = true
    else counts.set(key, (counts.get(key) ?? 0) + 1)
  }
  const frequent = [...counts].sort(([a, n], [b, m]) => m - n || a - b).slice(0, MAX_CATEGORIES)
  hasOther = frequent.length > 0 && (hasOther || frequent.length < counts.size)
  const keys = frequent.map(([key]) => key)
  if (column.kind === 'number') return { column: column.name, feature, values: keys.sort((a, b) => a - b), hasOther }
  return { column: column.name, texts: keys.map((key) => column.categories[key] as string).sort(), hasOther }
}

function fitTarget(table: Table, plan: TablePlan, trainRows: ArrayLike<number>): { mean: number; deviation: number } {
  const { rows, labels } = targetOf(table, plan)
  const values = new Float64Array(table.rows).fill(NaN)
  rows.forEach((row, i) => (values[row] = labels[i] as number))
  const { mean, deviation } = momentsOf(picked(values, trainRows, new Float64Array(trainRows.length)))
  return { mean: Math.fround(mean), deviation: Math.fround(deviation) || 1 }
}
