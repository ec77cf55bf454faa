import { describe, expect, it } from 'vitest'
import { hostArray, type HostArray } from '../../core/host-array'
import { PlanSet } from './plan-set'

const number = (value: number) => hostArray('int64', [1], [value])
const given = (value: number) => (name: string) => (name === 'k' ? number(value) : undefined)

describe('plans of one graph', () => {
  it('are told apart by shapes and by the values that they were made for', () => {
    const plans = new PlanSet<string>(() => undefined)
    plans.keep('[3]', new Map([['k', number(1)]]), 'one')
    plans.keep('[3]', new Map([['k', number(2)]]), 'two')
    plans.keep('[4]', new Map(), 'any')
    expect([1, 2, 3].map((value) => plans.find('[3]', given(value)))).toEqual(['one', 'two', undefined])
    expect(plans.find('[4]', given(7))).toBe('any')
    expect(plans.find('[3]', () => hostArray('int32', [1], [1]))).toBeUndefined()
    expect(plans.find('[3]', () => undefined)).toBeUndefined()
  })

  it('go when they were not used for longest', () => {
    const dropped: string[] = []
    const plans = new PlanSet<string>((plan) => void dropped.push(plan))
    for (const name of ['a', 'b', 'c', 'd']) plans.keep(name, new Map(), name)
    plans.find('a', () => undefined)
    plans.keep('e', new Map(), 'e')
    expect(dropped).toEqual(['b'])
    plans.clear()
    expect(dropped).toEqual(['b', 'c', 'd', 'a', 'e'])
  })

  it('are made for a value eight times, of each shape', () => {
    const plans = new PlanSet<number>(() => undefined)
    const fixed = (value: number): Map<string, HostArray> => new Map([['k', number(value)]])
    for (let value = 0; value < 8; value++) {
      expect(plans.limitsOf('[3]')('k')).toBe(true)
      plans.keep('[3]', fixed(value), value)
    }
    expect(plans.limitsOf('[3]')('k')).toBe(false)
    expect(plans.limitsOf('[3]')('other')).toBe(true)
    expect(plans.limitsOf('[4]')('k')).toBe(true)
  })
})
