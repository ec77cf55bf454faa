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

  it('knows the budget and the number of trials of the automatic choice, and of it alone', () => {
    const asked = { budget: { kind: 'drop', drop: 0.01 }, maxTrials: 12 } as const
    expect(identityOf(input, null, 'auto', asked)).toMatchObject(asked)
    const recipe = { version: 1, seed: 0, steps: [] } as const
    expect(identityOf(input, null, { ...recipe, steps: [] }, asked)).toEqual(
      identityOf(input, null, { ...recipe, steps: [] }),
    )
    expect(identityOf(input, null, 'auto', { budget: { kind: 'no-loss' } })).toEqual(identityOf(input, null, 'auto'))
  })

  it('tells data to choose ranges on apart', () => {
    const calibrate = { sha256: 'c'.repeat(64), preprocess: 'mnist' }
    expect(identityOf(input, { sha256: data }, 'auto', { calibrate })).toEqual({
      inputSha256: input,
      data: { sha256: data },
      calibrate,
      recipe: 'auto',
    })
  })
})
