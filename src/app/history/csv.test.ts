import { expect, it } from 'vitest'
import { csvOf } from './csv'

it('quotes what would break a row', () => {
  expect(
    csvOf([
      ['a', 'b,c'],
      ['say "x"', 'two\nlines'],
    ]),
  ).toBe('a,"b,c"\r\n"say ""x""","two\nlines"\r\n')
})

it('lets no cell be a formula', () => {
  const cells = ['=HYPERLINK("http://x")', '+1+1', '-2+3', '@SUM(A1)', '\tx', '\rx', 'a=b', '–']
  expect(
    csvOf(cells.map((cell) => [cell]))
      .split('\r\n')
      .slice(0, 5),
  ).toEqual([`"'=HYPERLINK(""http://x"")"`, `'+1+1`, `'-2+3`, `'@SUM(A1)`, `'\tx`])
  expect(csvOf([['\rx']])).toBe(`"'\rx"\r\n`)
  expect(csvOf([['a=b', '–']])).toBe('a=b,–\r\n')
})

it('leaves numbers numbers', () => {
  expect(csvOf([['-3.5', '+2', '1e9', '-1e-7']])).toBe('-3.5,+2,1e9,-1e-7\r\n')
})
