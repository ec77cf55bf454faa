import { oneLine } from '../core/one-line'

/** A plain-text table: text to the left, numbers to the right; long cells are cut in the middle, but not in the last column. */
export function table(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const cells = rows.map((row) =>
    row.map((cell, i) =>
      typeof cell === 'number' ? cell.toLocaleString('en') : i === head.length - 1 ? oneLine(cell) : cut(oneLine(cell)),
    ),
  )
  const widths = head.map((title, i) => Math.max(title.length, ...cells.map((row) => row[i]?.length ?? 0)))
  const isNumeric = head.map((_, i) => rows.length > 0 && rows.every((row) => typeof row[i] === 'number'))
  const line = (row: readonly string[]) =>
    row
      .map((cell, i) => (isNumeric[i] ? cell.padStart(widths[i] ?? 0) : cell.padEnd(widths[i] ?? 0)))
      .join('  ')
      .trimEnd()
  return [line(head), ...cells.map(line)].join('\n')
}

const MAX_CELL = 60

function cut(text: string): string {
  if (text.length <= MAX_CELL) return text
  const half = Math.floor((MAX_CELL - 1) / 2)
  return `${text.slice(0, half)}…${text.slice(-half)}`
}
