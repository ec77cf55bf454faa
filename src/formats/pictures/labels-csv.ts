import { FormatError } from '../../core/errors'

/** A row of labels.csv: the picture's path beside the table, and its label as written. */
export interface LabelRow {
  readonly file: string
  readonly label: string
  /** 1 for the first line. */
  readonly line: number
}

/** Ten million rows of 100 bytes are far above any folder of pictures. */
export const MAX_LABELS_BYTES = 64 * 1024 * 1024

/**
 * Parses `file,label` (further columns are ignored); RFC 4180 quoting, LF or CRLF.
 * @throws FormatError naming the line
 */
export function parseLabelsCsv(text: string, where: string): LabelRow[] {
  const rows = parseCsv(text.replace(/^\uFEFF/, ''), where)
  const head = rows.shift()
  const names = head?.fields.map((field) => field.trim().toLowerCase()) ?? []
  const [fileAt, labelAt] = [names.indexOf('file'), names.indexOf('label')]
  if (fileAt < 0 || labelAt < 0) {
    const found = names.slice(0, 8).join(',').slice(0, 80)
    throw new FormatError(`the columns "file" and "label" were expected in line 1, found "${found}"`, {
      file: where,
      hint: HINT,
    })
  }
  return rows.map(({ fields, line }) => {
    const file = fields[fileAt]?.trim()
    const label = fields[labelAt]?.trim()
    if (!file || !label) {
      throw new FormatError(
        `line ${line}: a file and a label were expected, found "${fields.join(',').slice(0, 80)}"`,
        {
          file: where,
          hint: HINT,
        },
      )
    }
    return { file: file.replace(/^\.\//, ''), label, line }
  })
}

const HINT = 'Write one line per picture, e.g. cat/1.png,3 under the heading file,label.'

interface Row {
  fields: string[]
  line: number
}

/** Empty lines are skipped. A quote inside a plain field stands for itself. */
function parseCsv(text: string, where: string): Row[] {
  const rows: Row[] = []
  let fields: string[] = []
  let line = 1
  let start = 1
  let at = 0
  const endRow = () => {
    if (fields.length > 1 || fields[0] !== '') rows.push({ fields, line: start })
    fields = []
    start = line
  }
  while (at < text.length) {
    const field = fieldAt(text, at)
    if (field.isOpen)
      throw new FormatError(`line ${start}: a quoted field is never closed`, { file: where, hint: HINT })
    fields.push(field.value)
    line += field.lines
    at = field.end
    if (text[at] === ',') {
      at++
      if (at === text.length) fields.push('')
      continue
    }
    if (at < text.length) {
      at += text.startsWith('\r\n', at) ? 2 : 1
      line++
    }
    endRow()
  }
  if (fields.length > 0) endRow()
  return rows
}

function fieldAt(text: string, at: number): { value: string; end: number; lines: number; isOpen: boolean } {
  if (text[at] !== '"') {
    let end = at
    while (end < text.length && !',\r\n'.includes(text[end] as string)) end++
    return { value: text.slice(at, end), end, lines: 0, isOpen: false }
  }
  let value = ''
  let from = at + 1
  for (;;) {
    const quote = text.indexOf('"', from)
    if (quote < 0) return { value, end: text.length, lines: 0, isOpen: true }
    value += text.slice(from, quote)
    if (text[quote + 1] !== '"') {
      // what stands between the closing quote and the comma belongs to the field, as in Python's csv
      let end = quote + 1
      while (end < text.length && !',\r\n'.includes(text[end] as string)) end++
      value += text.slice(quote + 1, end)
      return { value, end, lines: value.split('\n').length - 1, isOpen: false }
    }
    value += '"'
    from = quote + 2
  }
}
