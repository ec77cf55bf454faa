import { describe, expect, it } from 'vitest'
import { formatBudget, parseBudget } from './budget'

describe('budgets', () => {
  it.each([
    ['no-loss', { kind: 'no-loss' }, 'no-loss'],
    ['drop=0.5%', { kind: 'drop', drop: 0.005 }, 'drop=0.5%'],
    ['drop=0.005', { kind: 'drop', drop: 0.005 }, 'drop=0.5%'],
    ['drop=.3 %', { kind: 'drop', drop: 0.003 }, 'drop=0.3%'],
    ['drop=0', { kind: 'drop', drop: 0 }, 'drop=0%'],
    ['size=2MB', { kind: 'size', sizeBytes: 2_000_000 }, 'size=2MB'],
    ['size=1.5 MiB', { kind: 'size', sizeBytes: 1_572_864 }, 'size=1572864B'],
    ['size=77kb', { kind: 'size', sizeBytes: 77_000 }, 'size=77kB'],
    ['size=2KIB', { kind: 'size', sizeBytes: 2048 }, 'size=2048B'],
    ['size=12345', { kind: 'size', sizeBytes: 12_345 }, 'size=12345B'],
  ] as const)('reads %s, and writes it so that it reads the same', (text, budget, written) => {
    expect(parseBudget(text)).toEqual(budget)
    expect(formatBudget(budget)).toBe(written)
    expect(parseBudget(written)).toEqual(budget)
  })

  it.each([
    ['drop=1', 'For percent write drop=1%'],
    ['drop=200%', 'expected 0 to below 100 %'],
    ['drop=', 'is none that Plume knows'],
    ['drop=1.2.3%', 'expected 0 to below 100 %'],
    ['drop=2MB', 'is none that Plume knows'],
    ['size=2furlong', 'has the unit "furlong": expected B, kB'],
    ['size=0MB', 'expected at least 1 byte'],
    ['size=0.1B', 'expected at least 1 byte'],
    ['size=-2MB', 'is none that Plume knows'],
    ['no-loss=3', 'is none that Plume knows'],
    ['', 'Give no-loss, drop=0.5% or size=2MB'],
  ])('refuses %s with what is expected', (text, reason) => {
    expect(() => parseBudget(text)).toThrow(reason)
  })
})
