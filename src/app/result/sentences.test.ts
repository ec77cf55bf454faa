import { expect, it } from 'vitest'
import type { Quality } from '../../jobs/report'
import { qualityLines, speedLines } from './sentences'

const quality: Quality = {
  data: 'user',
  samples: 360,
  sqnrDb: 40,
  cosine: 0.9999,
  top1Agreement: 0.9917,
  task: { metric: 'accuracy', before: 0.9361, after: 0.9334, drop: 0.0027, ci95: [-0.0031, 0.0086] },
  outputs: [],
  providers: [],
}

it('says accuracy first, with the change and its interval in the metric’s own direction', () => {
  expect(qualityLines(quality)).toEqual([
    'Accuracy 93.6% → 93.3%',
    '−0.3 points, 95% interval −0.9 to +0.3',
    'Outputs differ by 1%',
    'worst output 40.0 dB signal to noise',
    'same top answer on 99.2%',
    'on 360 of your samples',
  ])
})

it('marks made-up inputs and models that were not run', () => {
  const { task: _, ...rest } = quality
  expect(qualityLines({ ...rest, data: 'synthetic', samples: 16, sqnrDb: null })).toEqual([
    'Identical outputs',
    'same top answer on 99.2%',
    'on 16 made-up inputs: add data for real accuracy',
  ])
  expect(qualityLines({ ...rest, data: 'weights-only' })).toEqual([
    'Accuracy not measured',
    'weights only: worst tensor 40.0 dB',
  ])
})

it('gives the median with the number of runs and the spread', () => {
  const speed = {
    provider: 'wasm',
    beforeMs: 3.104,
    afterMs: 2.9,
    beforeSpreadMs: [3, 3.2],
    afterSpreadMs: [2.8, 3.05],
    runs: 21,
  } as const
  expect(speedLines([speed])).toEqual([
    '3.1 ms → 2.9 ms',
    'median of 21 runs here, wasm',
    'middle half 2.8 ms to 3.05 ms',
  ])
  expect(speedLines([])).toEqual(['not run'])
})
