import type { Note } from '../../core/progress'
import { oneLine } from '../../core/one-line'
import type { Sniffed } from './sniff'

/** Names of the columns: of the header, made unique; their numbers from 0 on where there is none. */
export function columnNames(file: string, { header, width, rows }: Sniffed, notes: Note[]): string[] {
  if (!header) return Array.from({ length: width }, (_, index) => String(index))
  const names = fit(file, header, width, rows, notes)
  const taken = new Set<string>()
  return names.map((given, index) => {
    const base = oneLine(given, 200) || String(index)
    let name = base
    for (let i = 2; taken.has(name); i++) name = `${base} (${i})`
    taken.add(name)
    return name
  })
}

function fit(
  file: string,
  header: readonly string[],
  width: number,
  rows: readonly (readonly string[])[],
  notes: Note[],
): string[] {
  const named = header.findLastIndex((cell) => cell !== '') + 1
  if (header.length === width || named === width) return header.slice(0, width)
  const endsEmpty = rows.every((row) => row.length < width || row[width - 1] === '')
  if (header.length === width - 1 && endsEmpty) return [...header, '']
  if (header.length === width - 1 && isRowNames(rows)) {
    notes.push({
      severity: 'info',
      text: `${file}: the header has one name less than the rows have cells; the first column is taken for row names.`,
    })
    return ['', ...header]
  }
  const found = `the header in row 1 has ${header.length} names, but most rows have ${width} cells`
  const text =
    named < width
      ? `${file}: ${found}. The columns without a name are called by their number from 0 on.`
      : `${file}: ${found}. The names beyond the last cell belong to no column.`
  notes.push({ severity: 'warning', text })
  return Array.from({ length: width }, (_, index) => header[index] ?? '')
}

/** As R's write.table has them: the first column names the rows. */
function isRowNames(rows: readonly (readonly string[])[]): boolean {
  return new Set(rows.map((row) => row[0])).size === rows.length
}
