import { describe, expect, it } from 'vitest'
import { hostArray } from '../../core/host-array'
import { buildGraph, f32, i64, node, ramp } from '../../testing/build-model'
import { check, counting, expectSame, feedsOf, model, stepsOf, wave } from '../../testing/plan-kit'
import { planMachine } from '../../testing/plan-machine'
import { Interpreter } from '../interpret'
import { normalize } from '../normalize'
import { openEngine } from '../session'

const integers = (...values: number[]) => hostArray('int64', [values.length], values)
const integer = (value: number) => hostArray('int64', [], [value])

describe('a small value that decides a shape', () => {
  const reshaped = model({
    inputs: { x: ['float32', [3, 4]], shape: ['int64', [2]] },
    outputs: { y: ['float32'] },
    nodes: [node('Abs', 'x', 'a'), node('Reshape', 'a shape', 'r'), node('Softmax', 'r', 'y')],
  })
  const feedsFor = (rows: number) => feedsOf({ x: wave([3, 4]), shape: integers(rows, 12 / rows) })

  it('is part of the plan: nothing is cut', async () => {
    const explained = await check(reshaped, { x: wave([3, 4]), shape: integers(6, 2) })
    expect(stepsOf(explained)).toEqual(['map: Abs', 'softmax: Softmax'])
    expect(explained.stages.map(({ interpreted, fixed }) => ({ interpreted, fixed }))).toEqual([
      { interpreted: [], fixed: ['shape'] },
    ])
    expect(explained.text).toContain('(main, for these values of shape): 2 steps')
  })

  it('has a plan for each of its contents, and keeps the last ones', async () => {
    const { machine, loads, counts } = counting()
    const session = await openEngine(reshaped, { machine })
    const expected = new Interpreter(await normalize(reshaped))
    for (const rows of [2, 6, 2, 6, 3, 2]) {
      expectSame(await session.run(feedsFor(rows)), await expected.run(feedsFor(rows)))
    }
    expect(loads.length).toBe(3)
    session.dispose()
    expect(counts.alive).toBe(0)
  })

  it('goes with its plan', async () => {
    const { machine, released } = counting()
    const session = await openEngine(reshaped, { machine })
    for (const rows of [1, 2, 3, 4, 6, 12]) await session.run(feedsFor(rows))
    const shapes = released.map(({ array }) => [...array.values].join())
    expect(shapes.filter((shape) => shape === '1,12' || shape === '2,6')).toEqual(['1,12', '2,6'])
    session.dispose()
  })

  it('is left to the run when it has changed eight times', async () => {
    const given = model({
      inputs: { x: ['float32', [20]], end: ['int64', [1]] },
      outputs: { y: ['float32'] },
      nodes: [node('Abs', 'x', 'a'), node('Slice', 'a zero end', 's', {}, 'cut'), node('Softmax', 's', 'y')],
      initializers: { zero: i64([1], [0]) },
    })
    const { machine, loads } = counting()
    const session = await openEngine(given, { machine })
    const expected = new Interpreter(await normalize(given))
    const feedsTo = (end: number) => feedsOf({ x: wave([20]), end: integers(end) })
    for (let end = 1; end <= 12; end++) expectSame(await session.run(feedsTo(end)), await expected.run(feedsTo(end)))
    // eight whole plans; then one before the cut, and four behind it
    expect(loads.length).toBe(8 + 1 + 4)
    const { stages } = await session.explain(feedsTo(12))
    expect(stages[0]!.interpreted.map(({ node }) => node)).toEqual(['Slice "cut"'])
    session.dispose()
  })

  it('is copied: the caller may change his array', async () => {
    const session = await openEngine(reshaped, { machine: planMachine })
    const feeds = feedsFor(6)
    await session.run(feeds)
    feeds.get('shape')!.values.set([3n, 4n] as never)
    expect((await session.run(feeds)).get('y')!.shape).toEqual([3, 4])
    expect((await session.run(feedsFor(6))).get('y')!.shape).toEqual([6, 2])
    session.dispose()
  })

  it('is cut at when it is not small', async () => {
    const given = model({
      inputs: { x: ['float32', [1]], repeats: ['int64', [65]] },
      outputs: { y: ['float32'] },
      nodes: [node('Expand', 'x repeats', 'e'), node('Abs', 'e', 'y')],
    })
    const { stages } = await check(given, { x: wave([1]), repeats: integers(...Array<number>(65).fill(1)) })
    expect(stages[0]!.interpreted.map(({ operator }) => operator)).toEqual(['Expand'])
  })
})

describe('shape arithmetic on values of a run', () => {
  it('is computed while planning, however many nodes it takes', async () => {
    const given = model({
      inputs: { x: ['float32', [3, 4]], rows: ['int64', [1]] },
      outputs: { y: ['float32'] },
      nodes: [
        node('Neg', 'rows', 'minus', {}, 'first'),
        node('Neg', 'minus', 'plus', {}, 'second'),
        node('Concat', 'plus rest', 'shape', { axis: 0 }, 'both'),
        node('Reshape', 'x shape', 'r'),
        node('Abs', 'r', 'y'),
      ],
      initializers: { rest: i64([1], [-1]) },
    })
    const explained = await check(given, { x: wave([3, 4]), rows: integers(6) })
    expect(stepsOf(explained)).toEqual(['map: Abs'])
    expect(explained.stages[0]!.folded).toEqual(['Neg "first"', 'Neg "second"', 'Concat "both"'])
    expect(explained.stages[0]!.fixed).toEqual(['rows'])
  })

  it('does not begin with floats: those are data', async () => {
    const given = model({
      inputs: { x: ['float32', [3, 4]], numbers: ['float32', [2]] },
      outputs: { y: ['float32'] },
      nodes: [
        node('Cast', 'numbers', 'shape', { to: 7 }),
        node('Reshape', 'x shape', 'r', {}, 'cut'),
        node('Abs', 'r', 'y'),
      ],
    })
    const { stages } = await check(given, { x: wave([3, 4]), numbers: hostArray('float32', [2], [2, 6]) })
    expect(stages[0]!.interpreted.map(({ node }) => node)).toEqual(['Reshape "cut"'])
    expect(stages.map(({ fixed }) => fixed)).toEqual([[], []])
  })

  it('leaves floats to the machine, although they are known', async () => {
    const given = model({
      inputs: { x: ['float32', [1, 1, 2, 2]], scales: ['float32', [4]] },
      outputs: { y: ['float32'], z: ['float32'] },
      nodes: [node('Resize', 'x ~ scales', 'y', { mode: 'linear' }), node('Mul', 'scales two', 'z')],
      initializers: { two: f32([], [2]) },
    })
    const { stages } = await check(given, { x: wave([1, 1, 2, 2]), scales: hostArray('float32', [4], [1, 1, 2, 3]) })
    expect(stages).toHaveLength(1)
    expect(stages[0]!.folded).toEqual([])
    expect(stages[0]!.steps.map(({ operators }) => operators.join())).toContain('Mul')
  })

  it('finds out which branch an If takes', async () => {
    const branch = (opType: string) => buildGraph({ outputs: { out: ['float32'] }, nodes: [node(opType, 'x', 'out')] })
    const given = model({
      inputs: { x: ['float32', [3, 4]], rate: ['int64', []] },
      outputs: { y: ['float32'] },
      nodes: [
        node('Equal', 'rate fast', 'isFast'),
        node('If', 'isFast', 'z', { then_branch: branch('Neg'), else_branch: branch('Exp') }),
        node('Softmax', 'z', 'y'),
      ],
      initializers: { fast: i64([], [16000]) },
    })
    const [fast, slow] = [16000, 8000].map((rate) => check(given, { x: wave([3, 4]), rate: integer(rate) }))
    expect(stepsOf(await fast!)).toEqual(['map: Neg', 'softmax: Softmax'])
    expect(stepsOf(await slow!)).toEqual(['map: Exp', 'softmax: Softmax'])
  })
})

describe('a value that only a kernel asks for', () => {
  const masked = (extra: readonly ReturnType<typeof node>[] = []) =>
    model({
      inputs: { x: ['float32', [3, 4]], k: ['int64', []] },
      outputs: { y: ['float32'] },
      nodes: [...extra, node('Trilu', 'x k', 't'), node('Abs', 't', 'y')],
    })

  it('is part of the plan where the kernel cannot do without', async () => {
    const { stages } = await check(masked(), { x: wave([3, 4]), k: integer(1) })
    expect(stages.map(({ fixed, steps }) => [fixed, steps.map(({ kernel }) => kernel)])).toEqual([[['k'], ['map']]])
  })

  it('is not where it can', async () => {
    const given = model({
      inputs: { x: ['float32', [3, 4]], i: ['int64', []] },
      outputs: { y: ['float32'] },
      nodes: [node('Gather', 'x i', 'g'), node('Abs', 'g', 'y')],
    })
    const { stages } = await check(given, { x: wave([3, 4]), i: integer(2) })
    expect(stages.map(({ fixed }) => fixed)).toEqual([[]])
  })

  it('is not where it does not help', async () => {
    const poor = { ...planMachine, supports: ({ kernel }: { kernel: string }) => kernel === 'softmax' }
    const { stages } = await check(
      model({
        inputs: { x: ['float32', [3, 4]], k: ['int64', []] },
        outputs: { y: ['float32'] },
        nodes: [node('Trilu', 'x k', 't'), node('Softmax', 't', 'y')],
      }),
      { x: wave([3, 4]), k: integer(1) },
      poor,
    )
    expect(stages.map(({ fixed, steps }) => [fixed, steps.map(({ kernel }) => kernel)])).toEqual([
      [[], ['host', 'softmax']],
    ])
  })
})

describe('a loop', () => {
  it('does not make a plan for every step', async () => {
    const body = buildGraph({
      inputs: { i: ['int64', []], cond: ['bool', []], v: ['float32', [4]] },
      outputs: { cond: ['bool'], next: ['float32'] },
      nodes: [
        node('Unsqueeze', 'i zero', 'start'),
        node('Slice', 'w start big', 's', {}, 'cut'),
        node('ReduceSum', 's', 'sum', { keepdims: 0 }),
        node('Add', 'v sum', 'next'),
      ],
    })
    const given = model({
      inputs: { v0: ['float32', [4]], n: ['int64', []] },
      outputs: { last: ['float32'] },
      nodes: [node('Loop', 'n ~ v0', 'last', { body })],
      initializers: { w: ramp([9]), zero: i64([1], [0]), big: i64([1], [9]) },
    })
    const { stages } = await check(given, { v0: wave([4]), n: integer(3) })
    const inner = stages.filter(({ graph }) => graph === 'graph')
    expect(inner.flatMap(({ fixed }) => fixed)).toEqual([])
    expect(inner.find(({ interpreted }) => interpreted.length > 0)?.runs).toBe(3)
  })
})
