/**
 * A report in parts that every written form shares: the page and the model card are two renderings of the same blocks.
 * Texts are plain; what comes from files may hold anything, and each form escapes it in its own way.
 */
export type Cell =
  | string
  /** With what is to be said of it, in small print. */
  | { readonly text: string; readonly remark: string }
  /** Set apart from the words around it: it comes from the model's file. */
  | { readonly name: string; readonly remark?: string }
  /** Right-aligned where columns are. */
  | { readonly number: string }
  /** A number and its length as a share of the column's greatest, 0 to 1. */
  | { readonly bar: number; readonly number: string }
  /** A drawing that `label` says in words. */
  | { readonly svg: string; readonly label: string }

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

/** A column that says nothing of anybody is left out. */
export function withoutEmptyColumns(head: readonly string[], rows: readonly Cell[][], rowsText?: string): TableBlock {
  const isKept = head.map((_, column) => rows.some((row) => isSaid(row[column])))
  const keep = <T>(list: readonly T[]) => list.filter((_, column) => isKept[column])
  return table(keep(head), rows.map(keep), rowsText)
}

const isSaid = (cell: Cell | undefined): boolean =>
  typeof cell === 'object' ? !('number' in cell) || cell.number !== '' : !!cell

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
