import type { SensitivityReport } from './report'

/** The layers as comma-separated values with a header (RFC 4180); an empty cell is an identical output. */
export function sensitivityCsv({ layers, metric }: SensitivityReport): string {
  const head = [
    ...['layer', 'operator', 'to', 'alone_sqnr_db', `alone_${metric}_drop`],
    ...['restored_sqnr_db', `restored_${metric}_gain`, 'added_bytes'],
  ]
  const rows = layers.map(({ name, opType, to, alone, restored, addedBytes }) => [
    ...[name, opType, to, alone.sqnrDb ?? '', alone.drop],
    ...[restored.sqnrDb ?? '', restored.gain, addedBytes],
  ])
  return [head, ...rows].map((row) => `${row.map(cell).join(',')}\r\n`).join('')
}

/** Quoted where it must be. A spreadsheet takes text that begins like a formula for one, so that is kept from it. */
function cell(value: string | number): string {
  const text = typeof value === 'string' && /^[=+\-@\t\r]/.test(value) ? `'${value}` : String(value)
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
