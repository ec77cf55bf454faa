import { UsageError } from '../../../core/errors'
import { classNames } from './plan'
import { listed } from './target'
import type { Column, Table, TablePlan } from './table'

/** Rows whose target is known. */
export interface TargetValues {
  readonly rows: Int32Array<ArrayBuffer>
  /** Of each of them: the number of its class, or its value. */
  readonly labels: Int32Array<ArrayBuffer> | Float64Array<ArrayBuffer>
}

/** @throws UsageError for a class that the plan does not have: labels outside the range */
export function targetOf(table: Table, plan: TablePlan): TargetValues {
  const column = columnOf(table, plan.target)
  const rows = knownRows(column, table.rows)
  if (plan.task === 'regression') {
    if (column.kind === 'text')
      throw new UsageError(`${table.name}: "${column.name}" holds texts, but numbers are predicted.`)
    return { rows, labels: Float64Array.from(rows, (row) => column.values[row] as number) }
  }
  return { rows, labels: classesOf(table, column, plan, rows) }
}

function knownRows(column: Column, count: number): Int32Array<ArrayBuffer> {
  const rows = new Int32Array(count)
  let known = 0
  for (let row = 0; row < count; row++) {
    const isKnown = column.kind === 'text' ? (column.codes[row] as number) >= 0 : Number.isFinite(column.values[row])
    if (isKnown) rows[known++] = row
  }
  return rows.slice(0, known)
}

function classesOf(table: Table, column: Column, plan: TablePlan, rows: Int32Array): Int32Array<ArrayBuffer> {
  const classes = new Map(plan.classes?.map((name, index) => [name, index]))
  const nameOf = classNames(column)
  const byCell = new Map<number, number>()
  const labels = new Int32Array(rows.length)
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i] as number
    const cell = (column.kind === 'text' ? column.codes[row] : column.values[row]) as number
    const label = byCell.get(cell) ?? classes.get(nameOf(row))
    if (label === undefined) throw strangeClass(table, column, row, [...classes.keys()])
    byCell.set(cell, label)
    labels[i] = label
  }
  return labels
}

function strangeClass(table: Table, column: Column, row: number, classes: readonly string[]): UsageError {
  const fileRow = row + (table.hasHeader ? 2 : 1)
  return new UsageError(
    `${table.name}: row ${fileRow} has "${classNames(column)(row)}" in column "${column.name}", which is none of the classes ${listed(classes)}.`,
  )
}

/** @throws UsageError where the table has no such column */
export function columnOf(table: Table, name: string): Column {
  const column = table.columns.find((one) => one.name === name)
  if (column) return column
  throw new UsageError(`${table.name} has no column "${name}", which the model was trained with.`)
}
