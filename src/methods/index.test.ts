import { expect, it } from 'vitest'
import { resolveOptions } from '../core/options'
import { isMethodId, loadMethod, methodIds, methodMetas } from '.'

it('lists every method once, with options that have valid defaults', () => {
  expect(methodIds).toEqual(['tidy', 'weights-int8', 'static-int8', 'dynamic-int8', 'float16'])
  expect(methodMetas.map((meta) => meta.id)).toEqual(methodIds)
  for (const meta of methodMetas) {
    const defaults = Object.fromEntries(Object.entries(meta.options).map(([name, spec]) => [name, spec.default]))
    expect(resolveOptions(meta.options, {}, meta.id)).toEqual(defaults)
    expect(resolveOptions(meta.options, defaults, meta.id)).toEqual(defaults)
  }
})

it('loads the code that belongs to an id', async () => {
  for (const id of methodIds) expect((await loadMethod(id)).meta.id).toBe(id)
  expect(isMethodId('float16')).toBe(true)
  expect(isMethodId('toString')).toBe(false)
})
