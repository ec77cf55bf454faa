import { expect, it } from 'vitest'
import type { Recipe } from '../../jobs/recipe'
import { sameSteps } from './same-steps'

type Step = Recipe['steps'][number]
const recipe = (options: Step['options'], ranges?: Step['ranges']): Recipe => ({
  version: 1,
  seed: 0,
  steps: [{ method: 'static-int8', options, ...(ranges && { ranges }) }],
})
const ranges = (max: number) => ({ machine: 'wasm', samples: 8, values: { x: [0, max] as [number, number] } })

it('compares options in any order', () => {
  expect(sameSteps(recipe({ a: 1, b: 2 }), recipe({ b: 2, a: 1 }))).toBe(true)
  expect(sameSteps(recipe({ a: 1 }), recipe({ a: 2 }))).toBe(false)
})

it('ranges count where both have some', () => {
  expect(sameSteps(recipe({}), recipe({}, ranges(1)))).toBe(true)
  expect(sameSteps(recipe({}, ranges(1)), recipe({}, ranges(1)))).toBe(true)
  expect(sameSteps(recipe({}, ranges(1)), recipe({}, ranges(2)))).toBe(false)
})
