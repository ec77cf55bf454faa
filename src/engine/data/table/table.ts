/** What a model is to make of each column of a table. */
export type { Column, NumberColumn, Table, TextColumn } from '../../../formats/csv/table'

export type Role = 'number' | 'category' | 'target' | 'ignored'

export interface ColumnRole {
  readonly column: string
  readonly role: Role
  /** Why it is ignored, or what was noticed: 'identifier: every row has another value'. */
  readonly why?: string
}

/** What a table is trained for; guessed, and editable. */
export interface TablePlan {
  readonly target: string
  readonly task: 'classification' | 'regression'
  /** In the order of the labels. */
  readonly classes?: readonly string[]
  readonly roles: readonly ColumnRole[]
}
