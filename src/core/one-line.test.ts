import { describe, expect, it } from 'vitest'
import { oneLine, plainLines } from './one-line'

describe('oneLine', () => {
  it('leaves nothing that a terminal obeys', () => {
    expect(oneLine('a\n\r\t\x1b[31mb\x9b2J\u2028c\u202ed\ud800e')).toBe('a���\ufffd[31mb�2J�c�d�e')
  })

  it('keeps letters, marks and pictures of every script', () => {
    expect(oneLine('Gewicht ä 重み 👩‍🔬')).toBe('Gewicht ä 重み 👩‍🔬')
  })

  it('cuts the middle of a name of a megabyte', () => {
    const line = oneLine(`begin${'x'.repeat(1e6)}end`)
    expect(line).toMatch(/^beginx+ … x+end$/)
    expect(line.length).toBeLessThan(610)
  })

  it('keeps the lines of a page apart', () => {
    expect(plainLines('a\x1b[2J\nb')).toBe('a�[2J\nb')
  })
})
