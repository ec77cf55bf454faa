import { describe, expect, it } from 'vitest'
import { paretoTable, rankWays, topLoss } from './pareto'

const way = (sizeBytes: number, loss: number, isChosen = false) => ({
  id: `${sizeBytes} ${loss}`,
  name: `${sizeBytes} bytes`,
  sizeBytes,
  loss,
  isChosen,
})

describe('ways to shrink a model', () => {
  it('are on the front where no other is as small and as good, and better in one of the two', () => {
    const ways = [way(41, 0), way(20, 0.05), way(40, 0), way(10, 0.03), way(20, 0.003)]
    expect(rankWays(ways).map(({ sizeBytes, loss, isOnFront }) => [sizeBytes, loss, isOnFront])).toEqual([
      [10, 0.03, true],
      [20, 0.003, true],
      [20, 0.05, false],
      [40, 0, true],
      [41, 0, false],
    ])
  })

  it('that are equal do not beat each other', () => {
    expect(rankWays([way(10, 0.1), way(10, 0.1)]).map(({ isOnFront }) => isOnFront)).toEqual([true, true])
  })

  it('keep the chosen one apart, also where another beats it', () => {
    expect(rankWays([way(10, 0.1), way(20, 0.2, true)]).map(({ kind }) => kind)).toEqual(['front', 'chosen'])
  })

  it('of which one is hopeless do not squeeze the others together', () => {
    expect(topLoss('accuracy', [way(10, 0.9), way(20, 0.02)])).toBe(0.02)
    expect(topLoss('accuracy', [way(10, 0.9), way(20, 0.02)], { kind: 'drop', drop: 0.05 })).toBe(0.0625)
    expect(topLoss('nll', [way(10, -0.01)])).toBe(0.05)
  })

  it('stand in a table in words, and in plain numbers for the CSV', () => {
    const table = paretoTable({ ways: rankWays([way(10_500, 0.0312)]), metric: 'accuracy', originalBytes: 73_323 })
    expect(table.rows).toEqual([
      ['10500 bytes', '10.5 kB', '3.12', 'best for its size'],
      ['original', '73.3 kB', '0.00', 'original'],
    ])
    expect(table.plainRows?.[0]?.slice(1, 3)).toEqual(['10500', '3.12'])
  })
})
