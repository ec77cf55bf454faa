import { codesOf, rowsLookedAt, type Profile } from './profile'
import type { Table } from './table'

/** More different values may tell rows apart rather than say what is predicted. */
const MAX_DISTINCT = 50
/** Rows that each of them has on average. */
const ROWS_PER_VALUE = 5
/** A number whose correlation with the target is larger is the target in other units. */
const CORRELATION = 0.99999

/** Why a column gives the target away, so that a model would learn nothing else; undefined where it does not. */
export function leakOf(column: Profile, target: Profile, table: Table, task: string): string | undefined {
  const rows = rowsLookedAt(table)
  if (task === 'regression')
    return isSameNumber(column, target, rows) ? 'gives the target away: it is the target in other units' : undefined
  if (column.distinct > MAX_DISTINCT || column.known < ROWS_PER_VALUE * column.distinct || column.distinct < 2)
    return undefined
  // A column that says something of a few rows only can be right by chance
  if (column.known < 0.5 * rows) return undefined
  return determines(codesOf(column.column, rows), codesOf(target.column, rows))
    ? 'gives the target away: each of its values belongs to one class alone'
    : undefined
}

/** Whether rows with equal `from` have equal `to`; a missing cell counts as a value of its own. */
function determines(from: Int32Array, to: Int32Array): boolean {
  const of = new Map<number, number>()
  for (let row = 0; row < from.length; row++) {
    const [code, label] = [from[row] as number, to[row] as number]
    if (label < 0) continue
    const known = of.get(code)
    if (known === undefined) of.set(code, label)
    else if (known !== label) return false
  }
  return true
}

/** Whether two columns say the same in other words, value by value. */
export function isSameInOtherWords(a: Profile, b: Profile, table: Table): boolean {
  if (
    a.distinct !== b.distinct ||
    a.distinct > MAX_DISTINCT ||
    a.known !== b.known ||
    a.known < ROWS_PER_VALUE * a.distinct
  )
    return false
  const rows = rowsLookedAt(table)
  const [left, right] = [codesOf(a.column, rows), codesOf(b.column, rows)]
  return isPaired(left, right) && isPaired(right, left)
}

function isPaired(from: Int32Array, to: Int32Array): boolean {
  const of = new Map<number, number>()
  for (let row = 0; row < from.length; row++) {
    const [a, b] = [from[row] as number, to[row] as number]
    const known = of.get(a)
    if (known === undefined) of.set(a, b)
    else if (known !== b) return false
  }
  return true
}

/** Pearson's correlation, from differences to the means. */
function isSameNumber({ column: a }: Profile, { column: b }: Profile, rows: number): boolean {
  if (a.kind !== 'number' || b.kind !== 'number') return false
  const both: [number, number][] = []
  for (let row = 0; row < rows; row++) {
    const [x, y] = [a.values[row] as number, b.values[row] as number]
    if (Number.isFinite(x) && Number.isFinite(y)) both.push([x, y])
  }
  if (both.length < 10) return false
  const mean = (at: 0 | 1) => both.reduce((sum, pair) => sum + pair[at], 0) / both.length
  const [mx, my] = [mean(0), mean(1)]
  let [xx, yy, xy] = [0, 0, 0]
  for (const [x, y] of both) {
    xx += (x - mx) ** 2
    yy += (y - my) ** 2
    xy += (x - mx) * (y - my)
  }
  return xx > 0 && yy > 0 && Math.abs(xy) > CORRELATION * Math.sqrt(xx * yy)
}
