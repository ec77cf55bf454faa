import type { HostArray } from '../../../core/host-array'
import type { Dataset, FieldType } from '../dataset'
import { encodedWidth, type CategoryEncoding, type NumberEncoding, type TableEncoding } from './encoding'
import { columnOf, targetOf } from './target-values'
import type { Table, TablePlan } from './table'

/** Encoded rows of so many bytes are made once; more are made whenever they are read. */
const KEPT_BYTES = 2 ** 26

/** Writes a column's places of the codes of rows. */
type Part = (rows: ArrayLike<number>, into: Float32Array) => void

/** Rows as samples: `features` and `target`. */
export function encodedRows(table: Table, plan: TablePlan, encoding: TableEncoding, rows: ArrayLike<number>): Dataset {
  const width = encodedWidth(encoding)
  const parts = partsOf(table, encoding, width)
  const labels = labelsByRow(table, plan, encoding)
  const isClasses = encoding.task === 'classification'
  const encode: Part = (some, into) => {
    for (const part of parts) part(some, into)
  }
  const kept = rows.length * width * 4 <= KEPT_BYTES ? new Float32Array(rows.length * width) : undefined
  if (kept) encode(rows, kept)
  const fields = new Map<string, FieldType>([
    ['features', { dtype: 'float32', shape: [width] }],
    ['target', isClasses ? { dtype: 'int64', shape: [] } : { dtype: 'float32', shape: [1] }],
  ])
  return {
    ...{ length: rows.length, fields },
    read(indices, into) {
      const features = into.get('features')?.values as Float32Array | undefined
      const target = into.get('target') as HostArray | undefined
      if (features && kept) {
        for (let i = 0; i < indices.length; i++) {
          const from = (indices[i] as number) * width
          features.set(kept.subarray(from, from + width), i * width)
        }
      } else if (features)
        encode(
          Uint32Array.from(indices, (index) => rows[index] as number),
          features,
        )
      for (let i = 0; target && i < indices.length; i++) {
        const label = labels[rows[indices[i] as number] as number] as number
        target.values[i] = isClasses ? BigInt(label) : label
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

function partsOf(table: Table, { features, numbers, categories }: TableEncoding, width: number): Part[] {
  const valuesOf = (feature: number) => {
    const column = columnOf(table, features[feature] as string)
    return column.kind === 'number' ? column.values : new Float32Array(table.rows).fill(NaN)
  }
  let mark = numbers.length
  const parts = numbers.map((one, place) =>
    numberPart(valuesOf(one.feature), one, { width, place, mark: one.marksMissing ? mark++ : -1 }),
  )
  let from = mark
  for (const one of categories) {
    const placeOf = placesOf(table, one, one.feature === undefined ? undefined : valuesOf(one.feature))
    const size = (one.texts ?? one.values ?? []).length
    parts.push(categoryPart(placeOf, { width, from, size, other: one.hasOther ? size : -1 }))
    from += size + (one.hasOther ? 1 : 0)
  }
  return parts
}

function numberPart(
  values: ArrayLike<number>,
  { shift, scale, fill }: NumberEncoding,
  { width, place, mark }: { readonly width: number; readonly place: number; readonly mark: number },
): Part {
  return (rows, into) => {
    for (let i = 0, at = 0; i < rows.length; i++, at += width) {
      const code = Math.fround(Math.fround(Math.fround(values[rows[i] as number] as number) - shift) * scale)
      const isFinite = code > -Infinity && code < Infinity
      into[at + place] = isFinite ? code : fill
      if (mark >= 0) into[at + mark] = isFinite ? 0 : 1
    }
  }
}

interface CategoryPlace {
  readonly width: number
  readonly from: number
  readonly size: number
  /** −1 where there is none. */
  readonly other: number
}

function categoryPart(placeOf: (row: number) => number | undefined, { width, from, size, other }: CategoryPlace): Part {
  const places = size + (other < 0 ? 0 : 1)
  return (rows, into) => {
    for (let i = 0, at = from; i < rows.length; i++, at += width) {
      into.fill(0, at, at + places)
      const place = placeOf(rows[i] as number) ?? other
      if (place >= 0) into[at + place] = 1
    }
  }
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
