import { UsageError } from '../../../core/errors'
import { classNames } from './plan'
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
  const known: number[] = []
  for (let row = 0; row < table.rows; row++) {
    if (column.kind === 'text' ? (column.codes[row] as number) >= 0 : Number.isFinite(column.values[row]))
      known.push(row)
  }
  const rows = Int32Array.from(known)
  if (plan.task === 'regression') {
    if (column.kind === 'text')
      throw new UsageError(`${table.name}: "${column.name}" holds texts, but numbers are predicted.`)
    return { rows, labels: Float64Array.from(rows, (row) => column.values[row] as number) }
  }
  return { rows, labels: classesOf(table, column, plan, rows) }
}

function classesOf(table: Table, column: Column, plan: TablePlan, rows: Int32Array): Int32Array<ArrayBuffer> {
  const classes = new Map(plan.classes?.map((name, index) => [name, index]))
  const nameOf = classNames(column)
  return Int32Array.from(rows, (row) => {
    const label = classes.get(nameOf(row))
    if (label !== undefined) return label
    const fileRow = row + (table.hasHeader ? 2 : 1)
    throw new UsageError(
      `${table.name}: row ${fileRow} has "${nameOf(row)}" in column "${column.name}", which is none of the classes ${[...classes.keys()].slice(0, 20).join(', ')}.`,
    )
  })
}

/** @throws UsageError where the table has no such column */
export function columnOf(table: Table, name: string): Column {
  const column = table.columns.find((one) => one.name === name)
  if (column) return column
  throw new UsageError(`${table.name} has no column "${name}", which the model was trained with.`)
}
