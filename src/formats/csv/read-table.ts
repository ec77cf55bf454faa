import type { ByteSource, Bytes } from '../../core/bytes'
import { FormatError } from '../../core/errors'
import type { Note, OnProgress } from '../../core/progress'
import { Columns } from './columns'
import { columnNames } from './header'
import { parseRows, SPACES } from './rows'
import { scanRows } from './scan-bytes'
import { sniff, type Sniffed } from './sniff'
import type { Table } from './table'
import { utf8Windows, WINDOW_BYTES } from './utf8'

export interface TableOptions {
  readonly signal?: AbortSignal
  readonly onProgress?: OnProgress
  /** Default: found out. */
  readonly delimiter?: string
}

/** The beginning that delimiter, header and types are found from. */
const HEAD_BYTES = 2 ** 17
/** A quoted cell of more is one that was never closed. */
const MAX_CELL_BYTES = 2 ** 24
const [NEWLINE, QUOTE] = [10, 34]

/**
 * Reads a table of any size window by window: CSV, TSV, `.data` and their like, packed by gzip or not. Columns hold
 * numbers where nine of ten cells do, else texts.
 * @param name of the file, for messages
 * @throws FormatError naming the row; AbortError
 */
export async function readTable(source: ByteSource, name: string, options: TableOptions = {}): Promise<Table> {
  const first = await readOnce(source, name, options, new Set())
  if (first.texts.length === 0) return first.table()
  // The beginning promised numbers that the rest does not hold: these columns are texts
  return (await readOnce(source, name, options, new Set(first.texts))).table()
}

async function readOnce(source: ByteSource, name: string, options: TableOptions, texts: ReadonlySet<number>) {
  const notes: Note[] = []
  const reader = new TableReader(source, name, options, { notes, texts })
  for await (const window of utf8Windows(source, notes, options.signal)) reader.take(window)
  reader.end()
  return {
    texts: reader.columns.textsAmongNumbers(),
    table: (): Table => {
      const { columns, sniffed } = reader
      return {
        ...{ name, rows: columns.rows, columns: columns.finish(notes), hasHeader: sniffed.header !== undefined },
        ...{ delimiter: sniffed.delimiter, notes },
      }
    },
  }
}

interface Found {
  readonly notes: Note[]
  /** Columns that are texts, whatever the beginning says. */
  readonly texts: ReadonlySet<number>
}

class TableReader {
  readonly source: ByteSource
  readonly name: string
  readonly options: TableOptions
  readonly found: Found
  #room = new Uint8Array(2 * WINDOW_BYTES)
  #filled = 0
  #taken = 0
  #columns?: Columns
  #sniffed?: Sniffed
  #isOddNoted = false

  constructor(source: ByteSource, name: string, options: TableOptions, found: Found) {
    this.source = source
    this.name = name
    this.options = options
    this.found = found
  }

  get columns(): Columns {
    return this.#columns as Columns
  }

  get sniffed(): Sniffed {
    return this.#sniffed as Sniffed
  }

  /** @param window its memory stays the caller's */
  take(window: Bytes): void {
    this.#keep(window)
    this.#taken += window.length
    if (!this.#columns && this.#filled < HEAD_BYTES) return
    if (!window.includes(NEWLINE)) {
      this.#checkCell()
      return
    }
    this.#drain(false)
    this.options.onProgress?.({
      ...{ stage: 'read', item: this.name, done: Math.min(this.#taken, this.source.sizeBytes) },
      ...{ total: this.source.sizeBytes, unit: 'bytes' },
    })
  }

  end(): void {
    if (this.#filled > 0 || !this.#columns) {
      this.#keep(Uint8Array.of(NEWLINE))
      this.#drain(true)
    }
    if (this.columns.rows === 0) throw this.#empty()
  }

  /** Behind what is left of the windows before. */
  #keep(bytes: Bytes): void {
    const filled = this.#filled + bytes.length
    if (filled > this.#room.length) {
      const larger = new Uint8Array(2 * filled)
      larger.set(this.#room.subarray(0, this.#filled))
      this.#room = larger
    }
    this.#room.set(bytes, this.#filled)
    this.#filled = filled
  }

  #empty = () =>
    new FormatError(this.#sniffed?.header ? 'a header without rows was found' : 'no rows were found', {
      ...{ file: this.name, hint: 'A table has one row per line, its cells separated by commas, semicolons or tabs.' },
    })

  #drain(isEnd: boolean): void {
    const bytes = this.#room.subarray(0, this.#filled)
    const complete = bytes.lastIndexOf(NEWLINE) + 1
    const at = this.#columns ? 0 : this.#begin(bytes, complete, isEnd)
    if (at !== undefined) {
      const rest = this.#rows(bytes.subarray(at, complete), isEnd)
      const tail = bytes.slice(complete)
      this.#filled = 0
      this.#keep(rest)
      this.#keep(tail)
    }
    this.#checkCell()
  }

  /** Looks at the beginning. @returns where the rows begin; undefined where not even one row is complete */
  #begin(bytes: Bytes, complete: number, isEnd: boolean): number | undefined {
    const head = bytes.subarray(0, Math.min(complete, 2 * HEAD_BYTES))
    if (head.subarray(0, 4096).includes(0)) {
      throw new FormatError('text was expected, but the file holds zero bytes', {
        ...{ file: this.name, offset: head.indexOf(0), hint: 'Export the table as CSV.' },
      })
    }
    const text = new TextDecoder().decode(head)
    const sniffed = sniff(text, isEnd && head.length === complete, this.options.delimiter)
    if (sniffed.rows.length === 0 && !isEnd) return undefined
    this.#sniffed = sniffed
    if (sniffed.rows.length === 0) throw this.#empty()
    const names = columnNames(this.name, sniffed, this.found.notes)
    const bytesPerRow = Math.max(1, head.length / Math.max(1, countLines(head)))
    const rows = Math.ceil((1.02 * this.source.sizeBytes) / bytesPerRow) + 16
    this.#columns = new Columns(
      this.name,
      names,
      sniffed.isNumber.map((one, column) => one && !this.found.texts.has(column)),
      {
        above: sniffed.header ? 1 : 0,
        blockRows: rows,
        hasDecimalComma: sniffed.hasDecimalComma,
      },
    )
    return sniffed.header ? firstRowEnd(bytes) : 0
  }

  /** @returns what of the rows is left for later */
  #rows(bytes: Bytes, isEnd: boolean): Bytes {
    const { delimiter } = this.sniffed
    if (delimiter === SPACES || bytes.includes(QUOTE)) return this.#textRows(bytes, delimiter, isEnd)
    scanRows(bytes, this.columns, delimiter.charCodeAt(0))
    return new Uint8Array(0)
  }

  #textRows(bytes: Bytes, delimiter: string, isEnd: boolean): Bytes {
    const { rows, rest, oddQuotes, isOpen } = parseRows(new TextDecoder().decode(bytes), delimiter, isEnd)
    if (isOpen) throw this.#open(this.columns.rows + rows.length - 1)
    if (oddQuotes !== undefined && !this.#isOddNoted) {
      this.#isOddNoted = true
      this.found.notes.push({
        severity: 'warning',
        text: `${this.name}: row ${this.columns.fileRow(this.columns.rows + oddQuotes)} has a double quote inside a quoted cell; it was taken as part of the text. A quote inside quotes is written twice.`,
      })
    }
    for (const row of rows) {
      const cells = row.map((cell) => cell.trim())
      if (cells.length > 1 || cells[0] !== '') this.columns.addRow(cells)
    }
    return new TextEncoder().encode(rest)
  }

  #checkCell(): void {
    if (this.#filled <= MAX_CELL_BYTES) return
    const bytes = this.#room.subarray(0, this.#filled)
    if (bytes.includes(QUOTE)) throw this.#open(this.#columns?.rows ?? 0)
    throw new FormatError(`a line of more than ${MAX_CELL_BYTES} bytes was found`, {
      ...{ file: this.name, offset: this.#taken - bytes.length, hint: 'A table has one row per line.' },
    })
  }

  #open = (row: number) =>
    new FormatError(`the quoted cell that begins in row ${this.#columns?.fileRow(row) ?? row + 1} is never closed`, {
      ...{ file: this.name, hint: 'Close it with a double quote, or take stray quotes out.' },
    })
}

/** Where the row after the first begins; empty lines do not count. */
function firstRowEnd(bytes: Bytes): number {
  let [isQuoted, isEmpty] = [false, true]
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at] as number
    if (byte === QUOTE) isQuoted = isQuoted ? false : isEmpty || !isPlain(bytes[at - 1] as number)
    if (byte === NEWLINE && !isQuoted && !isEmpty) return at + 1
    if (byte > 32) isEmpty = false
  }
  return bytes.length
}

/** Letters and digits: a quote after them opens no cell. */
const isPlain = (byte: number): boolean => ((byte | 32) >= 97 ? (byte | 32) <= 122 : byte >= 48 && byte <= 57)

function countLines(bytes: Bytes): number {
  let count = 0
  for (let at = bytes.indexOf(NEWLINE); at >= 0; at = bytes.indexOf(NEWLINE, at + 1)) count++
  return count
}
