import { describe, expect, it } from 'vitest'
import { hostArray, type HostArray } from '../../core/host-array'
import { largestError, machines, runBuilt, wave } from '../../testing/training-kit'
import { differentiate } from '../autodiff/differentiate'
import { GraphBuilder } from '../build/graph-builder'
import * as losses from './index'
import type { Loss } from './loss'
import frozen from './losses.fixture.json'

const flat = wave([5, 4], 1.1, -0.4)
const map = (array: HostArray, change: (value: number, index: number) => number) =>
  hostArray('float32', array.shape, [...(array.values as Float32Array)].map(change))
const yes = map(flat, (value) => (value > 0 ? 1 : 0))
const labels = hostArray('int64', [5], [3, 0, 2, 2, 1])
const ignored = hostArray('int64', [5], [3, -1, 2, 2, -1])
const deep = hostArray('int64', [2, 2, 2], [0, 2, 1, 1, 2, 0, 0, 1])
const teacher = wave([5, 4], 0.9, 0.1)
const nearly = map(flat, (_, i) => ([3, 0, 2, 2, 1][Math.floor(i / 4)] === i % 4 ? 0.8125 : 0.0625))
const weights = [0.5, 1.5, 0.8, 2.0]

function logSoftmax(rows: HostArray): HostArray {
  const values = rows.values as Float32Array
  return map(rows, (value, i) => {
    const start = i - (i % 4)
    return value - Math.log([...values.subarray(start, start + 4)].reduce((sum, one) => sum + Math.exp(one), 0))
  })
}

type Name = keyof typeof frozen.cases
const CASES: Record<Name, readonly [Loss, HostArray]> = {
  'cross-entropy': [losses.crossEntropy(), labels],
  'cross-entropy, weights': [losses.crossEntropy({ weights }), labels],
  'cross-entropy, smoothing': [losses.crossEntropy({ labelSmoothing: 0.1 }), labels],
  'cross-entropy, weights, smoothing': [losses.crossEntropy({ weights, labelSmoothing: 0.2 }), labels],
  'cross-entropy, weights, smoothing, ignored': [
    losses.crossEntropy({ weights, labelSmoothing: 0.2, ignoreIndex: -1 }),
    ignored,
  ],
  'cross-entropy, pictures': [losses.crossEntropy({ weights: [0.2, 0.7, 1.5], labelSmoothing: 0.1 }), deep],
  focal: [losses.focal(), labels],
  'focal, weights': [losses.focal({ gamma: 1.5, weights }), labels],
  bce: [losses.bceWithLogits(), yes],
  'bce, weight': [losses.bceWithLogits({ positiveWeight: 2.5 }), yes],
  'binary focal': [losses.binaryFocal(), yes],
  mse: [losses.mse(), flat],
  l1: [losses.l1(), flat],
  huber: [losses.huber({ delta: 0.8 }), flat],
  kl: [losses.klDivergence(), nearly],
  'kl, logarithms': [losses.klDivergence({ isLogTarget: true }), logSoftmax(teacher)],
  distillation: [losses.distillation({ temperature: 3 }), teacher],
}

/** The batch stays open, as in training. */
function built(loss: Loss, target: HostArray, shape: readonly number[]) {
  const builder = new GraphBuilder()
  const x = builder.input('x', { dtype: 'float32', shape: ['batch', ...shape.slice(1)] })
  const t = builder.input('t', loss.target(builder.type(x)))
  expect(builder.type(t)).toEqual({ dtype: target.dtype, shape: ['batch', ...target.shape.slice(1)] })
  const value = loss.build(builder, x, t)
  expect(builder.type(value)).toEqual({ dtype: 'float32', shape: [] })
  return { builder, x, value, gradient: differentiate(builder, value, [x]).get(x)! }
}

describe.each(machines)('losses on $name', (machine) => {
  it.each(Object.keys(CASES) as Name[])('%s and its gradient are what PyTorch computes', async (name) => {
    const [loss, target] = CASES[name]
    const { shape, loss: expected, gradient: expectedGradient } = frozen.cases[name]
    const { builder, x, value, gradient } = built(loss, target, shape)
    const feeds = new Map([
      [x, wave(shape)],
      ['t', target],
    ])
    const [found, slope] = await runBuilt(builder, feeds, { outputs: [value, gradient], machine })
    expect(largestError(found!, [expected])).toBeLessThan(2e-6)
    expect(largestError(slope!, expectedGradient)).toBeLessThan(2e-6)
  })
})

describe('losses', () => {
  it('does not overflow on logits that are far off', async () => {
    const { builder, x, value, gradient } = built(losses.bceWithLogits(), yes, [5, 4])
    const far = map(yes, (one, i) => (one * 2 - 1) * (i % 2 === 0 ? 200 : -200))
    const feeds = new Map([
      [x, far],
      ['t', yes],
    ])
    const [found, slope] = await runBuilt(builder, feeds, { outputs: [value, gradient], machine: machines[0]! })
    expect(found!.values[0]).toBeCloseTo(100, 4)
    expect([...(slope!.values as Float32Array)].every((one) => Number.isFinite(one))).toBe(true)
  })

  it('says which option or shape does not fit', () => {
    const builder = new GraphBuilder()
    const scores = builder.input('scores', { dtype: 'float32', shape: ['batch', 4] })
    const target = builder.input('target', { dtype: 'int64', shape: ['batch'] })
    const open = builder.input('open', { dtype: 'float32', shape: ['batch', null] })
    expect(() => losses.crossEntropy({ weights: [1, 2] }).build(builder, scores, target)).toThrow(
      'cross-entropy: 2 class weights are given for 4 classes.',
    )
    expect(() => losses.focal().build(builder, open, target)).toThrow(
      'focal: the number of classes of open is not known.',
    )
    expect(() => losses.crossEntropy().target({ dtype: 'float32', shape: ['batch'] })).toThrow(
      'cross-entropy: the prediction should be [batch, classes, …] and is [batch].',
    )
    expect(() => losses.crossEntropy({ labelSmoothing: 1.5 })).toThrow(
      'cross-entropy: the label smoothing should lie in [0, 1] and is 1.5.',
    )
    expect(() => losses.huber({ delta: 0 })).toThrow('huber: delta should be above 0 and is 0.')
    expect(() => losses.distillation({ temperature: -1 })).toThrow(
      'distillation: the temperature should be above 0 and is -1.',
    )
  })
})
