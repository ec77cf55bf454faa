import { describe, expect, it } from 'vitest'
import { identityOf } from './identity'

const input = 'a'.repeat(64)
const data = 'b'.repeat(64)

describe('identityOf', () => {
  it('is the same for data without options, however the absence is written', () => {
    const plain = identityOf(input, { sha256: data }, 'auto')
    expect(plain).toEqual({ inputSha256: input, data: { sha256: data }, recipe: 'auto' })
    const empty = { sha256: data, preprocess: '', state: [] }
    expect(identityOf(input, empty, 'auto')).toEqual(plain)
  })

  it('tells preprocessing, carried state and no data apart', () => {
    expect(identityOf(input, { sha256: data, preprocess: 'mnist', state: ['h=c'] }, 'auto').data).toEqual({
      sha256: data,
      preprocess: 'mnist',
      state: ['h=c'],
    })
    expect(identityOf(input, null, 'auto').data).toBeNull()
  })
})
