import { unzipSync, strFromU8 } from 'fflate'
import { describe, expect, it } from 'vitest'
import type { JobResult } from '../state/job.svelte'
import { packZip, planZip, SUMMARY, type ZipRow } from './zip'

function result(names: readonly string[], change: { isOriginal?: boolean; sqnrDb?: number | null } = {}): JobResult {
  const { isOriginal = false, sqnrDb = 41.234 } = change
  return {
    data: null,
    resultId: null,
    files: names.map((name) => ({ name, blob: new Blob([`bytes of ${name}`]) })),
    report: {
      input: { sizeBytes: 100 },
      output: { name: names[0], sizeBytes: 40, sha256: 'ab', isOriginal },
      recipe: {
        version: 1,
        seed: 0,
        steps: [
          { method: 'tidy', options: {} },
          { method: 'weights-int8', options: {} },
        ],
      },
      quality: { sqnrDb },
    },
  } as unknown as JobResult
}

const row = (change: Partial<ZipRow>): ZipRow => ({
  ...{ name: 'm.onnx', folder: '', sizeBytes: 100, status: 'Done', note: '', result: null },
  ...change,
})
const columns = ['file', 'status', 'before', 'after', 'method', 'sqnr', 'sha256', 'in zip', 'note']
const namesOf = (rows: readonly ZipRow[]) => planZip(rows, columns).map(({ name }) => name)

function linesOf(rows: readonly ZipRow[]): string[] {
  const { input } = planZip(rows, columns)[0]!
  expect(String(input).startsWith('\ufeff')).toBe(true)
  return String(input).slice(1).trimEnd().split('\r\n')
}

describe('planZip', () => {
  it('gives every model and report a name of its own', () => {
    const rows = [
      row({ result: result(['m.small.onnx']) }),
      row({ result: result(['M.small.onnx']) }),
      row({ folder: 'a/', result: result(['m.small.onnx']) }),
      row({ name: 'summary.csv', result: result(['summary.csv']) }),
    ]
    expect(namesOf(rows)).toEqual([
      SUMMARY,
      ...['m.small.onnx', 'M.small (2).onnx', 'a/m.small.onnx', 'summary (2).csv'].flatMap((name) => [
        name,
        `reports/${name}.json`,
      ]),
    ])
  })

  it('keeps files that name each other together', () => {
    const rows = [1, 2].map(() => row({ result: result(['big.small.onnx', 'big.small.onnx.data']) }))
    expect(namesOf(rows).filter((name) => !name.startsWith('reports/'))).toEqual([
      SUMMARY,
      'big.small/big.small.onnx',
      'big.small/big.small.onnx.data',
      'big.small (2)/big.small.onnx',
      'big.small (2)/big.small.onnx.data',
    ])
  })

  it('never leaves the folder into which it is unpacked', () => {
    const [, model] = namesOf([row({ folder: '../../x/', result: result(['../..\\evil.onnx']) })])
    expect(model).toBe('x/_.._evil.onnx')
  })

  it('lists originals that were kept and failures without adding their bytes', () => {
    const rows = [
      row({ result: result(['m.small.onnx']) }),
      row({ name: 'kept.onnx', status: 'Original kept', result: result(['kept.onnx'], { isOriginal: true }) }),
      row({ name: 'bad.onnx', status: 'Failed', sizeBytes: 7, note: 'It ends, "too early"' }),
    ]
    expect(namesOf(rows)).toHaveLength(3)
    expect(linesOf(rows)).toEqual([
      columns.join(','),
      'm.onnx,Done,100,40,weights-int8,41.23,ab,m.small.onnx,',
      'kept.onnx,Original kept,100,40,,41.23,ab,,',
      'bad.onnx,Failed,7,,,,,,"It ends, ""too early"""',
    ])
  })

  it('lets no name become a formula of a spreadsheet', () => {
    const lines = linesOf([row({ name: '=HYPERLINK("http://x")', note: '@SUM(A1)' }), row({ name: '+1-1.onnx' })])
    expect(lines[1]).toMatch(/^"'=HYPERLINK\(""http:\/\/x""\)",.*,'@SUM\(A1\)$/)
    expect(lines[2]).toMatch(/^'\+1-1\.onnx,/)
  })
})

it('packs what was planned', async () => {
  const entries = planZip([row({ result: result(['m.small.onnx']) })], columns)
  const files = unzipSync(new Uint8Array(await (await packZip(entries)).arrayBuffer()))
  expect(Object.keys(files)).toEqual([SUMMARY, 'm.small.onnx', 'reports/m.small.onnx.json'])
  expect(strFromU8(files['m.small.onnx']!)).toBe('bytes of m.small.onnx')
})
