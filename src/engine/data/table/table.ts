/** A table in memory, by columns, as the CSV reader gives it, and what a model is to make of each column. */

export interface Table {
  /** Of the file, for messages. */
  readonly name: string
  readonly rows: number
  readonly columns: readonly Column[]
  readonly hasHeader: boolean
  /** ',' … */
  readonly delimiter: string
}

interface ColumnFacts {
  /** As in the header, made unique; without header its number from 0 on, '0'. */
  readonly name: string
  readonly index: number
  readonly missing: number
}

export type Column = NumberColumn | TextColumn

export interface NumberColumn extends ColumnFacts {
  readonly kind: 'number'
  /** NaN where missing. Float64 only where float32 does not hold the values. */
  readonly values: Float32Array<ArrayBuffer> | Float64Array<ArrayBuffer>
}

export interface TextColumn extends ColumnFacts {
  readonly kind: 'text'
  /** Into `categories`; −1 where missing. */
  readonly codes: Int32Array<ArrayBuffer>
  /** In the order of their first row. */
  readonly categories: readonly string[]
}

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
