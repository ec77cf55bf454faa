import type { Note } from '../../../core/progress'
import { isSameInOtherWords, leakOf } from './leaks'
import { rowsLookedAt, type Profile } from './profile'
import type { ColumnRole, Table, TablePlan } from './table'

/** Texts that differ more are no categories. */
const MAX_TEXTS = 50
/** Tables of fewer rows may hold as many different whole numbers by chance. */
const ID_ROWS = 100
const ID_NAME =
  /(^|[\s_.-])(id|ids|uuid|guid|index|rownames?|row ?(number|no|id)|sample ?(number|id)|serial|key|nr|no)$/i
const UNNAMED = /^(unnamed: \d+|\.\.\.1|)$/i

/** A role for every column, with why it is left out; leaks are warnings. */
export function guessRoles(
  table: Table,
  profiles: readonly Profile[],
  target: Profile,
  task: TablePlan['task'],
  notes: Note[],
): ColumnRole[] {
  const kept: Profile[] = []
  return profiles.map((one): ColumnRole => {
    const column = one.column.name
    if (one === target) return { column, role: 'target' }
    const leak = leakOf(one, target, table, task)
    if (leak) {
      notes.push({
        severity: 'warning',
        text: `${table.name}: column "${column}" is left out, for it ${leak}. Where it is known before the target is, give it a role.`,
      })
      return { column, role: 'ignored', why: leak }
    }
    const why = uselessness(one, table) ?? twin(one, kept, table)
    if (why) return { column, role: 'ignored', why }
    kept.push(one)
    return { column, role: one.column.kind === 'number' ? 'number' : 'category' }
  })
}

function uselessness(one: Profile, table: Table): string | undefined {
  const { column, known, distinct } = one
  if (known === 0) return 'empty'
  if (distinct === 1) return 'constant: it holds one value alone'
  if (isIdentifier(one, table)) return 'identifier: it numbers or names the rows'
  if (column.kind === 'number') return undefined
  if (distinct === known && known > 10) return 'text: another in every row'
  return distinct > MAX_TEXTS || distinct > known / 3 ? `text: ${distinct} different ones in ${known} rows` : undefined
}

function isIdentifier({ column, known, distinct, isWhole, min, max }: Profile, table: Table): boolean {
  const isUnique = distinct === known && known > 2
  const isNamed = ID_NAME.test(column.name) && column.name.length > 1
  if (column.kind === 'text') return isNamed && distinct > known / 2
  if (!isWhole) return false
  if (isNamed && distinct > known / 10) return true
  if (!isUnique || known < rowsLookedAt(table)) return false
  // 1, 2, 3 …
  if (max - min === known - 1 && (column.index === 0 || UNNAMED.test(column.name))) return true
  return known >= ID_ROWS && (column.index === 0 || known >= 5 * ID_ROWS)
}

function twin(one: Profile, kept: readonly Profile[], table: Table): string | undefined {
  const other = kept.find((candidate) => isSameInOtherWords(candidate, one, table))
  return other && `says the same as "${other.column.name}"`
}
