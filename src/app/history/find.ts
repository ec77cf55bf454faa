import type { ResultSummary } from '../../workers/store-api'
import { recipeName } from '../result/verdict'

export const SORTS = ['newest', 'smallest', 'mostSaved', 'closest'] as const
export type Sort = (typeof SORTS)[number]

export interface Wanted {
  readonly query: string
  readonly sort: Sort
  readonly isPinnedOnly: boolean
}

/** Results whose name, method, format or data contain every word of the query, in the order asked for. */
export function findResults(results: readonly ResultSummary[], { query, sort, isPinnedOnly }: Wanted): ResultSummary[] {
  const words = fold(query).split(/\s+/).filter(Boolean)
  return results
    .filter((result) => (!isPinnedOnly || result.isPinned) && words.every((word) => textOf(result).includes(word)))
    .sort(ORDERS[sort])
}

/** Without case and accents: "ete" finds "Été". */
const fold = (text: string) => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()

const textOf = ({ name, input, output, recipe, data }: ResultSummary) =>
  fold([name, input.name, input.format, output.format, recipeName(recipe), data?.name ?? ''].join('\n'))

export const savedBytes = ({ input, output }: ResultSummary) => input.sizeBytes - output.sizeBytes

/** Identical outputs have no decibels and come first; what was not measured comes last. */
const closeness = ({ quality }: ResultSummary) =>
  quality.data === 'weights-only' ? -Infinity : (quality.sqnrDb ?? Infinity)

const compare = (a: number, b: number) => (a === b ? 0 : a < b ? -1 : 1)

const ORDERS: Readonly<Record<Sort, (a: ResultSummary, b: ResultSummary) => number>> = {
  newest: (a, b) => compare(b.createdAt, a.createdAt),
  smallest: (a, b) => compare(a.output.sizeBytes, b.output.sizeBytes),
  mostSaved: (a, b) => compare(savedBytes(b), savedBytes(a)),
  closest: (a, b) => compare(closeness(b), closeness(a)),
}

/** Neighbours of one calendar day (of this device) together, in the order given. */
export function groupByDay(results: readonly ResultSummary[]): { day: number; results: ResultSummary[] }[] {
  const groups: { day: number; results: ResultSummary[] }[] = []
  for (const result of results) {
    const day = new Date(result.createdAt).setHours(0, 0, 0, 0)
    const last = groups.at(-1)
    if (last?.day === day) last.results.push(result)
    else groups.push({ day, results: [result] })
  }
  return groups
}
