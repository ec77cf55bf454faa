import type { Note } from '../../core/progress'

/** A table in memory, by columns. */
export interface Table {
  /** Of the file, for messages. */
  readonly name: string
  readonly rows: number
  readonly columns: readonly Column[]
  readonly hasHeader: boolean
  /** ',' …; ' ' stands for any run of spaces and tabs. */
  readonly delimiter: string
  /** What a person must know about how it was read. */
  readonly notes: readonly Note[]
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
