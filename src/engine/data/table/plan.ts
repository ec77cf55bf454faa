import { UsageError } from '../../../core/errors'
import type { Note } from '../../../core/progress'
import { codesOf, profileOf, type Profile } from './profile'
import { guessRoles } from './roles'
import { givenTarget, guessTarget, isClasses, noColumn } from './target'
import type { ColumnRole, Role, Table, TablePlan } from './table'

export interface PlanWishes {
  /** A column by name, or by its number from 0 on. */
  readonly target?: string
  readonly task?: TablePlan['task']
  /** By column name. */
  readonly roles?: Readonly<Record<string, Exclude<Role, 'target'>>>
}

/** More classes than that are hardly meant. */
const MOST_CLASSES = 1000
/** A class that is rarer, against the most frequent, is worth a warning. */
const IMBALANCE = 1 / 3

/**
 * Guesses what a table is to be trained for and what each column is good for; what a person wishes goes first.
 * @throws UsageError for wishes that the table does not fit, with what it has
 */
export function guessPlan(table: Table, wishes: PlanWishes = {}): { plan: TablePlan; notes: Note[] } {
  const notes: Note[] = []
  if (table.columns.length < 2) throw oneColumn(table)
  const profiles = table.columns.map((column) => profileOf(column, table))
  const target =
    wishes.target === undefined ? guessTarget(table, profiles) : givenTarget(table, profiles, wishes.target)
  const { name } = target.profile.column
  if (target.why) {
    notes.push({ severity: 'info', text: `${table.name}: "${name}" is taken for the target (${target.why}).` })
  }
  const task = taskOf(table, target.profile, wishes.task)
  const guessed = guessRoles(table, profiles, target.profile, task, notes)
  const roles = guessed.map((role, index) => wished(table, profiles[index] as Profile, role, wishes))
  checkWishes(table, name, wishes)
  const plan: TablePlan = {
    ...{ target: name, task, roles },
    ...(task === 'classification' && { classes: classesOf(table, target.profile, notes) }),
  }
  if (!roles.some(({ role }) => role === 'number' || role === 'category')) {
    throw new UsageError(
      `${table.name}: no column is left to predict "${name}" from: ${roles.flatMap(({ column, why }) => (why ? [`"${column}" (${why})`] : [])).join(', ')}. Give the role of a column to keep it.`,
    )
  }
  return { plan, notes }
}

function oneColumn(table: Table): UsageError {
  return new UsageError(
    `${table.name} has only one column, "${table.columns[0]?.name ?? ''}"; a target and something to predict it from are needed. ` +
      'Commas, semicolons, tabs, bars and spaces were tried as delimiters; separate the cells by one of them.',
  )
}

function taskOf(table: Table, target: Profile, wish: TablePlan['task'] | undefined): TablePlan['task'] {
  const { column } = target
  const what = `${table.name}: the target "${column.name}"`
  if (target.known === 0) throw new UsageError(`${what} is empty in every row. Choose another column.`)
  if (target.distinct === 1)
    throw new UsageError(
      `${what} is the same in every row (one class only), so there is nothing to learn. Choose another column.`,
    )
  const task = wish ?? (column.kind === 'text' || isClasses(target) ? 'classification' : 'regression')
  if (task === 'regression' && column.kind === 'text') {
    throw new UsageError(
      `${what} holds texts such as "${column.categories[0]}", which cannot be predicted as numbers. Train a classification, or choose a column of numbers.`,
    )
  }
  if (task === 'classification' && target.distinct > Math.min(MOST_CLASSES, target.known / 2)) {
    const advice = column.kind === 'number' ? 'Train a regression, or choose another column.' : 'Choose another column.'
    throw new UsageError(
      `${what} has ${target.distinct} different values in ${target.known} rows: too many for classes. ${advice}`,
    )
  }
  return task
}

function wished(table: Table, { column }: Profile, guessed: ColumnRole, { roles }: PlanWishes): ColumnRole {
  const role = roles && Object.hasOwn(roles, column.name) ? roles[column.name] : undefined
  if (role === undefined || role === guessed.role || guessed.role === 'target') return guessed
  if (role === 'number' && column.kind === 'text') {
    throw new UsageError(
      `${table.name}: column "${column.name}" holds texts such as "${column.categories[0] ?? ''}", so it cannot be a number. Make it a category, or leave it out.`,
    )
  }
  return { column: column.name, role, ...(role === 'ignored' && { why: 'left out by choice' }) }
}

function checkWishes(table: Table, target: string, { roles = {} }: PlanWishes): void {
  for (const column of Object.keys(roles)) {
    if (!table.columns.some(({ name }) => name === column)) throw noColumn(table, column)
    if (column === target) throw new UsageError(`${table.name}: "${column}" is the target, so it has no other role.`)
  }
}

/** Numbers in order, texts by the alphabet. */
function classesOf(table: Table, target: Profile, notes: Note[]): string[] {
  const counts = classCounts(table, target)
  const names = [...counts.keys()].sort(target.column.kind === 'number' ? (a, b) => Number(a) - Number(b) : compare)
  const [rarest, most] = names.reduce(
    ([low, high], name) => [count(name) < count(low) ? name : low, count(name) > count(high) ? name : high],
    [names[0] as string, names[0] as string],
  )
  function count(name: string): number {
    return counts.get(name) ?? 0
  }
  if (count(rarest) < IMBALANCE * count(most)) {
    const share = ((100 * count(rarest)) / table.rows).toFixed(1)
    notes.push({
      severity: 'warning',
      text: `${table.name}: the classes are unbalanced: "${rarest}" has ${count(rarest)} rows (${share} %), "${most}" has ${count(most)}. Look at F1 and the precision-recall curve rather than at accuracy.`,
    })
  }
  if (count(rarest) < 3) {
    notes.push({
      severity: 'warning',
      text: `${table.name}: class "${rarest}" has too few rows to learn from and to be measured on (${count(rarest)}).`,
    })
  }
  return names
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

function classCounts(table: Table, { column }: Profile): Map<string, number> {
  const counts = new Map<string, number>()
  const nameOf = classNames(column)
  const codes = codesOf(column, table.rows)
  const byCode: number[] = []
  for (const code of codes) if (code >= 0) byCode[code] = (byCode[code] ?? 0) + 1
  const seen = new Set<number>()
  codes.forEach((code, row) => {
    if (code < 0 || seen.has(code)) return
    seen.add(code)
    counts.set(nameOf(row), byCode[code] as number)
  })
  return counts
}

/** A row's class as text. */
export function classNames(column: Profile['column']): (row: number) => string {
  if (column.kind === 'text') return (row) => column.categories[column.codes[row] as number] ?? ''
  return (row) => String(column.values[row])
}
