import { describe, expect, it } from 'vitest'
import type { Recipe } from '../recipe'
import { resolveRecipe } from '../steps'
import { decodeLink, encodeLink } from './link'
import { canReproduce, sharedOf, sharedOfRecipe } from './shared'
import { hashOf, sampleReport } from './shared-kit'
import { checksum, packShared, unpackShared, WireSchema } from './wire'
import { lacksRanges } from './wire-ranges'
import * as v from 'valibot'

type Values = Record<string, [number, number]>
const SINGLE: Values = { 'layer1.out': [-1.25, 2.5], '12': [0, Math.fround(6.1)], 'é 模': [-(2 ** -30), 3e38] }

function ranged(values: Values, model?: string): Recipe {
  const step = { method: 'static-int8', options: {}, ranges: { machine: 'wasm', samples: 100, values } }
  const recipe = resolveRecipe({ version: 1, seed: 0, steps: [{ method: 'tidy', options: {} }, step] })
  if (!model) return recipe
  const [tidy, last] = recipe.steps
  return { ...recipe, steps: [tidy!, { ...last!, ranges: { ...last!.ranges!, model } }] }
}
const roundTrip = async (recipe: Recipe) => {
  const shared = sharedOfRecipe(recipe, { withLayerNames: true })
  const decoded = await decodeLink((await encodeLink(shared, { full: true })).text)
  return { shared, recipe: decoded.ok ? decoded.shared.recipe : decoded.problem }
}

describe('ranges in a link', () => {
  it('come back exactly where names were asked for, float32 or not', async () => {
    for (const recipe of [ranged(SINGLE), ranged(SINGLE, hashOf(5)), ranged({ x: [-0.1, 1 / 3] }), ranged({})]) {
      const { shared, recipe: read } = await roundTrip(recipe)
      expect(read).toEqual(recipe)
      expect(canReproduce(shared)).toBe(true)
    }
  })

  it('are names of layers, so they are left out unless asked for, and both sides know', async () => {
    const shared = sharedOf({ ...sampleReport(2), recipe: ranged(SINGLE) })
    expect(shared.withheld).toContain('steps.1.ranges')
    expect([canReproduce(shared), lacksRanges(shared)]).toEqual([false, true])
    expect(packShared(shared)).not.toMatch(/layer1|模/)
    const decoded = await decodeLink((await encodeLink(shared)).text)
    expect(decoded).toEqual({ ok: true, shared })
  })

  it('of names that a screen would obey, or of too many values, are left out', () => {
    expect(sharedOfRecipe(ranged({ 'a\u202eb': [0, 1] }), { withLayerNames: true }).withheld).toEqual([
      'steps.1.ranges',
    ])
    const many = Object.fromEntries(Array.from({ length: 4097 }, (_, i) => [`v${i}`, [0, 1]])) as Values
    expect(sharedOfRecipe(ranged(many), { withLayerNames: true }).withheld).toEqual(['steps.1.ranges'])
  })

  it('take about eleven characters a value beside the names', async () => {
    const values = Object.fromEntries(
      Array.from({ length: 60 }, (_, i) => [`layer${i}.conv.out`, [0, Math.fround(1 + ((i * 7919) % 97) / 31)]]),
    ) as Values
    const { text } = await encodeLink(sharedOfRecipe(ranged(values), { withLayerNames: true }), { full: true })
    expect(text.length).toBeLessThan(60 * 16)
  })

  it('go where nothing else makes a link short enough to be read, and the link says so', async () => {
    const noise = (i: number) =>
      Array.from({ length: 60 }, (_, k) => String.fromCodePoint(0x4e00 + (((i + 1) * (k + 7) * 7919) % 20_000))).join(
        '',
      )
    const values = Object.fromEntries(Array.from({ length: 900 }, (_, i) => [noise(i) + i, [-i / 7, i / 3]])) as Values
    const shared = sharedOf({ ...sampleReport(3), recipe: ranged(values) }, { withLayerNames: true })
    const { text, dropped, fits } = await encodeLink(shared)
    expect([dropped[0], fits]).toEqual(['ranges', true])
    const decoded = await decodeLink(text)
    expect(decoded.ok && lacksRanges(decoded.shared)).toBe(true)
  })

  it.each([
    ['bounds of another count', [1, 'wasm', 1, ['a', 'b'], 'AAAAAA'], '4 bounds of ranges in 4 bytes'],
    ['no base64url', [1, 'wasm', 1, ['a'], '$$'], 'ranges are not base64url'],
    ['a name twice', [1, 'wasm', 1, ['a', 'a'], 'A'.repeat(22)], 'a value has two ranges'],
    ['a step that is not there', [7, 'wasm', 1, ['a'], 'AAAAAAAAAAA'], 'ranges belong to one step each'],
  ])('are refused with %s', (_, entry, reason) => {
    const { c: __, ...wire } = JSON.parse(packShared(sharedOfRecipe(ranged({})))) as Record<string, unknown>
    const sealed = { ...wire, b: [entry] }
    const parsed = v.parse(WireSchema, { ...sealed, c: checksum(sealed) })
    expect(() => unpackShared(parsed)).toThrow(reason)
  })

  it('that are no numbers are refused by the schema', async () => {
    const { c: _, ...wire } = JSON.parse(packShared(sharedOfRecipe(ranged({})))) as Record<string, unknown>
    // NaN and infinity as float32
    const sealed = { ...wire, b: [[1, 'wasm', 1, ['a'], 'AADAfwAAgH8']] }
    const { encodeBase64Url } = await import('./base64url')
    const { deflateRaw } = await import('./deflate')
    const json = new TextEncoder().encode(JSON.stringify({ ...sealed, c: checksum(sealed) }))
    const decoded = await decodeLink(`#r1.${encodeBase64Url(await deflateRaw(json))}`)
    expect(decoded).toMatchObject({ ok: false, problem: { kind: 'not-valid' } })
  })
})
