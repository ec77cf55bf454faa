import { describe, expect, it } from 'vitest'
import type { Report } from '../report'
import { resolveRecipe } from '../steps'
import { sharedOf, sharedOfRecipe } from './shared'
import { hashOf, RECIPE, sampleReport } from './shared-kit'
import { describeVerdict, mayBeSharedInput, verifyShared } from './verify'

describe('verifyShared', () => {
  const report = sampleReport(3)
  const shared = sharedOf(report)
  const made = (changes: { input?: object; output?: object }): Report => ({
    ...report,
    input: { ...report.input, ...changes.input },
    output: { ...report.output, ...changes.output },
  })

  it('knows the same bytes, whatever else differs', () => {
    const elsewhere = { ...report, app: '0.2.0', speed: [], input: { ...report.input, name: 'x', gzipBytes: 1 } }
    const verdict = verifyShared(shared, elsewhere)
    expect(verdict).toEqual({ kind: 'same-bytes', differences: [] })
    expect(describeVerdict(verdict)).toContain('identical to the shared one, byte for byte')
  })

  it('says that it is another file before anything else', () => {
    const verdict = verifyShared(shared, made({ input: { sha256: hashOf(9) }, output: { sha256: hashOf(8) } }))
    expect(verdict).toEqual({
      kind: 'other-input',
      differences: [{ what: 'input.sha256', shared: hashOf(1), found: hashOf(9) }],
    })
    expect(describeVerdict(verdict)).toMatch(/^The input is not the file that was shared \(input\.sha256 .* here\)/)
    expect(mayBeSharedInput(shared, report.input.sizeBytes)).toBe(true)
    expect(mayBeSharedInput(shared, 1)).toBe(false)
  })

  it('names what differs in a result of the same file', () => {
    const recipe = resolveRecipe({ ...RECIPE, seed: 1 })
    const other = { ...made({ output: { sha256: hashOf(8), sizeBytes: 5 } }), recipe, app: '9.9.9' }
    const verdict = verifyShared(shared, other)
    expect(verdict).toMatchObject({ kind: 'other-bytes', isWithheld: false })
    expect(verdict.differences.map(({ what }) => what)).toEqual(['output.sizeBytes', 'output.sha256', 'app', 'recipe'])
    expect(describeVerdict(verdict)).toContain(`app ${shared.app} in the link, 9.9.9 here`)
  })

  it('does not blame the data or the order of options for a difference', () => {
    const steps = RECIPE.steps.map(({ method, options }) => ({
      method,
      options: Object.fromEntries(Object.entries(options).reverse()),
    }))
    const other = { ...made({ output: { sha256: hashOf(8) } }), recipe: { ...RECIPE, steps } }
    expect(verifyShared(shared, other).differences.map(({ what }) => what)).toEqual(['output.sha256'])
  })

  it('expects other bytes where the link left out a part of the recipe', () => {
    const secret = resolveRecipe({ ...RECIPE, steps: [{ method: 'weights-int8', options: { exclude: 'head' } }] })
    const verdict = verifyShared(sharedOf({ ...report, recipe: secret }), made({ output: { sha256: hashOf(8) } }))
    expect(verdict).toMatchObject({ kind: 'other-bytes', isWithheld: true })
    expect(describeVerdict(verdict)).toContain('Ask for a link with layer names.')
  })

  it('has nothing to compare with where only a recipe was shared', () => {
    const verdict = verifyShared(sharedOfRecipe(RECIPE), report)
    expect(verdict).toEqual({ kind: 'no-result', differences: [] })
    expect(describeVerdict(verdict)).toContain('nothing to compare with')
    expect(mayBeSharedInput(sharedOfRecipe(RECIPE), 1)).toBe(true)
  })
})
