import { expect, it } from 'vitest'
import { wilsonInterval } from './interval'

// scipy 1.17.1: stats.binomtest(k, n).proportion_ci(method='wilson')
it.each([
  [10, 10, 0.7224672001371109, 1],
  [0, 10, 0, 0.27753279986288926],
  [110, 114, 0.9132415849113642, 0.9862720587655023],
  [1, 3, 0.06149194472039626, 0.7923403991979523],
])('%i of %i has the interval that scipy gives', (hits, n, low, high) => {
  const [from, to] = wilsonInterval(hits, n)
  expect(from).toBeCloseTo(low, 12)
  expect(to).toBeCloseTo(high, 12)
})

it('nothing seen says nothing', () => {
  expect(wilsonInterval(0, 0)).toEqual([0, 1])
})
