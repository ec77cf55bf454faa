import { describe, expect, it } from 'vitest'
import { methodIds } from '../methods'
import { APP_VERSION } from './ports'
import { EMPTY_RECIPE, formatRecipe, parseRecipe, type Recipe } from './recipe'
import { resolveRecipe } from './steps'

describe('parseRecipe', () => {
  const recipe: Recipe = {
    version: 1,
    seed: 7,
    steps: [{ method: 'weights-int8', options: { granularity: 'per-tensor', minBytes: 3 } }],
    data: [{ role: 'test', sha256: 'ab'.repeat(32), samples: 9, preprocess: 'mnist' }],
  }

  it('takes nothing from a prototype', () => {
    const text = '{"version":1,"seed":0,"steps":[{"method":"tidy","options":{"__proto__":{"polluted":1}}}]}'
    const { options } = parseRecipe(text, 'r.json').steps[0] as Recipe['steps'][number]
    expect(Object.keys(options)).toEqual([])
    expect('polluted' in options).toBe(false)
  })

  it('reads what formatRecipe writes', () => {
    expect(parseRecipe(formatRecipe(recipe), 'r.json')).toEqual(recipe)
  })

  it.each([
    ['{', /^r\.json: this is not JSON/],
    ['null', /^r\.json: the recipe: expected Object, found null\./],
    ['{"version":2,"seed":0,"steps":[]}', /^r\.json: version: expected 1, found 2\./],
    ['{"version":1,"seed":-1,"steps":[]}', /^r\.json: seed: expected >=0, found -1\./],
    ['{"version":1,"seed":0,"steps":[{"method":"../x","options":{}}]}', /^r\.json: steps\.0\.method: expected/],
    ['{"version":1,"seed":0,"steps":[{"method":"tidy","options":{"a.b":1}}]}', /steps\.0\.options\.a\.b: expected/],
    ['{"version":1,"seed":0,"steps":[],"extra":1}', /^r\.json: extra: expected never, found "extra"\./],
    [
      `{"version":1,"seed":0,"steps":${JSON.stringify(Array(33).fill({ method: 'tidy', options: {} }))}}`,
      /steps: expected <=32/,
    ],
  ])('refuses %s', (text, message) => {
    expect(() => parseRecipe(text, 'r.json')).toThrow(message)
  })
})

describe('resolveRecipe', () => {
  it('fills in every option and the version of the app', () => {
    const resolved = resolveRecipe({
      ...EMPTY_RECIPE,
      steps: [{ method: 'weights-int8', options: { minBytes: '64' } }],
    })
    expect(resolved.app).toBe(APP_VERSION)
    expect(resolved.steps[0]?.options).toMatchObject({ minBytes: 64, granularity: 'per-channel', scheme: 'symmetric' })
    expect(resolveRecipe(resolved)).toEqual(resolved)
  })

  it('names the methods there are', () => {
    const recipe = { ...EMPTY_RECIPE, steps: [{ method: 'squeeze', options: {} }] }
    expect(() => resolveRecipe(recipe)).toThrow(`There is no method "squeeze". Methods: ${methodIds.join(', ')}.`)
  })
})
