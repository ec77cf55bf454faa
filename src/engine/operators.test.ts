import { describe, expect, it } from 'vitest'
import { findOperator, OPERATORS } from '../ops'
import { COMPOSED } from '../ops/composed'
import { checkCase } from '../testing/check-case'
import { testMachines } from '../testing/machines'
import { allCases } from '../testing/all-cases'

const all = allCases()

describe('every operator', () => {
  it('has cases', () => {
    const tested = new Set(all.map(({ one }) => one.operator.replace(/^.*:/, '')))
    expect([...OPERATORS, ...COMPOSED].map(({ name }) => name).filter((name) => !tested.has(name))).toEqual([])
  })

  it('has cases with names of their own', () => {
    const names = all.map(({ one }) => `${one.operator}: ${one.name}`)
    expect(names.filter((name, i) => names.indexOf(name) !== i)).toEqual([])
  })

  it('stands once in the list, in the order of names', () => {
    const names = OPERATORS.map(({ name, domain }) => `${name} ${domain}`)
    expect(names).toEqual([...new Set(names)].sort())
    const composed = COMPOSED.map(({ name, domain }) => `${name} ${domain}`)
    expect(composed).toEqual([...new Set(composed)].sort())
    expect(COMPOSED.filter(({ name, domain }) => findOperator(domain, name))).toEqual([])
  })
})

for (const machine of testMachines()) {
  describe(`on ${machine.name}`, () => {
    it.each(all.map(({ one, frozen }) => [`${one.operator}: ${one.name}`, one, frozen] as const))(
      '%s',
      async (_, one, frozen) => checkCase(machine, one, frozen),
    )
  })
}
