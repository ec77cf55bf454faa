import { describe, expect, it } from 'vitest'
import { resolveRecipe } from '../steps'
import { recipeForms } from './forms'
import { readRecipeText } from './read-recipe-text'

const FILES = { input: 'a model.onnx', output: 'small.onnx' }
const INT8 = resolveRecipe({ version: 1, seed: 5, steps: [{ method: 'weights-int8', options: {} }] })

describe('recipeForms', () => {
  it('every form reads back as the recipe', async () => {
    const { cli, link, isCliByLink } = await recipeForms(INT8, FILES)
    expect(isCliByLink).toBe(false)
    expect(cli).toContain('--method weights-int8')
    for (const text of [cli, link ?? '', JSON.stringify(INT8)]) {
      const { recipe } = await readRecipeText(text)
      expect(recipe).toMatchObject({ seed: 5, steps: INT8.steps })
    }
  })

  it('a recipe that flags cannot say goes into the command as a link', async () => {
    // a recipe without steps: as flags it would be the automatic choice
    const none = { ...INT8, steps: [] }
    const { cli, isCliByLink } = await recipeForms(none, FILES)
    expect(isCliByLink).toBe(true)
    expect(cli).toMatch(/^npx plume compress 'a model\.onnx' -o small\.onnx --recipe r1\.[\w-]+$/)
    expect((await readRecipeText(cli)).recipe).toMatchObject({ seed: 5, steps: [] })
  })

  it('ranges go into the command as a link, or from recipe.json where they are too long for one', async () => {
    const ranged = (count: number) => {
      const values = Object.fromEntries(
        Array.from({ length: count }, (_, i) => [`v${i}.${(i * 7919) % 9973}`, [-i / 7, i]]),
      )
      const ranges = { machine: 'wasm', samples: 9, values: values as Record<string, [number, number]> }
      return resolveRecipe({ version: 1, seed: 0, steps: [{ method: 'static-int8', options: {}, ranges }] })
    }
    const few = await recipeForms(ranged(20), FILES)
    expect([few.isCliByLink, few.isCliByFile, few.isWithheld]).toEqual([true, false, true])
    expect((await readRecipeText(few.cli)).recipe).toEqual(ranged(20))
    const many = await recipeForms(ranged(2000), FILES)
    expect([many.isCliByLink, many.isCliByFile]).toEqual([false, true])
    expect(many.cli).toBe("npx plume compress 'a model.onnx' -o small.onnx --recipe recipe.json")
  })

  it('names of layers stand in the command, not in the link', async () => {
    const named = resolveRecipe({
      version: 1,
      seed: 0,
      steps: [{ method: 'weights-int8', options: { exclude: 'secret.*' } }],
    })
    const { cli, link, isWithheld } = await recipeForms(named, FILES)
    expect(isWithheld).toBe(true)
    expect(cli).toContain('secret')
    expect(JSON.stringify((await readRecipeText(link ?? '')).shared)).not.toContain('secret')
  })

  it('without its names, a very long recipe still fits into a link', async () => {
    const noise = Array.from({ length: 4000 }, (_, i) => String.fromCodePoint(0x4e00 + ((i * i * 7919) % 20_000))).join(
      '',
    )
    const steps = Array.from({ length: 32 }, () => ({ method: 'weights-int8', options: { exclude: noise } }))
    const { link, cli } = await recipeForms(resolveRecipe({ version: 1, seed: 0, steps }), FILES)
    // the names are left out of it, so it fits; the command has them all
    expect(link).not.toBeNull()
    expect(cli).toContain(noise)
  })
})
