import { describe, expect, it } from 'vitest'
import type { Recipe } from '../../jobs/recipe'
import type { TensorChange } from '../../methods/method'
import { pairSteps, pairTensors, sortTensors, type TensorSort } from './diff'

type Steps = Recipe['steps']

const tensor = (name: string, to: string, after: number, sqnrDb: number | null, before = 100): TensorChange => ({
  name,
  from: 'float32',
  to,
  sizeBeforeBytes: before,
  sizeAfterBytes: after,
  sqnrDb,
})

describe('tensors of two results', () => {
  const a = [tensor('w10', 'int8', 25, 40), tensor('w2', 'int8', 25, 30, 400), tensor('bias', 'float32', 100, null, 50)]
  const b = [tensor('w10', 'int8', 25, 40), tensor('w2', 'float16', 50, 70, 400), tensor('only', 'int8', 3, 20, 12)]

  it('stand side by side: changed ones first, then the largest', () => {
    const pairs = pairTensors(a, b)
    expect(pairs.map(({ name, isDifferent }) => [name, isDifferent])).toEqual([
      ['w2', true],
      ['bias', true],
      ['only', true],
      ['w10', false],
    ])
    expect(pairs[2]).toMatchObject({ a: undefined, b: { to: 'int8' } })
  })

  it('count as their last step left them', () => {
    const steps = [tensor('w10', 'float16', 50, 70), tensor('w10', 'int8', 25, 40)]
    expect(pairTensors(steps, [tensor('w10', 'int8', 25, 40)])).toMatchObject([{ isDifferent: false }])
  })

  it('are sorted by any column; exact and untouched ones come last by error', () => {
    const names = (by: TensorSort) => sortTensors(pairTensors(a, b), by).map(({ name }) => name)
    expect(names('name')).toEqual(['bias', 'only', 'w2', 'w10'])
    expect(names('sizeA')).toEqual(['bias', 'w2', 'w10', 'only'])
    expect(names('sizeB')).toEqual(['w2', 'w10', 'only', 'bias'])
    expect(names('errorA').slice(0, 2)).toEqual(['w2', 'w10'])
    expect(names('errorB').slice(0, 3)).toEqual(['only', 'w10', 'w2'])
  })
})

describe('steps of two recipes', () => {
  it('stand beside the same method of the other, with the options that differ', () => {
    const a: Steps = [
      { method: 'tidy', options: {} },
      { method: 'weights-int8', options: { scheme: 'symmetric', minSize: 1024 } },
    ]
    const b: Steps = [
      { method: 'weights-int8', options: { scheme: 'asymmetric', minSize: 1024 } },
      { method: 'float16', options: { ops: 'Conv' } },
    ]
    expect(pairSteps(a, b)).toEqual([
      { method: 'tidy', a: {}, b: undefined, different: [] },
      { method: 'weights-int8', a: a[1]?.options, b: b[0]?.options, different: ['scheme'] },
      { method: 'float16', a: undefined, b: { ops: 'Conv' }, different: ['ops'] },
    ])
  })

  it('of one method twice are paired in order', () => {
    const step = (minSize: number) => ({ method: 'float16', options: { minSize } })
    const pairs = pairSteps([step(1), step(2)], [step(1), step(3), step(4)])
    expect(pairs.map(({ a, b }) => [a?.['minSize'], b?.['minSize']])).toEqual([
      [1, 1],
      [2, 3],
      [undefined, 4],
    ])
  })
})
