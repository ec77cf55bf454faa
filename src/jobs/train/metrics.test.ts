import { describe, expect, test } from 'vitest'
import { classificationMetrics, confusionOf, perClass, regressionMetrics, rocOf, thinned } from './metrics'

/** Of the second class. */
const two = (...scores: number[]) => scores.flatMap((p) => [1 - p, p])

describe('metrics of two classes', () => {
  // sorted: 0.9 yes, 0.8 yes, 0.7 no, 0.6 yes, 0.4 no, 0.4 no, 0.1 no
  const scored = { probabilities: two(0.9, 0.7, 0.4, 0.8, 0.1, 0.6, 0.4), labels: [1, 0, 0, 1, 0, 1, 0], classes: 2 }

  test('by hand', () => {
    const { accuracy, f1, auc, prAuc, loss } = classificationMetrics(scored)
    expect(accuracy).toBeCloseTo(6 / 7, 12)
    expect(f1).toBeCloseTo(6 / 7, 12) // 2·3 / (3 + 4)
    expect(auc).toBeCloseTo(11 / 12, 12) // of 12 pairs one is the wrong way round
    expect(prAuc).toBeCloseTo((1 + 1 + 3 / 4) / 3, 12)
    const expected = [0.9, 0.3, 0.6, 0.8, 0.9, 0.6, 0.6].reduce((sum, p) => sum - Math.log(p), 0) / 7
    expect(loss).toBeCloseTo(expected, 12)
  })

  test('equal scores count half', () => {
    const { auc } = classificationMetrics({ probabilities: two(0.5, 0.5), labels: [1, 0], classes: 2 })
    expect(auc).toBe(0.5)
  })

  test('with one class only there are no areas', () => {
    const metrics = classificationMetrics({ probabilities: two(0.7, 0.2), labels: [1, 1], classes: 2 })
    expect(metrics).not.toHaveProperty('auc')
    expect(metrics.accuracy).toBe(0.5)
  })

  test('the ROC curve goes from corner to corner', () => {
    const points = rocOf(scored)
    expect(points[0]).toEqual({ falsePositives: 0, truePositives: 0 })
    expect(points[3]).toEqual({ falsePositives: 1 / 4, truePositives: 2 / 3 })
    expect(points.at(-1)).toEqual({ falsePositives: 1, truePositives: 1 })
  })

  test('a certain mistake does not make the loss infinite', () => {
    expect(classificationMetrics({ probabilities: two(1), labels: [0], classes: 2 }).loss).toBeCloseTo(69.3, 1)
  })
})

test('three classes: confusion, per class, F1 is the mean over classes', () => {
  const rows = [
    [0.7, 0.2, 0.1],
    [0.2, 0.5, 0.3],
    [0.1, 0.2, 0.7],
    [0.4, 0.3, 0.3],
  ]
  const scored = { probabilities: rows.flat(), labels: [0, 1, 1, 2], classes: 3 }
  const confusion = confusionOf(scored)
  expect(confusion).toEqual([
    [1, 0, 0],
    [0, 1, 1],
    [1, 0, 0],
  ])
  expect(perClass(confusion)[1]).toEqual({ samples: 2, precision: 1, recall: 0.5, f1: 2 / 3 })
  expect(classificationMetrics(scored).f1).toBeCloseTo((2 / 3 + 2 / 3 + 0) / 3, 12)
})

test('regression by hand', () => {
  const { r2, rmse, mae, loss } = regressionMetrics([1, 2, 5], [1, 4, 4])
  expect(loss).toBeCloseTo(5 / 3, 12)
  expect(r2).toBeCloseTo(1 - 5 / 6, 12)
  expect(rmse).toBeCloseTo(Math.sqrt(5 / 3), 12)
  expect(mae).toBe(1)
})

test('a long curve is thinned, its ends stay', () => {
  const thin = thinned([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10], 3)
  expect(thin).toEqual([0, 5, 10])
})
