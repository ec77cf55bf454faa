import { describe, expect, it } from 'vitest'
import type { TrainReport } from '../../jobs/train/report'
import { bestOf, curvesTable } from './curves'
import { headlineOf, headlineText, metricText, rarest, shownMetrics } from './metrics'

const report = (change: Partial<TrainReport>): TrainReport =>
  ({
    data: { task: 'classification', split: { train: 70, validation: 15, test: 200 } },
    metrics: { test: { loss: 0.1, accuracy: 0.95, f1: 0.6 } },
    baseline: { loss: 1, accuracy: 0.9, f1: 0, what: 'x' },
    ...change,
  }) as unknown as TrainReport

const classes = (...samples: readonly number[]) => samples.map((count, i) => ({ name: 'abc'[i] ?? '', samples: count }))

describe('the headline', () => {
  it('is accuracy with its interval', () => {
    const found = headlineOf(report({}))
    expect(found).toMatchObject({ metric: 'accuracy', value: 0.95, baseline: 0.9 })
    expect(found.interval?.map((end) => end.toFixed(3))).toEqual(['0.910', '0.973'])
  })

  it('is F1 where one of two classes is rare', () => {
    const perClass = classes(180, 20).map((one) => ({ ...one, precision: 1, recall: 1, f1: 1 }))
    expect(headlineOf(report({ curves: { perClass } }))).toMatchObject({ metric: 'f1', value: 0.6, baseline: 0 })
  })

  it('is R² of a number, which is never shown below zero', () => {
    const data = { task: 'regression', split: { test: 10 } } as unknown as TrainReport['data']
    const metrics = { test: { loss: 4, r2: -0.2, rmse: 2 } } as unknown as TrainReport['metrics']
    const found = headlineOf(report({ data, metrics }))
    expect([found.metric, found.value, found.baseline, headlineText(found)]).toEqual(['r2', -0.2, 0, '0.0%'])
  })
})

it('two classes of which one has less than a fifth are imbalanced; three are only uneven', () => {
  expect(rarest(classes(81, 19))).toEqual({ name: 'b', share: 0.19, isRare: true })
  expect(rarest(classes(80, 20)).isRare).toBe(false)
  expect(rarest(classes(90, 9, 1)).isRare).toBe(false)
  expect(rarest([])).toMatchObject({ share: 1, isRare: false })
})

it('measures are shown in the unit that people know them in', () => {
  expect([metricText('accuracy', 0.9651), metricText('auc', 0.99812), metricText('mae', 1234.56)]).toEqual([
    '96.5%',
    '0.998',
    '1,235',
  ])
  expect([metricText('rmse', 0.01234), metricText('r2', -0.5)]).toEqual(['0.01234', '−0.500'])
  expect(shownMetrics({ loss: 1, r2: 0.5, mae: 2 })).toEqual(['r2', 'mae', 'loss'])
})

describe('curves', () => {
  const history = [0.5, 0.3, 0.3, 0.4].map((validationLoss, i) => ({
    ...{ epoch: i + 1, loss: 0.6 - 0.1 * i, validationLoss, rate: 0.01, ms: 3 },
    ...(i > 0 && { validationMetric: 0.9 }),
  }))

  it('have their best epoch at the first of the least validation losses', () => {
    expect(bestOf(history)?.epoch).toBe(2)
    expect(bestOf([])).toBeNull()
  })

  it('stand in a table in words, and in plain numbers for the CSV', () => {
    const table = curvesTable({ history, epochs: 10, metric: 'accuracy' })
    expect(table.columns.map(({ label }) => label)).toEqual([
      'Epoch',
      'Loss, training',
      'Loss, validation',
      'Accuracy',
      'Learning rate',
    ])
    expect([table.rows[0], table.rows[1]]).toEqual([
      ['1', '0.600', '0.500', '', '0.01'],
      ['2', '0.500', '0.300', '90.0%', '0.01'],
    ])
    expect(table.plainRows?.[1]).toEqual(['2', '0.5', '0.3', '0.9', '0.01'])
  })
})
