import { describe, expect, it } from 'vitest'
import { UsageError } from '../core/errors'
import { tensorOf, buildModel, f32, node } from '../testing/build-model'
import type { Decisions } from './classifier'
import { decisionsForLabels, findDecisions } from './classifier'
import { findClassAxis } from './metrics'
import { TaskMeter } from './task'

const classes = (labels: number[]): Decisions => ({
  kind: 'classes',
  output: 'y',
  layout: (shape, count) => findClassAxis(shape, labels, count),
})

describe('TaskMeter', () => {
  it('counts agreement, accuracy and likelihood of probabilities over batches', () => {
    const meter = new TaskMeter(classes([]), { shape: [], values: Int32Array.of(0, 1, 1, -1) })
    const before = [0.75, 0.25, 0.5, 0.5, 0.25, 0.75]
    const after = [0.25, 0.75, 0.25, 0.75, 0.5, 0.5]
    meter.add({
      before: tensorOf('float32', [2, 2], before.slice(0, 4)),
      after: tensorOf('float32', [2, 2], after.slice(0, 4)),
      start: 0,
      count: 2,
    })
    meter.add({
      before: tensorOf('float32', [1, 2], before.slice(4)),
      after: tensorOf('float32', [1, 2], after.slice(4)),
      start: 2,
      count: 1,
    })
    // an ignored label counts for agreement only
    meter.add({
      before: tensorOf('float32', [1, 2], [1, 0]),
      after: tensorOf('float32', [1, 2], [1, 0]),
      start: 3,
      count: 1,
    })
    // winners 0 0 1 0 → 1 1 0 0; labels 0 1 1: right before 0 and 2, after 1
    expect(meter.top1Agreement).toBe(1 / 4)
    const result = meter.result
    expect(result).toMatchObject({ metric: 'accuracy', before: 2 / 3, after: 1 / 3 })
    expect(result?.drop).toBeCloseTo(1 / 3, 12)
    expect(result?.nll?.before).toBeCloseTo(-(Math.log(0.75) + Math.log(0.5) + Math.log(0.75)) / 3, 12)
    expect(result?.nll?.after).toBeCloseTo(-(Math.log(0.25) + Math.log(0.75) + Math.log(0.5)) / 3, 12)
    expect(result?.mcnemar).toEqual({ lost: 2, gained: 1, p: 1 })
    expect(result?.bootstrap95).toMatchObject({ interval: [-1, 1], resamples: 10_000 })
    expect(meter.accuracy).toBe(1 / 3)
    expect(meter.classes).toEqual([
      { class: 0, samples: 1, before: 1, after: 0, lost: 1 },
      { class: 1, samples: 2, before: 1, after: 1, lost: 1 },
    ])
    // Wilson's for 1 of 4
    expect(meter.agreement95?.[0]).toBeCloseTo(0.0456, 4)
    expect(meter.agreement95?.[1]).toBeCloseTo(0.6994, 4)
  })

  it('measures sequences by likelihood, one group a sample', () => {
    const meter = new TaskMeter(classes([2]), { shape: [2], values: Int32Array.of(0, 1, 1, -1) })
    const logits = [0, 0, 0, 0, 0, Math.log(3), 5, 5]
    const after = [0, 0, 0, 0, 0, 0, 5, 5]
    meter.add({
      before: tensorOf('float32', [2, 2, 2], logits),
      after: tensorOf('float32', [2, 2, 2], after),
      start: 0,
      count: 2,
    })
    const { task } = { task: meter.result }
    expect(task?.metric).toBe('nll')
    expect(task?.before).toBeCloseTo((2 * Math.log(2) + Math.log(4 / 3)) / 3, 6)
    expect(task?.drop).toBeCloseTo((Math.log(2) - Math.log(4 / 3)) / 3, 6)
    expect(task?.accuracy).toEqual({ before: 2 / 3, after: 1 / 3 })
  })

  it('judges one probability a sample at 0.5, one logit at 0', () => {
    const labels = { shape: [], values: Int32Array.of(1, 0, 1) }
    const probability = new TaskMeter({ kind: 'binary', output: 'p' }, labels)
    probability.add({
      before: tensorOf('float32', [3, 1], [0.75, 0.25, 0.25]),
      after: tensorOf('float32', [3, 1], [0.25, 0.25, 0.25]),
      start: 0,
      count: 3,
    })
    expect(probability.result).toMatchObject({ before: 2 / 3, after: 1 / 3 })
    expect(probability.result?.nll?.before).toBeCloseTo(-(2 * Math.log(0.75) + Math.log(0.25)) / 3, 12)
    const logit = new TaskMeter({ kind: 'binary', output: 'p' }, labels)
    const scores = tensorOf('float32', [3], [2, -1, -0.25])
    logit.add({ before: scores, after: scores, start: 0, count: 3 })
    expect(logit.result?.before).toBeCloseTo(2 / 3, 12)
    const nll = [2, 1, -0.25].map((margin) => Math.log(1 + Math.exp(-margin)))
    expect(logit.result?.nll?.before).toBeCloseTo((nll[0]! + nll[1]! + nll[2]!) / 3, 7)
  })
})

describe('findDecisions', () => {
  const linear = (last: ReturnType<typeof node>[], outputs: Record<string, readonly ['float32', number[]]>) =>
    buildModel({
      inputs: { x: ['float32', [2, 3]] },
      outputs,
      nodes: [node('Gemm', 'x w', 'z'), ...last],
      initializers: {
        w: f32(
          [3, 4],
          Array.from({ length: 12 }, (_, i) => i),
        ),
      },
    })
  const scores = tensorOf('float32', [2, 4], [1, 2, 3, 4, 5, 6, 7, 8])

  it('takes the only output of a linear layer, through nodes that hand on', () => {
    const model = linear([node('Identity', 'z', 'y')], { y: ['float32', [2, 4]] })
    expect(findDecisions(model, new Map([['y', scores]]))?.output).toBe('y')
  })

  it('takes the output that ends in Softmax among several', () => {
    const model = linear([node('Relu', 'z', 'a'), node('Softmax', 'z', 'p')], {
      a: ['float32', [2, 4]],
      p: ['float32', [2, 4]],
    })
    expect(
      findDecisions(
        model,
        new Map([
          ['a', scores],
          ['p', scores],
        ]),
      )?.output,
    ).toBe('p')
  })

  it('takes neither an embedding nor a picture for classes', () => {
    const model = linear([node('Tanh', 'z', 'y')], { y: ['float32', [2, 4]] })
    expect(findDecisions(model, new Map([['y', scores]]))).toBeUndefined()
    const picture = linear([node('Identity', 'z', 'y')], { y: ['float32', [1, 2, 2, 2]] })
    expect(
      findDecisions(picture, new Map([['y', tensorOf('float32', [1, 2, 2, 2], [1, 2, 3, 4, 5, 6, 7, 8])]])),
    ).toBeUndefined()
  })
})

describe('decisionsForLabels', () => {
  const outputs = new Map([
    ['boxes', tensorOf('float32', [2, 4], [1, 2, 3, 4, 5, 6, 7, 8])],
    [
      'scores',
      tensorOf(
        'float32',
        [2, 6],
        Array.from({ length: 12 }, (_, i) => i),
      ),
    ],
    ['p', tensorOf('float32', [2, 1], [0.1, 0.9])],
  ])

  it('takes the first output with more classes than the largest label', () => {
    expect(decisionsForLabels({ shape: [], values: Int32Array.of(5, 0) }, outputs, 2, undefined)?.output).toBe('scores')
    expect(decisionsForLabels({ shape: [], values: Int32Array.of(3, 0) }, outputs, 2, undefined)?.output).toBe('boxes')
  })

  it('refuses a label beyond every class, and names the output it was meant for', () => {
    const decide = (preferred?: Decisions) => () =>
      decisionsForLabels({ shape: [], values: Int32Array.of(6, 0) }, outputs, 2, preferred)
    expect(decide()).toThrow(
      'The data has the label 6, but output "scores" has 6 classes, 0 to 5. Count classes from 0, write -1 for what is ' +
        'to be ignored, or leave the labels out.',
    )
    expect(decide()).toThrow(UsageError)
    expect(decide({ kind: 'binary', output: 'boxes' })).toThrow('output "boxes" has 4 classes, 0 to 3')
  })

  it('finds no output for labels of another shape', () => {
    expect(
      decisionsForLabels({ shape: [5], values: new Int32Array(10).fill(9) }, outputs, 2, undefined),
    ).toBeUndefined()
  })

  it('takes one number a sample for labels 0 and 1', () => {
    const only = new Map([['p', outputs.get('p')!]])
    expect(decisionsForLabels({ shape: [], values: Int32Array.of(1, 0) }, only, 2, undefined)).toEqual({
      kind: 'binary',
      output: 'p',
    })
  })
})
