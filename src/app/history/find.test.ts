import { describe, expect, it } from 'vitest'
import { findResults, groupByDay, type Wanted } from './find'
import { result } from './result-kit'

const all = [
  result({ id: 'a', createdAt: 3, name: 'Glacé.onnx', sizeBytes: 400, quality: { sqnrDb: null } }),
  result({ id: 'b', createdAt: 2, name: 'jets.safetensors', format: 'safetensors', sizeBytes: 100, isPinned: true }),
  result({ id: 'c', createdAt: 1, name: 'glacé-2.onnx', method: 'float16', inputBytes: 9000, sizeBytes: 4500 }),
  result({ id: 'd', createdAt: 0, name: 'big.onnx', sizeBytes: 900, quality: { data: 'weights-only', sqnrDb: 90 } }),
]
const found = (wanted: Partial<Wanted>) =>
  findResults(all, { query: '', sort: 'newest', isPinnedOnly: false, ...wanted }).map(({ id }) => id)

describe('a search', () => {
  it('looks at name, method, format and data, without case and accents', () => {
    expect(found({ query: 'GLACE' })).toEqual(['a', 'c'])
    expect(found({ query: 'float16' })).toEqual(['c'])
    expect(found({ query: 'SafeTensors' })).toEqual(['b'])
    const measured = result({ id: 'm', data: { name: 'jets.npz', sha256: 'd'.repeat(64), samples: 4 } })
    expect(findResults([measured], { query: 'npz', sort: 'newest', isPinnedOnly: false })).toEqual([measured])
  })

  it('wants every word, in any order', () => {
    expect(found({ query: ' float16  glacé ' })).toEqual(['c'])
    expect(found({ query: 'glacé jets' })).toEqual([])
    expect(found({ query: '   ' })).toEqual(['a', 'b', 'c', 'd'])
  })

  it('can leave out what has no star', () => {
    expect(found({ isPinnedOnly: true })).toEqual(['b'])
    expect(found({ isPinnedOnly: true, query: 'glacé' })).toEqual([])
  })
})

describe('the order', () => {
  it('is by time, by size, by what was saved', () => {
    expect(found({ sort: 'newest' })).toEqual(['a', 'b', 'c', 'd'])
    expect(found({ sort: 'smallest' })).toEqual(['b', 'a', 'd', 'c'])
    expect(found({ sort: 'mostSaved' })).toEqual(['c', 'b', 'a', 'd'])
  })

  it('by closeness has identical outputs first and what was never run last', () => {
    expect(found({ sort: 'closest' })).toEqual(['a', 'b', 'c', 'd'])
  })

  it('leaves the given list as it was', () => {
    found({ sort: 'smallest' })
    expect(all.map(({ id }) => id)).toEqual(['a', 'b', 'c', 'd'])
  })
})

it('days are those of the calendar here, not 24 hours', () => {
  const at = (day: number, hour: number) => new Date(2026, 10, day, hour).getTime()
  const results = [at(21, 0), at(20, 23), at(20, 1), at(1, 12)].map((createdAt, i) => result({ id: `${i}`, createdAt }))
  const groups = groupByDay(results).map(({ day, results }) => [new Date(day).getDate(), results.map(({ id }) => id)])
  expect(groups).toEqual([
    [21, ['0']],
    [20, ['1', '2']],
    [1, ['3']],
  ])
})
