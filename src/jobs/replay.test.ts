import { describe, expect, it } from 'vitest'
import type { UserData } from './calibration-data'
import type { Recipe } from './recipe'
import { withFittingRanges, withModelOfRanges } from './replay'

const MODEL = 'a'.repeat(64)
const OTHER = 'b'.repeat(64)
const DATA = 'c'.repeat(64)
const data = (sha256: string) => ({ kind: 'samples', samples: { sha256 } }) as unknown as UserData
const ranges = { model: MODEL, machine: 'wasm', samples: 8, values: { x: [-1, 2] as [number, number] } }
const recipe: Recipe = {
  version: 1,
  seed: 0,
  steps: [
    { method: 'tidy', options: {} },
    { method: 'static-int8', options: {}, ranges },
  ],
  data: [{ role: 'calibrate', sha256: DATA, samples: 8 }],
}
const outcome = (request: object, model = MODEL, given: Recipe = recipe) => {
  const { request: fitting, notes } = withFittingRanges({ recipe: given, ...request }, model)
  return [!!fitting.recipe.steps[1]?.ranges, notes.map(({ text }) => text.slice(0, 50))]
}

describe('ranges that a recipe stores', () => {
  it('stay for the same model: without data, with the same, and with data for the proof alone', () => {
    expect(outcome({})).toEqual([true, []])
    expect(outcome({ calibrate: data(DATA), test: data(OTHER) })).toEqual([true, []])
    expect(outcome({ test: data(OTHER) })).toEqual([true, []])
  })

  it('give way to other data that ranges are to be chosen on', () => {
    expect(outcome({ calibrate: data(OTHER) })).toEqual([false, ['The ranges of the recipe come from other data: the']])
  })

  it('give way to any data for another model, and stay with a warning where there is none', () => {
    const anew = ['The ranges of the recipe are those of another mode']
    expect(outcome({ calibrate: data(DATA) }, OTHER)).toEqual([false, anew])
    expect(outcome({ test: data(OTHER) }, OTHER)).toEqual([false, anew])
    expect(outcome({}, OTHER)).toEqual([true, anew])
    expect(withFittingRanges({ recipe }, OTHER).notes[0]).toMatchObject({ severity: 'warning' })
  })

  it('stay where the recipe does not say whose they are', () => {
    const [tidy, step] = recipe.steps
    const { model: _, ...unknown } = ranges
    const { data: __, ...bare } = recipe
    const given: Recipe = { ...bare, steps: [tidy!, { ...step!, ranges: unknown }] }
    expect(outcome({ calibrate: data(OTHER) }, OTHER, given)).toEqual([true, []])
    expect(withFittingRanges({ recipe: 'auto' }, OTHER)).toEqual({ request: { recipe: 'auto' }, notes: [] })
  })

  it('get the model that they were observed on, unless they were stored before', () => {
    const { model: _, ...fresh } = ranges
    const made: Recipe = { ...recipe, steps: [{ method: 'static-int8', options: {}, ranges: fresh }] }
    const asked: Recipe = { ...made, steps: [{ method: 'static-int8', options: {} }] }
    expect(withModelOfRanges(made, asked, OTHER).steps[0]?.ranges?.model).toBe(OTHER)
    expect(withModelOfRanges(made, 'auto', OTHER).steps[0]?.ranges?.model).toBe(OTHER)
    expect(withModelOfRanges(made, made, OTHER)).toEqual(made)
  })
})
