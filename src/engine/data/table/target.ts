import { UsageError } from '../../../core/errors'
import { nearest } from './nearest'
import type { Profile } from './profile'
import type { Table } from './table'

/** Names that say what a column is for, the most telling first. */
const TARGET_NAMES = [
  ...['target', 'label', 'labels', 'y', 'survived', 'species', 'diagnosis', 'outcome', 'churn', 'exited', 'default'],
  ...['variety', 'quality', 'price', 'saleprice', 'medv', 'charges', 'income', 'class', 'category', 'result', 'output'],
]
const TARGET_WORDS = /(^|[^a-z])(target|label|outcome|class)([^a-z]|$)/
/** More different values are no classes unless a person says so. */
export const MAX_CLASSES = 20

export interface GuessedTarget {
  readonly profile: Profile
  /** Why it was taken; absent where it was given. */
  readonly why?: string
}

/**
 * The column of that name, or of that number from 0 on.
 * @throws UsageError where there is none
 */
export function givenTarget(table: Table, profiles: readonly Profile[], given: string): GuessedTarget {
  const wish = given.trim()
  const byName =
    profiles.find(({ column }) => column.name === given) ??
    profiles.find(({ column }) => column.name.toLowerCase() === wish.toLowerCase())
  const found = byName ?? (/^\d+$/.test(wish) ? profiles[Number(wish)] : undefined)
  if (found) return { profile: found }
  throw noColumn(table, given)
}

export function noColumn(table: Table, given: string): UsageError {
  const names = table.columns.map(({ name }) => name)
  return new UsageError(
    `${table.name} has no column "${given}". ${whatThereIs(table, nearest(given, names), listed(names))}`,
  )
}

function whatThereIs({ hasHeader }: Table, near: string | undefined, all: string): string {
  if (!hasHeader) return `It has no header, so its columns are called by their number: ${all}.`
  return near === undefined ? `Its columns are ${all}.` : `Did you mean "${near}"? Its columns are ${all}.`
}

/** The first of many names. */
export const listed = (names: readonly string[]): string =>
  names.slice(0, 30).join(', ') + (names.length > 30 ? ', …' : '')

/** @throws UsageError where no column can be one */
export function guessTarget(table: Table, profiles: readonly Profile[]): GuessedTarget {
  const usable = profiles.filter((one) => one.distinct > 1 && !isManyTexts(one))
  const named = byName(usable) ?? bySameName(table, usable)
  if (named) return named
  const last = usable.at(-1)
  if (!last)
    throw new UsageError(`${table.name} has no column to be predicted: each is empty or the same in every row.`)
  if (isClasses(last)) return { profile: last, why: 'the last column, of few different values' }
  const texts = usable.filter(({ column, distinct }) => column.kind === 'text' && distinct <= MAX_CLASSES)
  if (texts.length === 1 && texts[0]) return { profile: texts[0], why: 'the only column of few different texts' }
  const [first] = usable
  if (first && isClasses(first)) return { profile: first, why: 'the first column, of few different values' }
  return { profile: last, why: 'the last column' }
}

function byName(usable: readonly Profile[]): GuessedTarget | undefined {
  const names = usable.map(({ column }) => column.name.toLowerCase())
  const exact = TARGET_NAMES.map((name) => names.indexOf(name)).find((index) => index >= 0)
  const index = exact ?? names.findIndex((name) => TARGET_WORDS.test(name.replaceAll('_', ' ')))
  const profile = usable[index]
  return profile && { profile, why: 'its name' }
}

/** mpg.csv is about the column mpg. */
function bySameName(table: Table, usable: readonly Profile[]): GuessedTarget | undefined {
  const stem = table.name
    .replace(/^.*[\\/]/, '')
    .replace(/\..*$/, '')
    .toLowerCase()
  const profile = usable.find(({ column }) => column.name.toLowerCase() === stem)
  return profile && { profile, why: 'it is called like the file' }
}

const isManyTexts = ({ column, distinct, known }: Profile): boolean =>
  column.kind === 'text' && distinct > MAX_CLASSES && distinct > known / 10

/** Few texts, or few whole numbers, each of several rows. */
export const isClasses = ({ column, distinct, isWhole, known }: Profile): boolean =>
  distinct <= MAX_CLASSES && (column.kind === 'text' || (isWhole && distinct <= Math.max(2, known / 5)))
