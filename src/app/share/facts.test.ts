import { describe, expect, it } from 'vitest'
import { encodeLink, decodeLink } from '../../jobs/share/link'
import { sharedOf, type Shared } from '../../jobs/share/shared'
import { sampleReport } from '../../jobs/share/shared-kit'
import { factsOf } from './facts'

/** Paths of all values that are looked at, and of all that there are. */
function watched(value: Shared) {
  const seen = new Set<string>()
  const all: string[] = []
  const watch = (node: unknown, path: string): unknown => {
    if (typeof node !== 'object' || node === null) {
      all.push(path)
      return node
    }
    const copy = Array.isArray(node) ? ([] as unknown[]) : {}
    for (const [key, inner] of Object.entries(node)) {
      const at = path === '' ? key : `${path}.${key}`
      const shown = watch(inner, at)
      Object.defineProperty(copy, key, {
        enumerable: true,
        get: () => {
          seen.add(at)
          return shown
        },
      })
    }
    return copy
  }
  return { shared: watch(value, '') as Shared, seen, all }
}

async function received(report = sampleReport(5), choices: Parameters<typeof sharedOf>[1] = {}) {
  const link = await encodeLink(
    sharedOf(report, { withName: true, withLayerNames: true, device: 'wasm ×2', ...choices }),
  )
  const decoded = await decodeLink(link.text)
  if (!decoded.ok) throw new Error('the link of the test is bad')
  return decoded.shared
}

describe('factsOf', () => {
  it('looks at every field of a link; layers have their own table', async () => {
    const { shared, seen, all } = watched(await received())
    factsOf(shared)
    const elsewhere = /^(version|recipe\.version|result\.layers\..*)$/
    expect(all.filter((path) => !seen.has(path) && !elsewhere.test(path))).toEqual([])
  })

  it('says names, device, accuracy and hashes in words', async () => {
    const facts = factsOf(await received())
    const of = (label: string) => facts.filter((fact) => fact.label === label).map(({ value }) => value)
    expect(of('File')).toEqual(['client-x.onnx'])
    expect(of('Before')).toEqual(['46.8 MB, ONNX'])
    expect(of('Accuracy')).toEqual(['81.4% → 81.2% (−0.2 points)'])
    // the interval of the change, not of the drop
    expect(of('95% interval of the change')).toEqual(['−0.8 to +0.4 points'])
    expect(of('Measured on')).toEqual(['the sender’s data, 500 samples'])
    expect(of('Layers')).toEqual(['5 of 5'])
    expect(of('SHA-256 after')).toEqual([sampleReport().output.sha256])
    expect(of('SHA-256 of the data')).toHaveLength(1)
  })

  it('names changed options, and what was left out of the recipe', async () => {
    const report = sampleReport()
    const steps = report.recipe.steps.map((step) => {
      return step.method === 'weights-int8' ? { ...step, options: { ...step.options, exclude: 'secret.*' } } : step
    })
    const named = { ...report, recipe: { ...report.recipe, steps } }
    const text = (shared: Shared) => JSON.stringify(factsOf(shared))
    expect(text(await received(named))).toContain('secret.*')
    const without = await received(named, { withLayerNames: false, withName: false })
    expect(text(without)).not.toContain('secret')
    expect(factsOf(without).find(({ label }) => label === 'Left out of the recipe')?.value).toContain('exclude')
  })

  it('a recipe alone has no figures', async () => {
    const { result: _, ...shared } = await received()
    expect(factsOf(shared).map(({ label }) => label)).not.toContain('Before')
  })
})
