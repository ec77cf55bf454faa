import { describe, expect, it } from 'vitest'
import { hostArray, type HostArray } from '../../core/host-array'
import { largestError, machines, runBuilt, wave } from '../../testing/training-kit'
import { GraphBuilder } from '../build/graph-builder'
import * as optim from './index'
import type { Optimizer } from './optimizer'
import frozen from './optimizers.fixture.json'

interface Run {
  readonly optimizer: Optimizer
  readonly rate: number
  readonly weightDecay?: number
  readonly clip?: number
}

type Name = keyof typeof frozen.trajectories
const { sgd, adam, adamw, rmsprop, adagrad } = optim
const jumpy = [0.5, 0.6] as const
const RUNS: Record<Name, Run> = {
  sgd: { optimizer: sgd(), rate: 0.1 },
  'sgd, decay': { optimizer: sgd(), rate: 0.1, weightDecay: 0.05 },
  'sgd, momentum': { optimizer: sgd({ momentum: 0.9 }), rate: 0.05, weightDecay: 0.01 },
  'sgd, dampening': { optimizer: sgd({ momentum: 0.9, dampening: 0.3 }), rate: 0.05 },
  'sgd, nesterov': { optimizer: sgd({ momentum: 0.8, nesterov: true }), rate: 0.05, weightDecay: 0.02 },
  'sgd, clipped': { optimizer: sgd(), rate: 0.1, clip: 1.5 },
  adam: { optimizer: adam(), rate: 0.03 },
  'adam, decay': { optimizer: adam({ betas: [0.8, 0.99], epsilon: 1e-6 }), rate: 0.03, weightDecay: 0.1 },
  'adam, amsgrad': { optimizer: adam({ betas: jumpy, amsgrad: true }), rate: 0.03 },
  adamw: { optimizer: adamw(), rate: 0.03, weightDecay: 0.2 },
  'adamw, amsgrad': { optimizer: adamw({ betas: jumpy, amsgrad: true }), rate: 0.03, weightDecay: 0.2 },
  rmsprop: { optimizer: rmsprop(), rate: 0.02 },
  'rmsprop, centered, momentum': {
    optimizer: rmsprop({ alpha: 0.9, momentum: 0.7, centered: true }),
    ...{ rate: 0.01, weightDecay: 0.05 },
  },
  adagrad: { optimizer: adagrad(), rate: 0.1 },
  'adagrad, decay': { optimizer: adagrad({ rateDecay: 0.1, initial: 0.3 }), rate: 0.1, weightDecay: 0.05 },
}

/** One step with g = A·tanh(p) − B; the group's rate is doubled and the fed one halved. */
function stepGraph({ optimizer, weightDecay = 0, clip }: Run) {
  const builder = new GraphBuilder()
  const first = wave([3, 5])
  const parameter = builder.input('p', { dtype: 'float32', shape: [3, 5] })
  const states = new Map(
    [...optimizer.states(first.shape)].map(([name, { shape }]) => [
      name,
      builder.input(name, { dtype: 'float32', shape }),
    ]),
  )
  const scalars = new Map(
    optimizer.scalarNames.map((name) => [name, builder.input(name, { dtype: 'float32', shape: [] })]),
  )
  const product = builder.add('MatMul', [builder.constant(wave([3, 3], 1.3, 0.2)), builder.add('Tanh', [parameter])])
  const whole = builder.add('Sub', [product, builder.constant(wave([3, 5], 0.5, 1.0))])
  const gradient = clip === undefined ? whole : optim.clipByNorm(builder, [whole], clip).gradients[0]!
  const result = optimizer.update(builder, { parameter, gradient, scalars, states, weightDecay, rateScale: 2 })
  return { builder, first, result }
}

const scalar = (value: number) => hostArray('float32', [], [value])

describe.each(machines)('ten steps on $name', (machine) => {
  it.each(Object.keys(RUNS) as Name[])('%s goes where PyTorch goes', async (name) => {
    const run = RUNS[name]
    const { builder, first, result } = stepGraph(run)
    const names = [...result.states.keys()]
    const outputs = [result.parameter, ...result.states.values()]
    let values = new Map<string, HostArray>([['p', first], ...run.optimizer.states(first.shape)])
    // the software GPU of CI is slow, and one step shows the formula
    const steps = machine.name === 'webgpu' ? 3 : 10
    for (let step = 1; step <= steps; step++) {
      const fed = run.optimizer.scalars(step, run.rate / 2)
      const scalars = run.optimizer.scalarNames.map((one, i): [string, HostArray] => [one, scalar(fed[i]!)])
      const [parameter, ...states] = await runBuilt(builder, new Map([...values, ...scalars]), { outputs, machine })
      values = new Map([['p', parameter!], ...names.map((one, i): [string, HostArray] => [one, states[i]!])])
      expect(largestError(parameter!, frozen.trajectories[name][step - 1]!)).toBeLessThan(1e-5)
    }
  })
})

describe('what optimizers are given', () => {
  it('says which option does not fit', () => {
    expect(() => sgd({ nesterov: true })).toThrow('sgd: Nesterov needs a momentum above 0 and no dampening.')
    expect(() => sgd({ momentum: 1 })).toThrow('sgd: momentum should be at least 0 and below 1, and is 1.')
    expect(() => adamw({ betas: [0.9, 1.2] })).toThrow('adamw: the second beta should be at least 0 and below 1')
    expect(() => adagrad({ epsilon: -1 })).toThrow('adagrad: epsilon should be at least 0 and below Infinity')
  })

  it('names what is missing', () => {
    const builder = new GraphBuilder()
    const parameter = builder.input('p', { dtype: 'float32', shape: [2] })
    const given = { parameter, gradient: parameter, weightDecay: 0, rateScale: 1 }
    const scalars = new Map([['rate', builder.number(1)]])
    expect(() => sgd().update(builder, { ...given, scalars: new Map(), states: new Map() })).toThrow(
      "The optimizer's scalar rate is not fed.",
    )
    expect(() => sgd({ momentum: 0.5 }).update(builder, { ...given, scalars, states: new Map() })).toThrow(
      "The optimizer's state momentum_buffer of p is missing.",
    )
  })

  it('gives each parameter what its group says', () => {
    const settings = optim.groupSettings(
      [
        { names: '*.bias, norm*', weightDecay: 0 },
        { names: 'head.*', rateScale: 10 },
      ],
      0.1,
    )
    expect(settings('body.bias')).toEqual({ weightDecay: 0, rateScale: 1 })
    expect(settings('head.weight')).toEqual({ weightDecay: 0.1, rateScale: 10 })
    expect(settings('body.weight')).toEqual({ weightDecay: 0.1, rateScale: 1 })
  })
})

describe('gradients that are cut', () => {
  const cut = async (most: number) => {
    const builder = new GraphBuilder()
    const a = builder.input('a', { dtype: 'float32', shape: [2] })
    const b = builder.input('b', { dtype: 'float32', shape: [1, 1] })
    const { gradients, norm } = optim.clipByNorm(builder, [a, b], most)
    const outputs = [...gradients, norm, ...optim.clipByValue(builder, [a], 3.5)]
    const feeds = new Map([
      [a, hostArray('float32', [2], [3, -4])],
      [b, hostArray('float32', [1, 1], [12])],
    ])
    return (await runBuilt(builder, feeds, { outputs, machine: machines[0]! })).map(({ values }) => [...values])
  }

  it('are scaled by one factor, where their common norm is too large', async () => {
    const [a, b, norm, byValue] = await cut(6.5)
    expect(norm).toEqual([13])
    expect(a![0]).toBeCloseTo(1.5, 5)
    expect(a![1]).toBeCloseTo(-2, 5)
    expect(b![0]).toBeCloseTo(6, 5)
    expect(byValue).toEqual([3, -3.5])
  })

  it('stay as they are below', async () => {
    expect((await cut(14)).slice(0, 2)).toEqual([[3, -4], [12]])
  })
})

describe('the moving average of weights', () => {
  it('is that of PyTorch, whose first one is the weight', async () => {
    const builder = new GraphBuilder()
    const names = ['average', 'weight'] as const
    const [average, weight] = names.map((name) => builder.input(name, { dtype: 'float32', shape: [4] }))
    const decay = builder.input('decay', { dtype: 'float32', shape: [] })
    const value = optim.movingAverage(builder, average!, { weight: weight!, decay })
    let before = wave([4], 2)
    for (const [i, expected] of frozen.average.entries()) {
      const feeds = new Map([
        [average!, before],
        [weight!, wave([4], 0.7 + 0.1 * i)],
        [decay, scalar(optim.emaDecay(i + 1, 0.9))],
      ])
      ;[before] = (await runBuilt(builder, feeds, { outputs: [value], machine: machines[0]! })) as [HostArray]
      expect(largestError(before, expected)).toBeLessThan(1e-6)
    }
  })
})
