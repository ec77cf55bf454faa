import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { UsageError } from '../../core/errors'
import type { Recipe } from '../recipe'
import { RECIPE } from '../share/shared-kit'
import { answerKey, canonicalJson } from './keys'

const inputSha256 = 'a'.repeat(64)
const asked = { inputSha256, data: null, recipe: 'auto' as const }
const int8: Recipe = { version: 1, seed: 7, steps: [{ method: 'weights-int8', options: {} }] }

describe('answerKey', () => {
  it('is a SHA-256, and the same for the same question', async () => {
    const key = await answerKey(asked)
    expect(key).toMatch(/^[0-9a-f]{64}$/)
    expect(await answerKey({ recipe: 'auto', data: null, inputSha256 })).toBe(key)
  })

  it('tells inputs, data, how they are read, recipes, options and seeds apart', async () => {
    const data = { sha256: 'b'.repeat(64) }
    const keys = await Promise.all([
      answerKey(asked),
      answerKey({ ...asked, inputSha256: 'c'.repeat(64) }),
      answerKey({ ...asked, data }),
      answerKey({ ...asked, data: { ...data, preprocess: 'mnist' } }),
      answerKey({ ...asked, data: { ...data, state: ['h=c'] } }),
      answerKey({ ...asked, recipe: int8 }),
      answerKey({ ...asked, recipe: { ...int8, seed: 8 } }),
      answerKey({ ...asked, recipe: { ...int8, steps: [...int8.steps, ...int8.steps] } }),
      answerKey({
        ...asked,
        recipe: { ...int8, steps: [{ method: 'weights-int8', options: { granularity: 'per-tensor' } }] },
      }),
    ])
    expect(new Set(keys).size).toBe(keys.length)
  })

  it('is the same for the same steps, whoever wrote the recipe, on which data, with defaults written out or not', async () => {
    const written: Recipe = {
      ...RECIPE,
      app: '9.9.9',
      data: [{ role: 'test', sha256: 'd'.repeat(64), samples: 3 }],
    }
    const short: Recipe = {
      version: 1,
      seed: RECIPE.seed,
      steps: RECIPE.steps.map(({ method }) => ({ method, options: {} })),
    }
    expect(await answerKey({ ...asked, recipe: written })).toBe(await answerKey({ ...asked, recipe: short }))
  })

  it('names a method or option that there is none of', async () => {
    const recipe: Recipe = { version: 1, seed: 0, steps: [{ method: 'magic', options: {} }] }
    const failure = answerKey({ ...asked, recipe })
    await expect(failure).rejects.toThrow(UsageError)
    await expect(failure).rejects.toThrow('There is no method "magic"')
  })
})

describe('canonicalJson', () => {
  it('sorts keys at every depth and leaves out what is absent', () => {
    expect(canonicalJson({ b: [{ d: 1, c: undefined, a: 'é' }], a: null })).toBe('{"a":null,"b":[{"a":"é","d":1}]}')
  })

  it('means the same value as JSON does, and has one text for one value', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = canonicalJson(value)
        // JSON knows no -0
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)))
        expect(canonicalJson(JSON.parse(text))).toBe(text)
        expect(canonicalJson(shuffled(value))).toBe(text)
      }),
    )
  })
})

function shuffled(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(shuffled)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, field]) => [key, shuffled(field)]),
  )
}
