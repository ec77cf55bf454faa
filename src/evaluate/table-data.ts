import { UsageError } from '../core/errors'
import type { Tensor } from '../core/tensor'
import { guessPlan } from '../engine/data/table/plan'
import { encodingOf } from '../engine/data/table/preprocessing'
import { listed } from '../engine/data/table/target'
import { rawInputs, textAt } from '../engine/data/table/raw-inputs'
import type { Column, Table } from '../engine/data/table/table'
import type { TableEncoding } from '../engine/data/table/encoding'
import type { Labels, Samples } from '../formats/format'
import type { Model } from '../graph/model'
import type { ValueSignature } from '../runtime/runtime'
import type { ArraySamples } from './feeds'

export type TableSamples = Extract<Samples, { kind: 'table' }>

/**
 * A table as inputs of a model: of one that was trained on a table by the columns it names; of others by inputs called like
 * columns, or one input that takes all columns of numbers but the target.
 * @throws UsageError where columns and inputs do not fit, with both
 */
export function tableInputs(samples: TableSamples, inputs: readonly ValueSignature[], model: Model): ArraySamples {
  const { table, name, sha256, count, rows } = samples
  const encoding = encodingOf(model)
  const target = targetColumn(samples, encoding)
  const all = Int32Array.from({ length: table.rows }, (_, row) => row)
  const arrays = encoding ? rawInputs(table, encoding, all) : foreignInputs(table, inputs.map(named), target)
  const labelled = target && labelsOf(table, target, encoding)
  return {
    ...{ kind: 'arrays', name, sha256, count, arrays, ...(rows && { rows }) },
    notes: [...samples.notes, ...(labelled?.notes ?? [])],
    ...(labelled?.values && { labels: pick(labelled.values, rows) }),
  }
}

const named = ({ name, shape }: ValueSignature) => ({ name, width: shape.at(-1) })

function targetColumn({ table, target }: TableSamples, encoding: TableEncoding | undefined): Column | undefined {
  if (target === undefined) return table.columns.find(({ name }) => name === encoding?.target)
  const { plan } = guessPlan(table, { target })
  return table.columns.find(({ name }) => name === plan.target)
}

function foreignInputs(
  table: Table,
  inputs: readonly { readonly name: string; readonly width: unknown }[],
  target: Column | undefined,
): Map<string, Tensor> {
  const encodingFor = (features: readonly string[], texts: readonly string[]) => ({
    features,
    categories: texts.map((column) => ({ column, texts: [column], hasOther: false })),
  })
  const all = Int32Array.from({ length: table.rows }, (_, row) => row)
  const byName = new Map<string, Tensor>()
  const others = inputs.filter(({ name }) => {
    const column = table.columns.find((one) => one.name === name)
    if (!column) return true
    const one = column.kind === 'number' ? encodingFor([name], []) : encodingFor([], [name])
    for (const tensor of rawInputs(table, one, all).values()) byName.set(name, tensor)
    return false
  })
  const [rest] = others
  if (!rest) return byName
  if (others.length > 1) throw severalInputs(table, others)
  const features = featuresFor(table, rest.width, target)
  const tensor = rawInputs(table, encodingFor(features, []), all).get('features') as Tensor
  return byName.set(rest.name, tensor)
}

function featuresFor(table: Table, width: unknown, target: Column | undefined): string[] {
  const numbers = table.columns
    .filter((column) => column.kind === 'number' && column !== target)
    .map(({ name }) => name)
  if (typeof width !== 'number' || width === numbers.length) return numbers
  const { plan } = guessPlan(table, target && { target: target.name })
  const useful = plan.roles.filter(({ role }) => role === 'number').map(({ column }) => column)
  if (useful.length === width) return useful
  const names = listed(numbers)
  throw new UsageError(
    target
      ? `${table.name}: the model takes ${width} numbers a sample, but beside the target "${target.name}" the table has ${numbers.length} columns of numbers: ${names}.`
      : `${table.name}: the model takes ${width} numbers a sample, but the table has ${numbers.length} columns of numbers: ${names}. Name the column of the labels with --target, so that it is not taken for an input.`,
  )
}

function severalInputs(table: Table, inputs: readonly { readonly name: string }[]): UsageError {
  return new UsageError(
    `${table.name}: the model has the inputs ${listed(inputs.map(({ name }) => name))}, and the table no columns of these names. It has: ${listed(table.columns.map(({ name }) => name))}.`,
  )
}

interface TableLabels {
  readonly values?: Int32Array
  readonly notes: readonly string[]
}

/** −1 where the target is missing. A regression has no labels. */
function labelsOf(table: Table, target: Column, encoding: TableEncoding | undefined): TableLabels {
  const classes = encoding?.classes ?? (encoding ? undefined : guessPlan(table, { target: target.name }).plan.classes)
  if (!classes) return { notes: [] }
  const isRanked = encoding !== undefined || !classes.every((name) => /^\d{1,4}$/.test(name))
  const ranks = new Map(classes.map((name, rank) => [name, isRanked ? rank : Number(name)]))
  const values = Int32Array.from({ length: table.rows }, (_, row) => {
    const text = textAt(target, row)
    const rank = ranks.get(text)
    if (rank !== undefined || text === '') return rank ?? -1
    const fileRow = row + (table.hasHeader ? 2 : 1)
    throw new UsageError(
      `${table.name}: row ${fileRow} has "${text}" in column "${target.name}", which is none of the model's classes ${listed(classes)}.`,
    )
  })
  const notes =
    isRanked && !encoding
      ? [
          `${table.name}: the classes of "${target.name}" are numbered by the alphabet: ${listed(classes.map((name, rank) => `${rank} = ${name}`))}.`,
        ]
      : []
  return { values, notes }
}

function pick(values: Int32Array, rows: readonly number[] | undefined): Labels {
  return { shape: [], values: rows ? Int32Array.from(rows, (row) => values[row] as number) : values }
}
