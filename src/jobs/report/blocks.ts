/**
 * A report in parts that every written form shares: the page and the model card are two renderings of the same blocks.
 * Texts are plain; what comes from files may hold anything, and each form escapes it in its own way.
 */
export type Cell =
  | string
  /** Set apart from the words around it: it comes from the model's file. */
  | { readonly name: string }
  /** Right-aligned where columns are. */
  | { readonly number: string }
  /** A number and its length as a share of the column's greatest, 0 to 1. */
  | { readonly bar: number; readonly number: string }
  /** A drawing that `text` says in words. */
  | { readonly svg: string; readonly text: string }

export interface TableBlock {
  readonly kind: 'table'
  readonly head: readonly string[]
  readonly rows: readonly (readonly Cell[])[]
  /** What the rows are, where they are many: '57 tensors'. */
  readonly rowsText?: string
}

export type Block =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'list'; readonly items: readonly string[] }
  | { readonly kind: 'code'; readonly text: string; readonly language: 'json' | 'sh' }
  | {
      readonly kind: 'verdict'
      readonly level: 'safe' | 'check' | 'not-recommended'
      readonly reasons: readonly string[]
    }
  /** A drawing whose figures stand in the table after it. */
  | { readonly kind: 'chart'; readonly svg: string; readonly caption: string }
  | TableBlock

export interface Section {
  readonly title: string
  readonly blocks: readonly Block[]
}

export const table = (head: readonly string[], rows: TableBlock['rows'], rowsText?: string): TableBlock => ({
  kind: 'table',
  head,
  rows,
  ...(rowsText !== undefined && { rowsText }),
})

/** A section, or nothing where there is nothing to say. */
export function section(title: string, ...blocks: readonly (Block | null)[]): Section[] {
  const said = blocks.filter((block) => block !== null).filter((block) => !isEmpty(block))
  return said.length === 0 ? [] : [{ title, blocks: said }]
}

function isEmpty(block: Block): boolean {
  return (block.kind === 'table' && block.rows.length === 0) || (block.kind === 'list' && block.items.length === 0)
}

/** 'one layer', '3 layers'. */
export const countOf = (count: number, one: string, many = `${one}s`): string =>
  `${count.toLocaleString('en')} ${count === 1 ? one : many}`
