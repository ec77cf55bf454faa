import type { HostArray } from '../../../core/host-array'
import type { Dataset, FieldType } from '../dataset'
import { encodedWidth, type CategoryEncoding, type TableEncoding } from './encoding'
import { columnOf, targetOf } from './target-values'
import type { Table, TablePlan } from './table'

/** Encoded rows of so many bytes are made once; more are made whenever they are read. */
const KEPT_BYTES = 2 ** 26

/** Writes one row's place in the code. */
type Part = (row: number, into: Float32Array, at: number) => void

/** Rows as samples: `features` and `target`. */
export function encodedRows(table: Table, plan: TablePlan, encoding: TableEncoding, rows: ArrayLike<number>): Dataset {
  const width = encodedWidth(encoding)
  const parts = partsOf(table, encoding)
  const labels = labelsByRow(table, plan, encoding)
  const isClasses = encoding.task === 'classification'
  const encode: Part = (row, into, at) => {
    for (const part of parts) part(row, into, at)
  }
  const kept = rows.length * width * 4 <= KEPT_BYTES ? new Float32Array(rows.length * width) : undefined
  if (kept) for (let i = 0; i < rows.length; i++) encode(rows[i] as number, kept, i * width)
  const fields = new Map<string, FieldType>([
    ['features', { dtype: 'float32', shape: [width] }],
    ['target', isClasses ? { dtype: 'int64', shape: [] } : { dtype: 'float32', shape: [1] }],
  ])
  return {
    ...{ length: rows.length, fields },
    read(indices, into) {
      const features = into.get('features')?.values as Float32Array | undefined
      const target = into.get('target') as HostArray | undefined
      for (let i = 0; i < indices.length; i++) {
        const index = indices[i] as number
        const row = rows[index] as number
        if (features && kept) features.set(kept.subarray(index * width, (index + 1) * width), i * width)
        else if (features) encode(row, features, i * width)
        if (target) target.values[i] = isClasses ? BigInt(labels[row] as number) : (labels[row] as number)
      }
    },
  }
}

function labelsByRow(table: Table, plan: TablePlan, { scale }: TableEncoding): Float64Array {
  const { rows, labels } = targetOf(table, plan)
  const all = new Float64Array(table.rows)
  rows.forEach((row, i) => {
    const label = labels[i] as number
    all[row] = scale ? (label - scale.mean) / scale.deviation : label
  })
  return all
}

function partsOf(table: Table, encoding: TableEncoding): Part[] {
  const { features, numbers, categories } = encoding
  const valuesOf = (feature: number) => {
    const column = columnOf(table, features[feature] as string)
    return column.kind === 'number' ? column.values : new Float32Array(table.rows).fill(NaN)
  }
  let mark = numbers.length
  const parts = numbers.map((one, place): Part => {
    const values = valuesOf(one.feature)
    const { shift, scale, fill } = one
    const markAt = one.marksMissing ? mark++ : -1
    return (row, into, at) => {
      const code = Math.fround(Math.fround(Math.fround(values[row] as number) - shift) * scale)
      const isFinite = Number.isFinite(code)
      into[at + place] = isFinite ? code : fill
      if (markAt >= 0) into[at + markAt] = isFinite ? 0 : 1
    }
  })
  let from = mark
  for (const one of categories) {
    const placeOf = placesOf(table, one, one.feature === undefined ? undefined : valuesOf(one.feature))
    const size = (one.texts ?? one.values ?? []).length
    const [start, other] = [from, one.hasOther ? size : -1]
    from += size + (one.hasOther ? 1 : 0)
    parts.push((row, into, at) => {
      into.fill(0, at + start, at + start + size + (other < 0 ? 0 : 1))
      const place = placeOf(row) ?? other
      if (place >= 0) into[at + start + place] = 1
    })
  }
  return parts
}

function placesOf(
  table: Table,
  { column: name, texts = [], values = [] }: CategoryEncoding,
  numbers: ArrayLike<number> | undefined,
): (row: number) => number | undefined {
  if (numbers) {
    const places = new Map(values.map((value, place) => [value, place]))
    return (row) => places.get(Math.fround(numbers[row] as number))
  }
  const column = columnOf(table, name)
  const places = new Map(texts.map((text, place) => [text, place]))
  if (column.kind === 'number') return (row) => places.get(String(column.values[row]))
  const byCode = column.categories.map((text) => places.get(text))
  return (row) => byCode[column.codes[row] as number]
}
