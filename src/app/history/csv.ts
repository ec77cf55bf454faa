/**
 * A table as CSV (RFC 4180). Names come from files: a cell that a spreadsheet would run as a formula gets an apostrophe
 * in front of it (OWASP, "CSV Injection").
 */
export function csvOf(rows: readonly (readonly string[])[]): string {
  return rows.map((row) => `${row.map(cell).join(',')}\r\n`).join('')
}

function cell(text: string): string {
  const isNumber = /^[-+]?\d+(\.\d+)?(e[-+]?\d+)?$/i.test(text)
  const safe = !isNumber && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
