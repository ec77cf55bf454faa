import { describe, expect, it } from 'vitest'
import type { HostArray } from '../core/host-array'
import { numbersOf } from '../core/host-array'
import { findOperator, OPERATORS } from '../ops'
import type { Tolerance } from '../ops/op'
import {
  feedsOfCase,
  modelOfCase,
  outputNames,
  type CaseInput,
  type FrozenResults,
  type OperatorCase,
} from '../testing/operator-cases'
import { testMachines } from '../testing/machines'

const CASES = import.meta.glob<{ cases: readonly OperatorCase[] }>('../ops/*/*.cases.ts', { eager: true })
const FROZEN = import.meta.glob<FrozenResults>('../ops/*/*.frozen.json', { eager: true, import: 'default' })

const all = Object.entries(CASES).flatMap(([path, { cases }]) => {
  const frozen = FROZEN[path.replace(/\.cases\.ts$/, '.frozen.json')] ?? {}
  return cases.map((one) => ({ one, frozen: frozen[one.name] }))
})

/** float16 and narrower floats are rounded after arithmetic in a wider type: one unit in the last place may differ. */
const ULPS: Partial<Record<string, number>> = {
  float16: 2 ** -10,
  bfloat16: 2 ** -7,
  float8e4m3fn: 2 ** -3,
  float8e5m2: 2 ** -2,
  float8e4m3fnuz: 2 ** -3,
  float8e5m2fnuz: 2 ** -2,
}

function expectClose(
  found: HostArray,
  wanted: Pick<CaseInput, 'dtype' | 'shape'> & { values: readonly unknown[] },
  tolerance: Tolerance,
) {
  expect({ dtype: found.dtype, shape: [...found.shape] }).toEqual({ dtype: wanted.dtype, shape: [...wanted.shape] })
  const isExact = !wanted.dtype.startsWith('float') && !wanted.dtype.startsWith('bfloat')
  if (isExact) {
    expect([...found.values].map(String)).toEqual(wanted.values.map(String))
    return
  }
  const relative = Math.max(tolerance.relative, ULPS[wanted.dtype] ?? 0)
  numbersOf(found).forEach((value, i) => {
    const target = Number(wanted.values[i])
    const isSame = Object.is(value, target) || value === target
    const isClose = Math.abs(value - target) <= tolerance.absolute + relative * Math.abs(target)
    if (!isSame && !isClose) expect.fail(`element ${i} of [${found.shape.join(',')}] is ${value}, expected ${target}`)
  })
}

describe('every operator', () => {
  it('has cases', () => {
    const tested = new Set(all.map(({ one }) => one.operator.replace(/^.*:/, '')))
    expect(OPERATORS.map(({ name }) => name).filter((name) => !tested.has(name))).toEqual([])
  })

  it('stands once in the list, in the order of names', () => {
    const names = OPERATORS.map(({ domain, name }) => `${domain}:${name}`)
    expect(names).toEqual([...new Set(names)].sort())
  })
})

for (const machine of testMachines()) {
  describe(`on ${machine.name}`, () => {
    it.each(all.map(({ one, frozen }) => [`${one.operator}: ${one.name}`, one, frozen] as const))(
      '%s',
      async (_, one, frozen) => {
        const model = modelOfCase(one)
        if (one.error) {
          await expect(machine.run(model, feedsOfCase(one))).rejects.toMatchObject({
            name: one.error.name,
            message: expect.stringMatching(one.error.message) as string,
          })
          return
        }
        const expected = one.expected ?? frozen
        if (!expected) expect.fail('no expected values: run `npm run references`')
        const outputs = await machine.run(model, feedsOfCase(one))
        const { tolerance } = findOperator(
          ...(one.operator.includes(':')
            ? (one.operator.split(':') as [string, string])
            : (['', one.operator] as const)),
        )!
        outputNames(one)
          .filter(Boolean)
          .forEach((name, i) => expectClose(outputs.get(name)!, expected[i]!, tolerance))
      },
    )
  })
}
