import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { planEviction, type Evictable } from './eviction'

const one = (id: string, change: Partial<Evictable> = {}): Evictable => {
  return { id, kind: 'result', sizeBytes: 10, usedAt: 0, isProtected: false, isMissed: false, ...change }
}
const ids = (plan: readonly Evictable[]) => plan.map(({ id }) => id)

describe('planEviction', () => {
  it('gives up inputs that nobody misses, then those of closed cards, then results, oldest first', () => {
    const all = [
      one('new result', { usedAt: 9 }),
      one('old result', { usedAt: 2 }),
      one('missed', { kind: 'input', usedAt: 1, isMissed: true }),
      one('new input', { kind: 'input', usedAt: 8 }),
      one('old input', { kind: 'input', usedAt: 3 }),
    ]
    expect(ids(planEviction(all, 50))).toEqual(['old input', 'new input', 'missed', 'old result', 'new result'])
    expect(ids(planEviction(all, 31))).toEqual(['old input', 'new input', 'missed', 'old result'])
    expect(ids(planEviction(all, 30))).toEqual(['old input', 'new input', 'missed'])
  })

  it('never gives up what is protected, and nothing at all where the rest would not be enough', () => {
    const all = [one('pinned', { isProtected: true, sizeBytes: 100 }), one('a'), one('b', { usedAt: 1 })]
    expect(ids(planEviction(all, 20))).toEqual(['a', 'b'])
    expect(planEviction(all, 21)).toEqual([])
    expect(planEviction(all, 0)).toEqual([])
  })

  const evictable = fc.record({
    id: fc.uuid(),
    kind: fc.constantFrom('input' as const, 'result' as const),
    sizeBytes: fc.nat(1000),
    usedAt: fc.nat(20),
    isProtected: fc.boolean(),
    isMissed: fc.boolean(),
  })
  const several = fc.uniqueArray(evictable, { selector: ({ id }) => id, maxLength: 12 })

  it('frees enough, with nothing that could have stayed at the end, whatever there is', () => {
    fc.assert(
      fc.property(several, fc.integer({ min: 1, max: 6000 }), (all, needed) => {
        const plan = planEviction(all, needed)
        const sum = (some: readonly Evictable[]) => some.reduce((total, { sizeBytes }) => total + sizeBytes, 0)
        const free = all.filter(({ isProtected }) => !isProtected)
        expect(plan.length > 0).toBe(sum(free) >= needed)
        expect(plan.every((item) => free.includes(item) && item.sizeBytes > 0)).toBe(true)
        if (plan.length === 0) return
        expect(sum(plan)).toBeGreaterThanOrEqual(needed)
        expect(sum(plan.slice(0, -1))).toBeLessThan(needed)
        // no result goes while an input that may go stays, and no younger one of a kind before an older one
        const stays = free.filter((item) => item.sizeBytes > 0 && !plan.includes(item))
        if (plan.some(({ kind }) => kind === 'result')) expect(stays.every(({ kind }) => kind === 'result')).toBe(true)
        for (const gone of plan.filter(({ kind }) => kind === 'result'))
          for (const kept of stays) expect(kept.usedAt).toBeGreaterThanOrEqual(gone.usedAt)
      }),
    )
  })

  it('does not depend on the order in which things are listed', () => {
    fc.assert(
      fc.property(several, fc.nat(3000), (all, needed) => {
        expect(planEviction([...all].reverse(), needed)).toEqual(planEviction(all, needed))
      }),
    )
  })
})
