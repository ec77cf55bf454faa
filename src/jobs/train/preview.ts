import type { Note } from '../../core/progress'
import type { Column, Role, Table, TablePlan } from '../../engine/data/table/table'
import type { PictureDecoder, SampleFiles, Samples } from '../../formats/format'
import { unpackedFiles } from '../../formats/zip-files'
import { candidatesFor } from './candidates'
import { isTable, openTrainingSource } from './open-source'
import type { TrainSettings } from './request'
import { sharesOf, type Part, type TrainingSource } from './source'
import { openTable, tableSource, type OpenedTable } from './table-source'

/** What was given, before anything is trained: shown with roles that can be changed. Plain JSON. */
export interface DataPreview {
  readonly kind: 'table' | 'pictures'
  readonly name: string
  readonly samples: number
  /** Of a table; of pictures: none. */
  readonly columns: readonly PreviewColumn[]
  /** Cells of the first rows, as text; '' where missing. */
  readonly rows: readonly (readonly string[])[]
  readonly task: 'classification' | 'regression'
  /** With the settings' changes. */
  readonly plan?: TablePlan
  readonly classes?: readonly { readonly name: string; readonly samples: number }[]
  /** Of pictures. */
  readonly size?: { readonly width: number; readonly height: number; readonly channels: number }
  /** Widths of hidden layers that suit the data, simplest first; [] is a linear model. */
  readonly suggestions: readonly (readonly number[])[]
  readonly notes: readonly Note[]
}

export interface PreviewColumn {
  readonly name: string
  readonly kind: 'number' | 'text'
  readonly role: Role
  readonly why?: string
  readonly missing: number
  /** Distinct texts, or least and greatest number. */
  readonly categories?: number
  readonly range?: readonly [number, number]
}

export interface DataOptions {
  readonly signal?: AbortSignal
  /** Needed for folders of pictures. */
  readonly decoder?: PictureDecoder
}

/**
 * Reads data and says what training would make of it.
 * @throws FormatError, UsageError for files that are no data, or settings that do not fit them
 */
export async function previewData(
  given: SampleFiles,
  settings: TrainSettings,
  options: DataOptions = {},
): Promise<DataPreview> {
  const files = await unpackedFiles(given, options.signal)
  if (!(await isTable(files))) return describe(await openTrainingSource(files, settings, options), settings)
  const opened = await openTable(await files.open(files.paths[0] as string), settings, options)
  return { ...(await describe(tableSource(opened), settings)), ...tablePreview(opened) }
}

async function describe(source: TrainingSource, settings: TrainSettings): Promise<DataPreview> {
  const { task, notes, name, samples } = source
  const split = source.split(sharesOf(settings, settings.seed))
  const { input, targets } = await source.prepare(split)
  const outputs = task.kind === 'classification' ? task.classes.length : 1
  const about = { input, outputs, samples: split.train.length }
  const common = {
    ...{ name, samples, notes, columns: [], rows: [], task: task.kind },
    suggestions: candidatesFor(about, undefined).map(({ layers }) => layers),
  }
  const classes =
    task.kind === 'classification' ? { classes: classCounts(task.classes, Object.values(targets)) } : undefined
  if (input.kind === 'row') return { kind: 'table', ...common, ...classes }
  const { width, height, channels } = input
  return { kind: 'pictures', ...common, ...classes, size: { width, height, channels } }
}

function classCounts(names: readonly string[], parts: readonly ArrayLike<number>[]) {
  const counts = new Array<number>(names.length).fill(0)
  for (const part of parts) for (const label of Array.from(part)) counts[label] = (counts[label] as number) + 1
  return names.map((name, label) => ({ name, samples: counts[label] as number }))
}

const SHOWN_ROWS = 12

function tablePreview({ table, plan }: OpenedTable): Pick<DataPreview, 'columns' | 'rows' | 'plan'> {
  return { plan, columns: columnsOf(table, plan), rows: firstRows(table) }
}

function columnsOf(table: Table, plan: TablePlan): PreviewColumn[] {
  const roles = new Map(plan.roles.map((role) => [role.column, role]))
  return table.columns.map((column) => {
    const { name, kind, missing } = column
    const { role = 'ignored', why } = roles.get(name) ?? {}
    const values = kind === 'text' ? { categories: column.categories.length } : { range: rangeOf(column.values) }
    return { name, kind, role, missing, ...values, ...(why !== undefined && { why }) }
  })
}

function rangeOf(values: ArrayLike<number>): [number, number] {
  let [least, most] = [Infinity, -Infinity]
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number
    if (value < least) least = value
    if (value > most) most = value
  }
  return least > most ? [0, 0] : [least, most]
}

function firstRows({ rows, columns }: Table): string[][] {
  return Array.from({ length: Math.min(rows, SHOWN_ROWS) }, (_, row) => columns.map((column) => cellText(column, row)))
}

function cellText(column: Column, row: number): string {
  if (column.kind === 'text') return column.categories[column.codes[row] as number] ?? ''
  const value = column.values[row] as number
  if (Number.isNaN(value)) return ''
  // float32 holds about seven digits; more would be noise
  return String(column.values instanceof Float32Array ? Number(value.toPrecision(7)) : value)
}

/**
 * The samples that a training with these settings used for one purpose: what the compression of its model is measured on
 * ('test') and calibrated on ('train'). The same seed gives the same samples.
 */
export async function openSplit(
  files: SampleFiles,
  settings: TrainSettings,
  part: Part,
  options: DataOptions = {},
): Promise<Samples> {
  const source = await openTrainingSource(files, settings, options)
  return source.raw(source.split(sharesOf(settings, settings.seed)), part)
}
