import { describe, expect, it } from 'vitest'
import type { Machine } from '../../backends/machine'
import { hostArray, numbersOf } from '../../core/host-array'
import type { Model } from '../../graph/model'
import { bool, buildGraph, buildModel, f32, i64, node, ramp } from '../../testing/build-model'
import { check, counting, expectSame, feedsOf, model, stepsOf, wave } from '../../testing/plan-kit'
import { planMachine } from '../../testing/plan-machine'
import { Interpreter } from '../interpret'
import { normalize } from '../normalize'
import { openEngine, type EngineSession } from '../session'
import type { Explanation } from './explain'

const x34 = { inputs: { x: ['float32', [3, 4]] } } as const

describe('fusion', () => {
  it('makes a chain of element-wise nodes one call', async () => {
    const given = model({
      ...x34,
      outputs: { y: ['float32'] },
      nodes: [node('Abs', 'x', 'a'), node('Add', 'a b', 'c'), node('Sigmoid', 'c', 's'), node('Add', 's x', 'y')],
      initializers: { b: ramp([1, 4]) },
    })
    const explained = await check(given, { x: wave([3, 4]) })
    expect(stepsOf(explained)).toEqual(['map: Abs Add Sigmoid Add'])
    expect(explained.stages[0]!.steps[0]!.detail).toBe('(sigmoid((abs(x0) + x1)) + x0)')
  })

  it('leaves a value that two nodes read, and one that is an output', async () => {
    const shared = model({
      ...x34,
      outputs: { y: ['float32'], z: ['float32'] },
      nodes: [node('Abs', 'x', 'a'), node('Neg', 'a', 'y'), node('Relu', 'a', 'z')],
    })
    expect(stepsOf(await check(shared, { x: wave([3, 4]) }))).toEqual(['map: Abs', 'map: Neg', 'map: Relu'])
    const given = model({
      ...x34,
      outputs: { a: ['float32'], y: ['float32'] },
      nodes: [node('Abs', 'x', 'a'), node('Neg', 'a', 'y')],
    })
    expect(stepsOf(await check(given, { x: wave([3, 4]) }))).toEqual(['map: Abs', 'map: Neg'])
  })

  it('leaves what would be computed again for every row', async () => {
    const given = model({
      inputs: { x: ['float32', [4]], w: ['float32', [3, 4]] },
      outputs: { y: ['float32'] },
      nodes: [node('Exp', 'x', 'e'), node('Add', 'e w', 'y')],
    })
    expect(stepsOf(await check(given, { x: wave([4]), w: wave([3, 4], 2) }))).toEqual(['map: Exp', 'map: Add'])
  })

  it('takes numbers into the formula', async () => {
    const given = model({
      ...x34,
      outputs: { y: ['float32'] },
      nodes: [node('Add', 'half x', 'y')],
      initializers: { half: f32([1, 1], [0.5]) },
    })
    const [step] = (await check(given, { x: wave([3, 4]) })).stages[0]!.steps
    expect(step!.detail).toBe('(0.5 + x0)')
  })

  it('ends chains before they grow too large', async () => {
    const nodes = Array.from({ length: 60 }, (_, i) =>
      node('Sin', i === 0 ? 'x' : `v${i}`, i === 59 ? 'y' : `v${i + 1}`),
    )
    const explained = await check(model({ ...x34, outputs: { y: ['float32'] }, nodes }), { x: wave([3, 4]) })
    expect(explained.stages[0]!.steps.map(({ operators }) => operators.length)).toEqual([48, 12])
  })

  it('gives a product its bias and its activation', async () => {
    const given = model({
      ...x34,
      outputs: { y: ['float32'] },
      nodes: [node('MatMul', 'x w', 'p'), node('Add', 'p b', 's'), node('Relu', 's', 'y')],
      initializers: { w: ramp([4, 5]), b: ramp([5]) },
    })
    const explained = await check(given, { x: wave([3, 4]) })
    expect(stepsOf(explained)).toEqual(['gemm: MatMul Add Relu'])
    expect(explained.stages[0]!.steps[0]!.detail).toBe('3×4·4×5 + bias + relu')
  })

  it('gives no bias along the wrong axis, and none after an activation', async () => {
    const column = model({
      inputs: { x: ['float32', [4, 4]] },
      outputs: { y: ['float32'] },
      nodes: [node('MatMul', 'x w', 'p'), node('Add', 'p b', 'y')],
      initializers: { w: ramp([4, 4]), b: ramp([4, 1]) },
    })
    expect(stepsOf(await check(column, { x: wave([4, 4]) }))).toEqual(['gemm: MatMul', 'map: Add'])
    const late = model({
      ...x34,
      outputs: { y: ['float32'] },
      nodes: [node('MatMul', 'x w', 'p'), node('Relu', 'p', 's'), node('Add', 's b', 'y')],
      initializers: { w: ramp([4, 5]), b: ramp([5]) },
    })
    expect(stepsOf(await check(late, { x: wave([3, 4]) }))).toEqual(['gemm: MatMul Relu', 'map: Add'])
  })

  it('lets a product read turned matrices as they are, on both sides, in batches too', async () => {
    const given = model({
      inputs: { q: ['float32', [2, 3, 4, 5]], k: ['float32', [2, 3, 6, 5]], v: ['float32', [2, 3, 7, 4]] },
      outputs: { y: ['float32'], z: ['float32'] },
      nodes: [
        node('Transpose', 'k', 'kt', { perm: [0, 1, 3, 2] }),
        node('MatMul', 'q kt', 'y'),
        node('Transpose', 'v', 'vt', { perm: [0, 1, 3, 2] }),
        node('Transpose', 'y', 'yt', { perm: [0, 1, 3, 2] }),
        node('MatMul', 'yt vt', 'z'),
      ],
    })
    const arrays = { q: wave([2, 3, 4, 5]), k: wave([2, 3, 6, 5], 1), v: wave([2, 3, 7, 4], 2) }
    expect(stepsOf(await check(given, arrays))).toEqual(['gemm: Transpose MatMul', 'gemm: Transpose Transpose MatMul'])
  })

  it('copies what is turned otherwise', async () => {
    const given = model({
      inputs: { q: ['float32', [3, 4, 4]], k: ['float32', [4, 3, 4]] },
      outputs: { y: ['float32'] },
      nodes: [node('Transpose', 'k', 'kt', { perm: [1, 0, 2] }), node('MatMul', 'q kt', 'y')],
    })
    const steps = stepsOf(await check(given, { q: wave([3, 4, 4]), k: wave([4, 3, 4], 1) }))
    expect(steps).toEqual(['copy: Transpose', 'gemm: MatMul'])
  })

  it('asks the machine before it fuses', async () => {
    const given = model({
      ...x34,
      outputs: { y: ['float32'] },
      nodes: [node('MatMul', 'x w', 'p'), node('Relu', 'p', 'y')],
      initializers: { w: ramp([4, 5]) },
    })
    const plain: Machine = { ...planMachine, supports: (call) => !('activation' in call && call.activation) }
    expect(stepsOf(await check(given, { x: wave([3, 4]) }, plain))).toEqual(['gemm: MatMul', 'map: Relu'])
  })
})

describe('the host', () => {
  it('computes what the machine has no kernel for, inside the segment', async () => {
    const given = model({
      ...x34,
      outputs: { y: ['float32'] },
      nodes: [node('Abs', 'x', 'a'), node('Softmax', 'a', 's'), node('Neg', 's', 'y')],
    })
    const poor: Machine = { ...planMachine, supports: ({ kernel }) => kernel !== 'softmax' }
    const explained = await check(given, { x: wave([3, 4]) }, poor)
    expect(stepsOf(explained)).toEqual(['map: Abs', 'host: Softmax', 'map: Neg'])
    expect(explained.stages[0]!.steps[1]!.detail).toBe('the machine has no such kernel: softmax')
    expect(explained.text).toContain('the machine has no such kernel: softmax')
  })

  it('computes values of types that the machine cannot hold, between segments', async () => {
    const given = model({
      inputs: { x: ['float32', [3]], d: ['float64', [3]] },
      outputs: { y: ['float32'], e: ['float64'] },
      nodes: [node('Abs', 'x', 'y'), node('Abs', 'd', 'e')],
    })
    const narrow: Machine = {
      ...planMachine,
      bytesPerElement: (dtype) => (dtype === 'float64' ? undefined : planMachine.bytesPerElement(dtype)),
    }
    const arrays = { x: wave([3]), d: hostArray('float64', [3], [-1, 2, -3]) }
    const { stages } = await check(given, arrays, narrow)
    expect(stages[0]!.interpreted).toMatchObject([{ operator: 'Abs', why: 'the machine has no float64' }])
  })

  it('runs alone where nothing has a kernel', async () => {
    // integers to broken powers go through doubles
    const given = model({
      inputs: { n: ['int32', [3]], x: ['float32', [3]] },
      outputs: { y: ['int32'] },
      nodes: [node('Pow', 'n x', 'a'), node('Pow', 'a x', 'y')],
    })
    const feeds = { n: hostArray('int32', [3], [3, 2, 9]), x: hostArray('float32', [3], [2, 3, 0.5]) }
    const { stages } = await check(given, feeds)
    expect(stages).toMatchObject([{ steps: [], interpreted: [{ operator: 'Pow' }, { operator: 'Pow' }] }])
  })
})

describe('folding', () => {
  it('computes what depends on constants only, and leaves out what nobody reads', async () => {
    const given = model({
      ...x34,
      outputs: { y: ['float32'] },
      nodes: [
        node('Abs', 'w', 'a', {}, 'early'),
        node('Add', 'a w', 'c', {}, 'early2'),
        node('Sin', 'x', 'unread'),
        node('Add', 'x c', 'y'),
      ],
      initializers: { w: ramp([4]) },
    })
    const explained = await check(given, { x: wave([3, 4]) })
    expect(explained.stages[0]!.folded).toEqual(['Abs "early"', 'Add "early2"'])
    expect(stepsOf(explained)).toEqual(['map: Add'])
  })

  it('gives outputs that are constants or inputs', async () => {
    const given = model({
      ...x34,
      outputs: { x: ['float32'], w: ['float32'], a: ['float32'] },
      nodes: [node('Abs', 'w', 'a')],
      initializers: { w: ramp([2]) },
    })
    await check(given, { x: wave([3, 4]) })
  })
})

describe('segments', () => {
  const branch = (opType: string, extra: Parameters<typeof buildGraph>[0]['nodes'] = []) =>
    buildGraph({ outputs: { out: ['float32'] }, nodes: [node(opType, 'a', 'h'), ...extra, node('Add', 'h w', 'out')] })

  const conditional = model({
    inputs: { x: ['float32', ['n', 4]], number: ['float32', []] },
    outputs: { y: ['float32'] },
    nodes: [
      node('Abs', 'x', 'a'),
      node('Cast', 'number', 'c', { to: 9 }),
      node('If', 'c', 'z', { then_branch: branch('Neg'), else_branch: branch('Exp') }, 'choice'),
      node('Softmax', 'z', 'y'),
    ],
    initializers: { w: ramp([4]) },
  })

  it('end at a node that depends on values and go on after it', async () => {
    for (const condition of [0, 1]) {
      const number = hostArray('float32', [], [condition])
      const { stages, text } = await check(conditional, { x: wave([3, 4]), number })
      const kernels = stages.map(({ graph, steps }) => [graph, ...steps.map(({ kernel }) => kernel)])
      expect(kernels).toEqual([
        ['main', 'map', 'cast'],
        ['graph', 'map'],
        ['main', 'softmax'],
      ])
      expect(stages[0]!.interpreted).toEqual([
        { node: 'If "choice"', operator: 'If', why: 'it runs a graph of its own, depending on values' },
      ])
      expect(text).toContain('If "choice": it runs a graph of its own')
    }
  })

  it('do not end at a condition that is known from shapes', async () => {
    const inner = (opType: string) =>
      buildGraph({
        outputs: { out: ['float32'] },
        nodes: [node('Add', 'h k', 'sum'), node(opType, 'sum', 'out')],
        initializers: { k: ramp([4], 0.2) },
      })
    // both branches use the names of the branch around them, and one another's
    const nested = buildGraph({
      outputs: { out: ['float32'] },
      nodes: [
        node('Abs', 'a', 'h'),
        node('If', 'isWide', 'out', { then_branch: inner('Neg'), else_branch: inner('Exp') }),
      ],
    })
    const given = model({
      inputs: { x: ['float32', ['n', 4]] },
      outputs: { y: ['float32'] },
      nodes: [
        node('Sin', 'x', 'a'),
        node('Shape', 'x', 'shape'),
        node('Gather', 'shape zero', 'rows'),
        node('Greater', 'rows two', 'isWide'),
        node('If', 'isWide', 'z', { then_branch: nested, else_branch: branch('Neg') }, 'choice'),
        node('Softmax', 'z', 'y'),
      ],
      initializers: { w: ramp([4]), zero: i64([], [0]), two: i64([], [2]) },
    })
    const wide = await check(given, { x: wave([3, 4]) })
    expect(stepsOf(wide)).toEqual(['map: Sin Abs Add Neg', 'softmax: Softmax'])
    const narrow = await check(given, { x: wave([2, 4]) })
    expect(stepsOf(narrow)).toEqual(['map: Sin Neg Add', 'softmax: Softmax'])
  })

  it('hand values of a branch on: outer ones, weights, one twice', async () => {
    const passing = buildGraph({
      outputs: { a: ['float32'], k: ['float32'], n: ['float32'] },
      nodes: [node('Neg', 'a', 'n')],
      initializers: { k: ramp([2]) },
    })
    passing.outputs.push({ name: 'n' })
    const given = model({
      ...x34,
      outputs: { p: ['float32'], q: ['float32'], r: ['float32'], s: ['float32'] },
      nodes: [node('Abs', 'x', 'a'), node('If', 'yes', 'p q r s', { then_branch: passing, else_branch: passing })],
      initializers: { yes: bool([], [1]) },
    })
    const { stages } = await check(given, { x: wave([3, 4]) })
    expect(stages.map(({ interpreted }) => interpreted)).toEqual([[]])
  })

  it('run the bodies of loops by plans of their own', async () => {
    const body = buildGraph({
      inputs: { i: ['int64', []], cond: ['bool', []], v: ['float32', [2]] },
      outputs: { keep: ['bool'], next: ['float32'], seen: ['float32'] },
      initializers: { keep: bool([], [1]) },
      nodes: [node('Add', 'v w', 's'), node('Sigmoid', 's', 'next'), node('Neg', 'next', 'seen')],
    })
    const given = model({
      inputs: { v0: ['float32', [2]], n: ['int64', []] },
      outputs: { last: ['float32'], all: ['float32'] },
      nodes: [node('Loop', 'n ~ v0', 'last all', { body })],
      initializers: { w: ramp([2]) },
    })
    const { stages } = await check(given, { v0: wave([2]), n: hostArray('int64', [], [5n]) })
    expect(stages.map(({ graph, runs }) => [graph, runs])).toEqual([
      ['main', 1],
      ['graph', 5],
    ])
  })

  it('are planned again for the shapes that values decide, and kept for the last of them', async () => {
    const given = model({
      inputs: { x: ['float32', [3, 4]], numbers: ['float32', [2]] },
      outputs: { y: ['float32'] },
      nodes: [
        node('Abs', 'x', 'a'),
        node('Cast', 'numbers', 'shape', { to: 7 }),
        node('Reshape', 'a shape', 'r', {}, 'cut'),
        node('Softmax', 'r', 's'),
        node('Shape', 's', 'after'),
        node('Reshape', 's after', 'y'),
      ],
    })
    const { machine, loads, counts } = counting()
    const session = await openEngine(given, { machine })
    const expected = new Interpreter(await normalize(given))
    for (const rows of [1, 2, 3, 4, 6, 1, 6]) {
      const feeds = feedsOf({ x: wave([3, 4]), numbers: hostArray('float32', [2], [rows, 12 / rows]) })
      expectSame(await session.run(feeds), await expected.run(feeds))
    }
    // one before the cut; after it five shapes, and the first of them again
    expect({ loads: loads.length, alive: counts.alive }).toEqual({ loads: 7, alive: 5 })
    const feeds = feedsOf({ x: wave([3, 4]), numbers: hostArray('float32', [2], [6, 2]) })
    const { stages } = await session.explain(feeds)
    expect(stages[0]!.interpreted).toEqual([
      { node: 'Reshape "cut"', operator: 'Reshape', why: 'the shape of its result depends on values' },
    ])
    session.dispose()
    expect(counts.alive).toBe(0)
  })

  it('take captured weights as constants, once', async () => {
    const { machine, loads } = counting()
    const session = await openEngine(conditional, { machine })
    const number = hostArray('float32', [], [1])
    for (const rows of [3, 5]) await session.run(feedsOf({ x: wave([rows, 4]), number }))
    const weights = loads.flatMap(({ places }) =>
      [...places.values()].flatMap((place) => (place.in === 'constant' ? [place.constant] : [])),
    )
    expect(weights.length).toBe(2)
    expect(new Set(weights).size).toBe(1)
    session.dispose()
  })
})

describe('plans', () => {
  const rows = model({
    inputs: { x: ['float32', ['n', 4]] },
    outputs: { y: ['float32'] },
    nodes: [node('MatMul', 'x w', 'p'), node('Softmax', 'p', 'y')],
    initializers: { w: ramp([4, 3]) },
  })
  const run = (session: EngineSession, count: number) => session.run(feedsOf({ x: wave([count, 4]) }))

  it('are kept for the four shapes that were used last', async () => {
    const { machine, loads, counts } = counting()
    const session = await openEngine(rows, { machine })
    for (const count of [1, 2, 3, 4, 1, 2]) await run(session, count)
    expect(loads.length).toBe(4)
    await run(session, 5)
    expect({ loads: loads.length, alive: counts.alive }).toEqual({ loads: 5, alive: 4 })
    await run(session, 1)
    expect(loads.length).toBe(5)
    // 3 was the one that was used longest ago
    await run(session, 3)
    expect(loads.length).toBe(6)
    session.dispose()
    expect(counts.alive).toBe(0)
  })

  it('let constants go that only one shape needs, and never weights', async () => {
    const given = model({
      inputs: { x: ['float32', ['n', 4]] },
      outputs: { y: ['float32'] },
      nodes: [
        node('Abs', 'w', 'a'),
        node('Shape', 'x', 'shape'),
        node('Expand', 'a shape', 'grid'),
        node('Softmax', 'x', 's'),
        node('Mul', 's grid', 'm'),
        node('Add', 'm w', 'y'),
      ],
      initializers: { w: ramp([4]) },
    })
    const { machine, released } = counting()
    const session = await openEngine(given, { machine })
    const shapesOf = () => released.map(({ array }) => `${array.dtype}[${array.shape.join()}]`)
    for (const count of [2, 3, 4, 5]) await run(session, count)
    expect(shapesOf()).toEqual([])
    await run(session, 6)
    // the shape itself and the grid; |w| is held by the other plans
    expect(shapesOf().sort()).toEqual(['float32[2,4]', 'int64[2]'])
    await run(session, 2)
    expect(shapesOf()).toContain('float32[3,4]')
    session.dispose()
    const vectors = released.filter(({ array }) => array.shape.join() === '4')
    expect(vectors.map(({ array }) => Math.min(...numbersOf(array)) >= 0)).toEqual([true])
  })

  it('share memory between values that never live at the same time', async () => {
    const names = Array.from({ length: 9 }, (_, i) => `v${i}`)
    const nodes = names.map((name, i) => node('Softmax', i === 0 ? 'x' : names[i - 1]!, name))
    const given = model({ inputs: { x: ['float32', [32, 32]] }, outputs: { v8: ['float32'] }, nodes })
    const [stage] = (await check(given, { x: wave([32, 32]) })).stages
    expect(stage!.arenaBytes).toBe(2 * 4096)
    expect(stage!.unsharedBytes).toBe(10 * 4096)
  })

  it('let an element-wise result take the place of its input', async () => {
    const given = model({
      inputs: { x: ['float32', [32, 32]] },
      outputs: { y: ['float32'] },
      nodes: [node('Softmax', 'x', 's'), node('Add', 's w', 'y')],
      initializers: { w: ramp([32, 32]) },
    })
    const [stage] = (await check(given, { x: wave([32, 32]) })).stages
    expect(stage!.steps.map(({ kernel }) => kernel)).toEqual(['softmax', 'map'])
    expect(stage!.arenaBytes).toBe(2 * 4096)
  })

  it('make the parts of a concatenation where they will lie, and cut pieces without copying', async () => {
    const given = model({
      inputs: { x: ['float32', [2, 32]] },
      outputs: { y: ['float32'], z: ['float32'] },
      nodes: [
        node('Softmax', 'x', 'a'),
        node('Softmax', 'a', 'b'),
        node('Concat', 'a b a', 'c', { axis: 0 }),
        node('Neg', 'c', 'n'),
        node('Slice', 'n two four', 'piece'),
        node('Softmax', 'piece', 'y'),
        node('Slice', 'n one three', 'z'),
      ],
      initializers: { one: i64([1], [1]), two: i64([1], [2]), three: i64([1], [3]), four: i64([1], [4]) },
    })
    const explained = await check(given, { x: wave([2, 32]) })
    // a lies at the end, where the last copy of it would go; the first is made
    expect(stepsOf(explained)).toEqual([
      'softmax: Softmax',
      'softmax: Softmax',
      'copy: Concat',
      'map: Neg',
      'softmax: Softmax',
    ])
  })

  it('copy pieces that do not begin where memory is aligned', async () => {
    const given = model({
      inputs: { x: ['float32', [4, 3]] },
      outputs: { y: ['float32'] },
      nodes: [node('Abs', 'x', 'a'), node('Slice', 'a one two', 'p'), node('Softmax', 'p', 'y')],
      initializers: { one: i64([1], [1]), two: i64([1], [2]) },
    })
    expect(stepsOf(await check(given, { x: wave([4, 3]) }))).toEqual(['map: Abs', 'copy: Slice', 'softmax: Softmax'])
  })

  it('do not take the place of an input that is read as another shape', async () => {
    const given = model({
      inputs: { x: ['float32', [4, 4]] },
      outputs: { y: ['float32'] },
      nodes: [node('Softmax', 'x', 's'), node('MatMul', 's w', 'p'), node('Add', 'p s', 'y')],
      initializers: { w: ramp([4, 1]) },
    })
    await check(given, { x: wave([4, 4]) })
  })

  it('copy what is changed afterwards while others still read the original', async () => {
    const given = buildModel({
      opset: 24,
      inputs: { x: ['float32', [2, 4, 3]], piece: ['float32', [2, 1, 3]] },
      outputs: { z: ['float32'] },
      nodes: [node('Abs', 'x', 'a'), node('TensorScatter', 'a piece', 's'), node('Mul', 'a s', 'z')],
    })
    await check(given, { x: wave([2, 4, 3]), piece: wave([2, 1, 3], 2) })
  })

  it('tell flops and bytes', async () => {
    const explained = await check(rows, { x: wave([2, 4]) })
    expect(explained.stages[0]!.steps[0]).toMatchObject({
      kernel: 'gemm',
      flops: 2 * 2 * 4 * 3,
      bytes: 4 * (8 + 12 + 6),
    })
    expect(explained.text).toContain('gemm          MatMul → float32[2, 3]  2×4·4×3')
  })
})

describe('bad graphs and inputs', () => {
  it('are told as the interpreter tells them', async () => {
    const given = model({
      inputs: { x: ['float32', ['n', 4]] },
      outputs: { y: ['float32'] },
      nodes: [node('MatMul', 'x w', 'y', {}, 'product')],
      initializers: { w: ramp([5, 3]) },
    })
    const feeds = feedsOf({ x: wave([2, 4]) })
    const expected = await new Interpreter(await normalize(given)).run(feeds).catch((error: Error) => error)
    expect(expected).toMatchObject({
      name: 'ShapeError',
      message: expect.stringContaining('MatMul "product"') as string,
    })
    const session = await openEngine(given, { machine: planMachine })
    await expect(session.run(feeds)).rejects.toMatchObject({ message: (expected as Error).message })
  })

  it('name a value that nobody makes, and the nodes of a cycle', async () => {
    const open = model({ ...x34, outputs: { y: ['float32'] }, nodes: [node('Add', 'x ghost', 'y', {}, 'sum')] })
    const session = await openEngine(open, { machine: planMachine })
    await expect(session.run(feedsOf({ x: wave([3, 4]) }))).rejects.toThrow(
      'Add "sum": its input ghost is made by no node before it.',
    )
    const cycle = model({
      ...x34,
      outputs: { y: ['float32'] },
      nodes: [node('Add', 'x b', 'y', {}, 'one'), node('Neg', 'y', 'b', {}, 'two')],
    })
    await expect(openEngine(cycle, { machine: planMachine })).rejects.toMatchObject({
      name: 'ShapeError',
      message: expect.stringMatching(/Add "one".*Neg "two"|Neg "two".*Add "one"/) as string,
    })
  })

  it('name an output that is made by no node', async () => {
    const given = model({ ...x34, outputs: { ghost: ['float32'] }, nodes: [node('Abs', 'x', 'y')] })
    const session = await openEngine(given, { machine: planMachine })
    await expect(session.run(feedsOf({ x: wave([3, 4]) }))).rejects.toThrow('The output ghost of the graph "main"')
  })
})

describe('float16', () => {
  const half = { inputs: { x: ['float16', [3, 4]] } } as const
  const x = hostArray('float16', [3, 4], wave([3, 4]).values as Float32Array)

  it('is computed in float32 and rounded where it leaves the machine', async () => {
    const given = model({
      ...half,
      outputs: { y: ['float16'] },
      nodes: [node('Abs', 'x', 'a'), node('Sigmoid', 'a', 'y')],
    })
    const session = await openEngine(given, { machine: planMachine })
    const found = (await session.run(feedsOf({ x }))).get('y')!
    const expected = numbersOf(x).map((value) => 1 / (1 + Math.exp(-Math.abs(value))))
    expect(found).toEqual(hostArray('float16', [3, 4], expected))
    expect(stepsOf(await session.explain(feedsOf({ x })))).toEqual(['map: Abs Sigmoid'])
  })

  it('is rounded by nodes that are about rounding', async () => {
    const given = model({
      ...half,
      outputs: { y: ['float32'] },
      nodes: [node('Exp', 'x', 'e'), node('Cast', 'e', 'f', { to: 1 }), node('Neg', 'f', 'y')],
    })
    expect(stepsOf(await check16(given))).toEqual(['map: Exp', 'cast: Cast', 'map: Neg'])
  })

  it('rounds before it is cast, though nodes before it do not', async () => {
    const one = hostArray('float16', [3], [1 + 2 ** -10, 3 + 2 ** -9, 0.1])
    const nodes = (to: number) => [node('Mul', 'x x', 'a'), node('Cast', 'a', 'y', { to })]
    for (const [to, dtype] of [
      [1, 'float32'],
      [16, 'bfloat16'],
      [6, 'int32'],
    ] as const) {
      const given = model({ inputs: { x: ['float16', [3]] }, outputs: { y: [dtype] }, nodes: nodes(to) })
      const { steps } = (await check(given, { x: one })).stages[0]!
      expect(steps.map(({ kernel }) => kernel)).toEqual(to === 1 ? ['map', 'cast'] : ['map', 'cast', 'cast'])
    }
  })

  async function check16(given: Model): Promise<Explanation> {
    const session = await openEngine(given, { machine: planMachine })
    await session.run(feedsOf({ x }))
    return session.explain(feedsOf({ x }))
  }
})

describe('i64 constants', () => {
  it('reach kernels and the host alike', async () => {
    const given = model({
      inputs: { n: ['int64', [2]] },
      outputs: { y: ['int64'] },
      nodes: [node('Add', 'n k', 'y')],
      initializers: { k: i64([2], [4, 5]) },
    })
    await check(given, { n: hostArray('int64', [2], [1n, 2n]) })
  })
})
