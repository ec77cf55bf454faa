import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { memorySource, type Bytes } from '../../core/bytes'
import { AbortError, FormatError, PlumeError } from '../../core/errors'
import { hasSharedData, sharedPath } from '../../testing/shared-data'
import { openSamples, sampleFilesOf } from '../samples'
import { readTable, type TableOptions } from './read-table'
import type { Column, Table } from './table'

const encode = (text: string): Bytes => new TextEncoder().encode(text)
const read = (content: string | Bytes, options: TableOptions = {}) =>
  readTable(memorySource(typeof content === 'string' ? encode(content) : content, 't.csv'), 't.csv', options)
const shared = (...parts: string[]) => {
  const name = parts.at(-1) as string
  return readTable(memorySource(new Uint8Array(readFileSync(sharedPath(...parts))), name), name)
}

const cells = (column: Column): (number | string | null)[] =>
  column.kind === 'number'
    ? Array.from(column.values, (value) => (Number.isNaN(value) ? null : value))
    : Array.from(column.codes, (code) => column.categories[code] ?? null)
const columnsOf = (table: Table) => Object.fromEntries(table.columns.map((one) => [one.name, cells(one)]))
const texts = (table: Table) => table.notes.map(({ text }) => text)

describe('cells', () => {
  it('are numbers, texts and missing ones', async () => {
    const table = await read('a, b ,c\n1,x,-2.5e-3\n2,,NA\r\n\n3.25,"y, ""z""",7\n')
    expect(table).toMatchObject({ rows: 3, hasHeader: true, delimiter: ',', notes: [] })
    expect(columnsOf(table)).toEqual({
      ...{ a: [1, 2, 3.25], b: ['x', null, 'y, "z"'], c: [Math.fround(-0.0025), null, 7] },
    })
    expect(table.columns.map(({ missing }) => missing)).toEqual([0, 1, 1])
  })

  it.each(['.', '-', '?', 'NaN', 'n/a', ' NULL ', '""'])('%j is missing', async (cell) => {
    expect(columnsOf(await read(`x,y\n1,2\n${cell},3\n4,${cell}\n`))).toEqual({ x: [1, null, 4], y: [2, 3, null] })
  })

  const NUMBERS = ['1', '-0.5', '+.25', '5.', '1e5', '1.25E-07', '-1e-30', '00012.50', '123456789012345678901', '1e300']
  NUMBERS.push(
    '0.1000000000000000055511151231257827',
    '3.4028235e38',
    '0.00000000000000000000000000123',
    '9007199254740993',
  )
  it.each(NUMBERS)('%s is the number that JavaScript reads', async (text) => {
    const [column] = (await read(`x,y\n${text},1\n1,2\n`)).columns as [Column]
    const wanted = Number(text)
    expect(cells(column)[0]).toBe(
      column.kind === 'number' && column.values instanceof Float32Array ? Math.fround(wanted) : wanted,
    )
  })

  it('are read alike with and without quotes', async () => {
    const rows = NUMBERS.map((text, i) => [text, `t${i % 3}`, i % 4 === 1 ? 'NA' : String(i / 7)])
    const plain = rows.map((row) => row.join(',')).join('\n')
    const quoted = rows.map((row) => row.map((cell) => `"${cell}"`).join(',')).join('\r\n')
    expect((await read(quoted)).columns).toEqual((await read(plain)).columns)
  })

  it('take float64 only where float32 does not hold them', async () => {
    const { columns } = await read('a,b\n16777217,0.1\n-5,16777216\n')
    expect(columns.map((one) => one.kind === 'number' && one.values.constructor.name)).toEqual([
      'Float64Array',
      'Float32Array',
    ])
    expect(cells(columns[0] as Column)).toEqual([16777217, -5])
  })

  it('with infinities are counted, and the first row is named', async () => {
    const table = await read('a,b\n1,2\ninf,3\n-Infinity,1\n')
    expect(columnsOf(table)).toEqual({ a: [1, Infinity, -Infinity], b: [2, 3, 1] })
    expect(texts(table)).toEqual([
      't.csv: column "a" is infinite where row 3 holds "Infinity"; for a model such cells count as missing (2 in all).',
    ])
  })
})

describe('delimiters', () => {
  it.each([
    [';', 'a;b\n1,5;2\n3,25;x\n', { a: [1.5, 3.25], b: ['2', 'x'] }],
    ['\t', 'a\tb c\n1\t2 3\n4\t5 6\n', { a: [1, 4], 'b c': ['2 3', '5 6'] }],
    ['|', 'a|b\n1|2,x\n4|5\n', { a: [1, 4], b: ['2,x', '5'] }],
    [' ', ' a   b\n 1.5 "x y"\n-2\t  z \n', { a: [1.5, -2], b: ['x y', 'z'] }],
  ])('%j is found', async (delimiter, text, wanted) => {
    const table = await read(text)
    expect([table.delimiter, columnsOf(table)]).toEqual([delimiter, wanted])
  })

  it('can be given', async () => {
    expect(columnsOf(await read('a;b,c\n1;2,3\n4;5,6\n', { delimiter: ',' }))).toEqual({
      'a;b': ['1;2', '4;5'],
      c: [3, 6],
    })
  })
})

describe('headers', () => {
  it('are told from rows of numbers', async () => {
    const table = await read('842302,M,17.99\n842517,B,20.57\n')
    expect([table.hasHeader, columnsOf(table)]).toEqual([
      false,
      { 0: [842302, 842517], 1: ['M', 'B'], 2: [17.99, 20.57].map(Math.fround) },
    ])
  })

  it('of texts are told by what does not come again', async () => {
    expect((await read('name,city\nAda,Rome\nBo,Oslo\n')).hasHeader).toBe(true)
    expect((await read('yes,no\nno,yes\nyes,yes\n')).hasHeader).toBe(false)
  })

  it('get unique names', async () => {
    expect((await read('a,a,,a (2)\n1,2,3,4\n5,6,7,8\n')).columns.map(({ name }) => name)).toEqual([
      'a',
      'a (2)',
      '2',
      'a (2) (2)',
    ])
  })

  it('that are too short name the first columns, with a note', async () => {
    const table = await read('a,b\n1,2,3,4\n5,6,7,8\n')
    expect(table.columns.map(({ name }) => name)).toEqual(['a', 'b', '2', '3'])
    expect(texts(table)).toEqual([
      't.csv: the header in row 1 has 2 names, but most rows have 4 cells. The columns without a name are called by their number from 0 on.',
    ])
  })

  it('that are too long lose names, with a note', async () => {
    expect(texts(await read('a,b,c\n1,2\n5,6\n'))).toEqual([
      't.csv: the header in row 1 has 3 names, but most rows have 2 cells. The names beyond the last cell belong to no column.',
    ])
  })

  it('without a name for the row names get one, as those of R', async () => {
    const table = await read('"x","y"\n"r1",1,2\n"r2",3,4\n')
    expect(columnsOf(table)).toEqual({ 0: ['r1', 'r2'], x: [1, 3], y: [2, 4] })
    expect(texts(table)).toEqual([
      't.csv: the header has one name less than the rows have cells; the first column is taken for row names.',
    ])
  })

  it('leave a column after the last delimiter empty', async () => {
    const table = await read('a,b\n1,2,\n3,4,\n')
    expect(columnsOf(table)).toEqual({ a: [1, 3], b: [2, 4], 2: [null, null] })
  })
})

describe('bad rows', () => {
  it('that are short miss their last cells, with a note', async () => {
    const table = await read('a,b,c\n1,2,3\n4,5\n6,7,8\n9\n')
    expect(columnsOf(table)).toEqual({ a: [1, 4, 6, 9], b: [2, 5, 7, null], c: [3, null, 8, null] })
    expect(texts(table)).toEqual([
      't.csv: row 3 has 2 cells, but most rows have 3; what such rows lack at their end counts as missing (2 rows in all).',
    ])
  })

  it('that are long are refused, since cells would be lost', async () => {
    const message =
      't.csv: row 3 has 4 cells, but most rows have 3: "x" in cell 4 belongs to no column. Put cells that hold the delimiter into double quotes, or take the row out.'
    await expect(read('a,b,c\n1,2,3\n4,5,6,x\n6,7,8\n')).rejects.toThrow(message)
    await expect(read('a,b,"c"\n1,2,3\n4,5,"6",x\n6,7,8\n')).rejects.toThrow(message)
  })

  it('with texts among numbers are named', async () => {
    const rows = Array.from({ length: 40 }, (_, i) => (i === 29 ? '12 kg,1' : `${i},0`))
    const table = await read(`w,y\n${rows.join('\n')}\n`)
    expect(table.columns[0]?.missing).toBe(1)
    expect(texts(table)).toEqual([
      't.csv: column "w" holds numbers, but row 31 holds "12 kg"; such cells count as missing (1 in all).',
    ])
  })

  it('that turn out to hold texts make the column one of texts', async () => {
    const rows = Array.from({ length: 3000 }, (_, i) => (i < 1500 ? `${i},0` : `x${i % 7},1`))
    const table = await read(`w,y\n${rows.join('\n')}\n`)
    expect([table.columns[0]?.kind, table.columns[0]?.missing, table.notes]).toEqual(['text', 0, []])
    expect(cells(table.columns[0] as Column).slice(1499, 1502)).toEqual(['1499', 'x2', 'x3'])
  })

  it.each([
    ['nothing', '', /^t\.csv: no rows were found\. A table has one row per line/],
    ['empty lines', '\n\n \n', /no rows were found/],
    [
      'a header alone',
      'a,b\n"c',
      /the quoted cell that begins in row 2 is never closed\. Close it with a double quote/,
    ],
    ['an open quote', 'a,b\n1,2\n3,"4\n5,6\n', /the quoted cell that begins in row 3 is never closed/],
    ['zero bytes', 'a,b\n1,\u00002\n', /^t\.csv at byte 6: text was expected, but the file holds zero bytes\. Export/],
  ])('%s are refused', async (_, text, message) => {
    await expect(read(text)).rejects.toThrow(message)
    await expect(read(text)).rejects.toBeInstanceOf(FormatError)
  })

  it('with odd quotes are named', async () => {
    const table = await read('a,b\n1,"x"y"\n2,z\n')
    expect(columnsOf(table)['b']).toEqual(['x"y', 'z'])
    expect(texts(table)).toEqual([
      't.csv: row 2 has a double quote inside a quoted cell; it was taken as part of the text. A quote inside quotes is written twice.',
    ])
  })
})

describe('files', () => {
  it('may be UTF-16, Windows-1252, gzip, or end their lines with CR', async () => {
    const wanted = { é: ['ü', 'x'], y: [1, 2] }
    const utf16 = new Uint8Array([
      0xff,
      0xfe,
      ...new Uint8Array(Uint16Array.from('é,y\nü,1\nx,2\n', (c) => c.charCodeAt(0)).buffer),
    ])
    expect(columnsOf(await read(utf16))).toEqual(wanted)
    const latin = await read(Uint8Array.from('é,y\nü,1\nx,2\n', (c) => c.charCodeAt(0)))
    expect([columnsOf(latin), texts(latin)]).toEqual([wanted, ['t.csv is not UTF-8; it was read as Windows-1252.']])
    expect(columnsOf(await read(new Uint8Array(gzipSync('\uFEFFé,y\nü,1\nx,2'))))).toEqual(wanted)
    expect(columnsOf(await read('é,y\rü,1\rx,2\r'))).toEqual(wanted)
  })

  it('are read window by window, cells cut by windows included', async () => {
    const rows = Array.from(
      { length: 60_000 },
      (_, i) => `${i},${((i * 37) % 1000) / 8},c${i % 11},${i === 41_234 ? '"q,\n1"' : 'é€'}`,
    )
    let seen = 0
    const table = await read(`i,x,c,t\n${rows.join('\n')}`, { onProgress: ({ done }) => (seen = done) })
    expect([table.rows, seen > 1e6]).toEqual([60_000, true])
    const [i, x, c, t] = table.columns.map(cells)
    expect(i?.every((value, row) => value === row)).toBe(true)
    expect(x?.every((value, row) => value === ((row * 37) % 1000) / 8)).toBe(true)
    expect(c?.every((value, row) => value === `c${row % 11}`)).toBe(true)
    expect([t?.[41_233], t?.[41_234], t?.[59_999]]).toEqual(['é€', 'q,\n1', 'é€'])
  })

  it('may have far more rows than their size lets expect', async () => {
    const count = 150_000
    const rows = Array.from({ length: count }, (_, i) => `${i / 4},${16_777_217 + i},c${i % 5}`)
    const table = await read(new Uint8Array(gzipSync(`a,b,c\n${rows.join('\n')}`)))
    const [a, b, c] = table.columns.map(cells)
    expect([table.rows, a?.length, c?.length]).toEqual([count, count, count])
    expect(a?.every((value, row) => value === row / 4)).toBe(true)
    expect(b?.every((value, row) => value === 16_777_217 + row)).toBe(true)
    expect(c?.every((value, row) => value === `c${row % 5}`)).toBe(true)
  })

  it('may have ten thousand columns', async () => {
    const row = (shift: number) => Array.from({ length: 10_000 }, (_, i) => (i + shift) % 97).join(',')
    const table = await read([row(1), row(2), row(3)].join('\n'))
    expect([table.columns.length, table.rows, cells(table.columns[9999] as Column)]).toEqual([10_000, 3, [9, 10, 11]])
  })

  it('can be given up', async () => {
    await expect(read('a,b\n1,2\n', { signal: AbortSignal.abort() })).rejects.toBeInstanceOf(AbortError)
  })

  it('of no table are not taken for one', async () => {
    const open = (name: string, text: string) =>
      openSamples(sampleFilesOf('set', new Map([[name, memorySource(encode(text), name)]])))
    await expect(open('a.txt', 'Dear Sir,\nI write to you, since\nnobody answers.\n')).rejects.toThrow(
      'no data that Plume reads',
    )
    expect(await open('a.tra', '1,2,3\n4,5,6\n7,8,9\n')).toMatchObject({ kind: 'table', count: 3 })
  })
})

describe.skipIf(!hasSharedData)('real tables (needs ../shared/data)', () => {
  it.each([
    [['wdbc', 'wdbc.data'], 569, 32, false],
    [['wdbc', 'wdbc-ragged-header.csv'], 569, 32, true],
    [['penguins', 'penguins.csv'], 344, 8, true],
    [['penguins', 'penguins_raw.csv'], 344, 17, true],
    [['titanic', 'titanic.csv'], 891, 15, true],
    [['mpg', 'mpg.csv'], 398, 9, true],
    [['pulsar', 'pulsar_stars.csv'], 17898, 9, true],
    [['digits', 'optdigits.tra'], 3823, 65, true],
    [['iris', 'iris.csv'], 150, 5, true],
  ] as const)('%j', async (path, rows, columns, hasHeader) => {
    const table = await shared(...path)
    expect([table.rows, table.columns.length, table.hasHeader]).toEqual([rows, columns, hasHeader])
  })

  it('counts what is missing as their descriptions do', async () => {
    const missing = Object.fromEntries(
      (await shared('titanic', 'titanic.csv')).columns.map((one) => [one.name, one.missing]),
    )
    expect(missing).toMatchObject({ age: 177, deck: 688, embarked: 2, fare: 0 })
    expect((await shared('mpg', 'mpg.csv')).columns[3]).toMatchObject({
      name: 'horsepower',
      kind: 'number',
      missing: 6,
    })
  })

  it.each(['malformed-csv', 'malformed-gzip', 'malformed-zip', 'malformed-json'])(
    '%s gives tables or clean errors',
    async (folder) => {
      const files = readdirSync(sharedPath(folder), { recursive: true, encoding: 'utf8' }).map((name) =>
        join(sharedPath(folder), name),
      )
      let met = 0
      for (const file of files.filter((one) => existsSync(one) && !readdirSafe(one))) {
        const bytes = new Uint8Array(readFileSync(file))
        const outcome = await readTable(memorySource(bytes, 'x.csv'), 'x.csv').catch((error: unknown) => error)
        if (outcome instanceof Error) expect(outcome, file).toBeInstanceOf(PlumeError)
        else
          for (const { kind, ...column } of (outcome as Table).columns) expect([kind, column.index >= 0]).toBeTruthy()
        met++
      }
      expect(met).toBeGreaterThan(10)
    },
  )
})

function readdirSafe(path: string): boolean {
  try {
    readdirSync(path)
    return true
  } catch {
    return false
  }
}
