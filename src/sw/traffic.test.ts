import { expect, it } from 'vitest'
import type { Traffic } from '../core/offline'
import { TrafficCounter } from './traffic'

it('tells counts in bundles, and starts again from zero', async () => {
  const told: Traffic[] = []
  const counter = new TrafficCounter(async (counts) => void told.push(counts), 5)
  await Promise.all([counter.count('cached'), counter.count('cached'), counter.count('refused')])
  await counter.count('network')
  expect(told).toEqual([
    { cached: 2, network: 0, refused: 1 },
    { cached: 0, network: 1, refused: 0 },
  ])
})
