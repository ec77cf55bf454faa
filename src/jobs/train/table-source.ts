/** A table as training data. */
import type { ByteSource } from '../../core/bytes'
import { UsageError } from '../../core/errors'
import { sha256Of } from '../../core/hash'
import type { Note } from '../../core/progress'
import { fitEncoder } from '../../engine/data/table/encoder'
import { guessPlan, type PlanWishes } from '../../engine/data/table/plan'
import { planInputs } from '../../engine/data/table/raw-inputs'
import { encodedRows } from '../../engine/data/table/rows'
import { splitRows } from '../../engine/data/table/split'
import { targetOf } from '../../engine/data/table/target-values'
import type { Table, TablePlan } from '../../engine/data/table/table'
import { readTable } from '../../formats/csv/read-table'
import type { Samples } from '../../formats/format'
import type { TrainSettings } from './request'
import { partsOf, type Part, type Prepared, type Split, type Targets, type TrainingSource } from './source'

export interface OpenedTable {
  readonly table: Table
  readonly plan: TablePlan
  readonly notes: readonly Note[]
  readonly sha256: string
  readonly scaling: TrainSettings['scaling']
}

/** @throws FormatError, UsageError */
export async function openTable(
  file: ByteSource,
  { target, task, roles, scaling }: TrainSettings,
  options: { readonly signal?: AbortSignal } = {},
): Promise<OpenedTable> {
  const table = await readTable(file, file.name, options)
  const wishes: PlanWishes = { ...(target !== undefined && { target }), ...(task && { task }), ...(roles && { roles }) }
  const { plan, notes } = guessPlan(table, wishes)
  return { table, plan, notes: [...table.notes, ...notes], sha256: await sha256Of([file], options), scaling }
}

/** A table of its own for the test; its columns are found by name. */
export async function openTestTable(
  file: ByteSource,
  { plan, table: first, scaling }: OpenedTable,
  options: { readonly signal?: AbortSignal } = {},
): Promise<OpenedTable> {
  const table = await readTable(file, file.name, options)
  const lacking = plan.roles.find(
    ({ column, role }) => role !== 'ignored' && !table.columns.some(({ name }) => name === column),
  )
  if (lacking) {
    throw new UsageError(
      `${table.name} has no column "${lacking.column}" as ${first.name} has. A table for the test has the same columns.`,
    )
  }
  return { table, plan, notes: table.notes, sha256: await sha256Of([file], options), scaling }
}

/** @param test rows for the test; then none are split off for it */
export function tableSource(opened: OpenedTable, test?: OpenedTable): TrainingSource {
  const { table, plan, notes, sha256 } = opened
  const { target, task, classes } = plan
  const known = targetOf(table, plan)
  const own = test && Array.from(targetOf(test.table, plan).rows)
  const missing = table.rows - known.rows.length
  const unknown: Note[] = missing === 0 ? [] : [{ severity: 'warning', text: withoutTarget(table, target, missing) }]
  return {
    name: table.name,
    samples: known.rows.length + (own?.length ?? 0),
    sha256: test ? `${sha256}+${test.sha256}` : sha256,
    task: task === 'classification' ? { kind: 'classification', classes: classes ?? [] } : { kind: 'regression' },
    notes: [...notes, ...(test?.notes ?? []), ...unknown],
    facts: {
      ...{ rows: table.rows + (test?.table.rows ?? 0), columns: table.columns.length, target, task },
      ...(classes && { classes }),
      ignored: plan.roles.flatMap(({ column, role, why = '' }) => (role === 'ignored' ? [{ column, why }] : [])),
    },
    split(shares) {
      const options = { seed: shares.seed, validationShare: shares.validation, testShare: own ? 0 : shares.test }
      const split = splitRows(table, plan, options)
      return own ? { ...split, test: own } : split
    },
    prepare: (split) => prepare(opened, test ?? opened, split),
    raw: (split, part) => rawRows(part === 'test' && test ? test : opened, split[part]),
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

/** @param test the table whose rows are the test's */
function prepare({ table, plan, scaling = 'standard' }: OpenedTable, test: OpenedTable, split: Split): Prepared {
  const encoder = fitEncoder(table, plan, split.train, { scaling })
  if (encoder.width === 0) throw new UsageError(`${table.name}: no column is left to learn from.`)
  const { encoding } = encoder
  const { scale } = encoding
  const of = (part: Part) => (part === 'test' ? test.table : table)
  return {
    input: { kind: 'row', size: encoder.width },
    parts: partsOf((part) => encodedRows(of(part), plan, encoding, split[part])),
    targets: partsOf((part) => targetsByRow(of(part), plan)(split[part])),
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
