import Papa from 'papaparse'

/** Rows of a text, as its cells. */
export interface ParsedRows {
  readonly rows: string[][]
  /** What is left for the next call, its line ends LF. */
  readonly rest: string
  /** Number in `rows` of the first row whose quotes are odd. */
  readonly oddQuotes?: number
  /** A quoted cell is open where the text ends. */
  readonly isOpen: boolean
}

/** Spaces stand for any run of spaces and tabs, outside quotes. */
export const SPACES = ' '

/**
 * Cuts a text into rows by papaparse's parser: quotes, doubled quotes and line breaks in quotes.
 * @param isWhole false leaves a last row that the text's end may have cut
 */
export function parseRows(text: string, delimiter: string, isWhole: boolean): ParsedRows {
  const unified = text.includes('\r') ? text.replace(/\r\n?/g, '\n') : text
  const input = delimiter === SPACES ? tabbed(unified) : unified
  const parser = new Papa.Parser({ delimiter: delimiter === SPACES ? '\t' : delimiter, newline: '\n' })
  const { data, errors, meta } = parser.parse(input, 0, !isWhole)
  const odd = errors.find(({ code }) => code === 'InvalidQuotes')
  return {
    rows: data,
    rest: isWhole ? '' : input.slice(meta.cursor),
    ...(odd && { oddQuotes: odd.row }),
    isOpen: errors.some(({ code }) => code === 'MissingQuotes'),
  }
}

const tabbed = (text: string): string =>
  text.replace(/^[ \t]+|[ \t]+$/gm, '').replace(/("[^"]*")|[ \t]+/g, (_, quoted: string | undefined) => quoted ?? '\t')
