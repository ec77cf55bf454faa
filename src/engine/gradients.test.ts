import { describe, expect, it } from 'vitest'
import { allCases } from '../testing/all-cases'
import { gradientCase, isDifferentiableCase } from '../testing/gradient-cases'
import { checkGradient } from './autodiff/check-gradient'

const all = allCases().filter(({ one }) => isDifferentiableCase(one))

describe('the gradient of every operator', () => {
  it.each(all.map(({ one }) => [`${one.operator}: ${one.name}`, one] as const))('%s', async (_, one) => {
    const found = await gradientCase(one)
    if (!found) return
    const { builder, loss, feeds } = found
    const { mismatches } = await checkGradient(builder, loss, feeds, { samples: 12 })
    expect(mismatches).toEqual([])
  })
})
