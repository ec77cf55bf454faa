/** A table as training data. */
import type { ByteSource } from '../../core/bytes'
import { UsageError } from '../../core/errors'
import { sha256Of } from '../../core/hash'
import type { Note } from '../../core/progress'
import { fitEncoder } from '../../engine/data/table/encoder'
import { guessPlan, type PlanWishes } from '../../engine/data/table/plan'
import { planInputs } from '../../engine/data/table/raw-inputs'
import { splitRows } from '../../engine/data/table/split'
import { targetOf } from '../../engine/data/table/target-values'
import type { Table, TablePlan } from '../../engine/data/table/table'
import { readTable } from '../../formats/csv/read-table'
import type { Samples } from '../../formats/format'
import type { TrainSettings } from './request'
import { partsOf, type Prepared, type Split, type Targets, type TrainingSource } from './source'

export interface OpenedTable {
  readonly table: Table
  readonly plan: TablePlan
  readonly notes: readonly Note[]
  readonly sha256: string
}

/** @throws FormatError, UsageError */
export async function openTable(
  file: ByteSource,
  { target, task, roles }: TrainSettings,
  options: { readonly signal?: AbortSignal } = {},
): Promise<OpenedTable> {
  const table = await readTable(file, file.name, options)
  const wishes: PlanWishes = { ...(target !== undefined && { target }), ...(task && { task }), ...(roles && { roles }) }
  const { plan, notes } = guessPlan(table, wishes)
  return { table, plan, notes: [...table.notes, ...notes], sha256: await sha256Of([file], options) }
}

export function tableSource({ table, plan, notes, sha256 }: OpenedTable): TrainingSource {
  const { target, task, classes } = plan
  const known = targetOf(table, plan)
  const missing = table.rows - known.rows.length
  const unknown: Note[] = missing === 0 ? [] : [{ severity: 'warning', text: withoutTarget(table, target, missing) }]
  return {
    name: table.name,
    samples: known.rows.length,
    sha256,
    task: task === 'classification' ? { kind: 'classification', classes: classes ?? [] } : { kind: 'regression' },
    notes: [...notes, ...unknown],
    facts: {
      ...{ rows: table.rows, columns: table.columns.length, target, task, ...(classes && { classes }) },
      ignored: plan.roles.flatMap(({ column, role, why }) =>
        role === 'ignored' ? [{ column, why: why ?? 'left out by choice' }] : [],
      ),
    },
    split: ({ seed, validation, test }) =>
      splitRows(table, plan, { seed, validationShare: validation, testShare: test }),
    prepare: (split) => prepare(table, plan, split),
    raw: (rows) => rawRows({ table, plan, sha256 }, rows),
  }
}

const withoutTarget = (table: Table, target: string, missing: number) =>
  `${table.name}: ${missing} rows have no value of "${target}" and were left out.`

/** Rows as the exported model takes them. */
export function rawRows(
  { table, plan, sha256 }: Omit<OpenedTable, 'notes'>,
  rows: ArrayLike<number>,
): Extract<Samples, { kind: 'arrays' }> {
  const values = targetsByRow(table, plan)(rows)
  return {
    ...{ kind: 'arrays', name: table.name, sha256, count: rows.length, notes: [] },
    arrays: planInputs(table, plan, rows),
    ...(values instanceof Int32Array && { labels: { shape: [], values } }),
  }
}

function prepare(table: Table, plan: TablePlan, split: Split): Prepared {
  const encoder = fitEncoder(table, plan, split.train)
  if (encoder.width === 0) throw new UsageError(`${table.name}: no column is left to learn from.`)
  const byRow = targetsByRow(table, plan)
  const { scale } = encoder.encoding
  return {
    input: { kind: 'row', size: encoder.width },
    parts: partsOf((part) => encoder.dataset(split[part])),
    targets: partsOf((part) => byRow(split[part])),
    notes: [],
    ...(scale && { scale }),
    withInputs: (network) => encoder.attach(network),
  }
}

function targetsByRow(table: Table, plan: TablePlan): (rows: ArrayLike<number>) => Targets {
  const { rows, labels } = targetOf(table, plan)
  const all = new Float64Array(table.rows)
  rows.forEach((row, i) => (all[row] = labels[i] as number))
  const pick = (row: number) => all[row] as number
  return (wanted) => (plan.task === 'classification' ? Int32Array.from(wanted, pick) : Float64Array.from(wanted, pick))
}
