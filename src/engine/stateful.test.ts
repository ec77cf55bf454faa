import { describe, expect, it } from 'vitest'
import type { Machine } from '../backends/machine'
import { hostArray, numbersOf, type HostArray } from '../core/host-array'
import { planMachine } from '../testing/plan-machine'
import { wasmLevels } from '../testing/wasm-machines'
import { webgpuMachine } from '../testing/webgpu-machine'
import { GraphBuilder } from './build/graph-builder'
import { openStateful, type StatefulGraph, type StatefulSession } from './stateful'

const machines: readonly (readonly [string, () => Promise<Machine> | 'reference'])[] = [
  ['reference', () => 'reference'],
  ['plan', async () => planMachine],
  ...wasmLevels.map(({ name, make }) => [`wasm (${name})`, () => make()] as const),
  ['webgpu', () => webgpuMachine()],
]

const floats = (shape: readonly number[], values: readonly number[]): HostArray => hostArray('float32', shape, values)
const feeds = (record: Readonly<Record<string, HostArray>>) => new Map(Object.entries(record))
const found = async (session: StatefulSession, ...names: string[]) =>
  Object.fromEntries([...(await session.read(names))].map(([name, array]) => [name, [...numbersOf(array)]]))

interface Spec {
  readonly states: Readonly<Record<string, HostArray>>
  readonly inputs?: Readonly<Record<string, readonly [string, readonly (number | string)[]]>>
  /** @returns updates */
  build(graph: GraphBuilder): Readonly<Record<string, string>>
  readonly outputs?: readonly string[]
}

/** A graph over all states. */
function graphOf({ states, inputs = {}, build, outputs = [] }: Spec): StatefulGraph {
  const builder = new GraphBuilder()
  for (const [name, { dtype, shape }] of Object.entries(states)) builder.input(name, { dtype, shape })
  for (const [name, [dtype, shape]] of Object.entries(inputs)) {
    builder.input(name, { dtype: dtype as 'float32', shape })
  }
  const updates = new Map(Object.entries(build(builder)))
  for (const name of outputs) builder.output(name)
  return { graph: builder.graph, updates }
}

async function open(machine: Machine | 'reference', spec: Spec): Promise<StatefulSession> {
  return openStateful({ states: feeds(spec.states), graphs: new Map([['step', graphOf(spec)]]) }, { machine })
}

/** Momentum: m ← 0.5 m + g, w ← w − rate · m; the gradient is that of |w x − y|² by hand. */
const momentum: Spec = {
  states: { w: floats([1, 3], [1, -2, 0.5]), m: floats([1, 3], [0, 0, 0]) },
  inputs: { x: ['float32', ['n', 3]], y: ['float32', ['n', 1]], rate: ['float32', []] },
  build(graph) {
    const product = graph.add('MatMul', ['x', graph.add('Transpose', ['w'])])
    const error = graph.add('Sub', [product, 'y'])
    const gradient = graph.add('MatMul', [graph.add('Transpose', [error]), 'x'])
    const m = graph.add('Add', [graph.add('Mul', ['m', graph.number(0.5)]), gradient])
    const w = graph.add('Sub', ['w', graph.add('Mul', ['rate', m])])
    graph.addNode({
      ...{ name: 'loss', opType: 'ReduceSumSquare', domain: '', inputs: [error], outputs: ['loss'] },
      attributes: new Map([['keepdims', { name: 'keepdims', type: 'int', value: 0n }]]),
    })
    return { w, m }
  },
  outputs: ['loss'],
}

/** With a counter, for which some machines have no kernel. */
const counted: Spec = {
  ...momentum,
  states: { ...momentum.states, steps: hostArray('int64', [], [0n]) },
  build: (graph) => ({
    ...momentum.build(graph),
    steps: graph.add('Add', ['steps', graph.constant(hostArray('int64', [], [1n]))]),
  }),
}

/** The same by hand. */
function byHand(batches: readonly { x: number[][]; y: number[]; rate: number }[]) {
  let [w, m] = [
    [1, -2, 0.5],
    [0, 0, 0],
  ]
  const losses = batches.map(({ x, y, rate }) => {
    const errors = x.map((row, i) => row.reduce((sum, one, k) => sum + one * w[k]!, 0) - y[i]!)
    const gradient = w.map((_, k) => errors.reduce((sum, error, i) => sum + error * x[i]![k]!, 0))
    m = m.map((one, k) => 0.5 * one + gradient[k]!)
    w = w.map((one, k) => one - rate * m[k]!)
    return errors.reduce((sum, error) => sum + error * error, 0)
  })
  return { w, m, losses }
}

const batches = [
  { x: [[1, 2, 3], [0, -1, 2]], y: [1, 0.25], rate: 0.125 }, // prettier-ignore
  { x: [[0.5, 0, -1], [2, 1, 1]], y: [-1, 2], rate: 0.0625 }, // prettier-ignore
  { x: [[1, 1, 1], [1, 0, 0], [3, -1, 2]], y: [0, 1, 2], rate: 0.03125 }, // prettier-ignore
]
const feed = ({ x, y, rate }: (typeof batches)[number]) =>
  feeds({ x: floats([x.length, 3], x.flat()), y: floats([y.length, 1], y), rate: floats([], [rate]) })

describe.each(machines)('states on %s', (_, make) => {
  it('change with every run and every advance, for all shapes of feeds', async () => {
    const session = await open(await make(), counted)
    const { w, m, losses } = byHand([...batches, ...batches])
    for (const [i, batch] of [...batches, ...batches].entries()) {
      if (i % 2 === 1) await session.advance('step', feed(batch))
      else {
        const outputs = await session.run('step', feed(batch))
        expect(numbersOf(outputs.get('loss')!)[0]).toBeCloseTo(losses[i]!, 3)
      }
    }
    const states = await found(session, 'w', 'm', 'steps')
    states['w']!.forEach((one, i) => expect(one).toBeCloseTo(w[i]!, 4))
    states['m']!.forEach((one, i) => expect(one).toBeCloseTo(m[i]!, 4))
    expect(states['steps']).toEqual([6])
    session.dispose()
    session.dispose()
  })

  it('change at once: swapped, read as outputs, given to others', async () => {
    const states = { a: floats([3], [1, 2, 3]), b: floats([3], [4, 5, 6]), c: floats([3], [0, 0, 0]) }
    const session = await open(await make(), {
      states,
      build: (graph) => {
        graph.addNode({
          name: 'old',
          opType: 'Identity',
          domain: '',
          inputs: ['a'],
          outputs: ['old'],
          attributes: new Map(),
        })
        return { a: 'b', b: graph.add('Identity', ['a']), c: graph.add('Mul', ['a', graph.add('Add', ['b', 'c'])]) }
      },
      outputs: ['old', 'b'],
    })
    const first = await session.run('step', new Map())
    expect([...numbersOf(first.get('old')!)]).toEqual([1, 2, 3])
    expect([...numbersOf(first.get('b')!)]).toEqual([4, 5, 6])
    expect(await found(session, 'a', 'b', 'c')).toEqual({ a: [4, 5, 6], b: [1, 2, 3], c: [4, 10, 18] })
    await session.advance('step', new Map())
    expect(await found(session, 'a', 'b', 'c')).toEqual({ a: [1, 2, 3], b: [4, 5, 6], c: [20, 60, 126] })
    session.dispose()
  })

  it('are written where others still read the old value', async () => {
    // b's new value reads a, which has a new value of its own; c reads b turned over
    const states = { a: floats([2, 2], [1, 2, 3, 4]), b: floats([2, 2], [0, 0, 0, 0]), c: floats([2, 2], [5, 6, 7, 8]) }
    const session = await open(await make(), {
      states,
      build: (graph) => ({
        a: graph.add('Add', ['a', graph.number(1)]),
        b: graph.add('Sub', ['a', 'b']),
        c: graph.add('Add', ['c', graph.add('Transpose', ['c'])]),
      }),
    })
    await session.advance('step', new Map())
    await session.advance('step', new Map())
    expect(await found(session, 'a', 'b', 'c')).toEqual({ a: [3, 4, 5, 6], b: [1, 1, 1, 1], c: [20, 26, 26, 32] })
    session.dispose()
  })

  it('need not be read to be written, and may share a name with nothing else', async () => {
    const states = { a: floats([2], [1, 2]), seen: floats([], [0]) }
    const { a } = states
    const build = (graph: GraphBuilder) => ({
      seen: graph.add('ReduceSum', ['a'], [{ name: 'keepdims', type: 'int', value: 0n }]),
    })
    const { graph, updates } = graphOf({ states: { a }, build })
    const machine = await make()
    const session = await openStateful(
      { states: feeds(states), graphs: new Map([['step', { graph, updates }]]) },
      { machine },
    )
    await session.advance('step', new Map())
    expect(await found(session, 'a', 'seen')).toEqual({ a: [1, 2], seen: [3] })
    const clash = { states: feeds({ a, [updates.get('seen')!]: a }), graphs: new Map([['step', { graph, updates: new Map() }]]) } // prettier-ignore
    await expect(openStateful(clash, { machine })).rejects.toThrow(/a state's name/)
  })

  it('stay as they were when a run fails', async () => {
    const session = await open(await make(), {
      states: { table: floats([3, 2], [1, 2, 3, 4, 5, 6]), count: floats([], [0]) },
      inputs: { rows: ['int64', ['n']] },
      build: (graph) => ({
        count: graph.add('Add', ['count', graph.number(1)]),
        table: graph.add('Add', ['table', graph.add('ReduceSum', [graph.add('Gather', ['table', 'rows'])])]),
      }),
    })
    const rows = (...numbers: number[]) => feeds({ rows: hostArray('int64', [numbers.length], numbers) })
    await session.run('step', rows(0, 2))
    const before = await found(session, 'table', 'count')
    expect(before).toEqual({ table: [15, 16, 17, 18, 19, 20], count: [1] })
    await expect(session.run('step', rows(0, 3))).rejects.toThrow(/3/)
    expect(await found(session, 'table', 'count')).toEqual(before)
    // where work is only handed over, the error comes with the next thing that is asked for, and nothing has changed
    await expect(
      (async () => {
        await session.advance('step', rows(7, 0))
        await session.advance('step', rows(1, 2))
        await session.read()
      })(),
    ).rejects.toThrow(/7/)
    expect(await found(session, 'table', 'count')).toEqual(before)
    await session.run('step', rows(1, 2))
    expect((await found(session, 'count'))['count']).toEqual([2])
    session.dispose()
  })

  it('go through nodes of the host', async () => {
    const session = await open(await make(), {
      states: { a: floats([4], [1, 0, 3, 0]), n: hostArray('int64', [1], [0n]) },
      build: (graph) => {
        const places = graph.add('NonZero', ['a'])
        const count = graph.add('Shape', [places], [{ name: 'start', type: 'int', value: 1n }])
        return { a: graph.add('Mul', ['a', graph.number(2)]), n: graph.add('Add', ['n', count]) }
      },
    })
    await session.advance('step', new Map())
    await session.run('step', new Map())
    expect(await found(session, 'a', 'n')).toEqual({ a: [4, 0, 12, 0], n: [4] })
    session.dispose()
  })

  it('are shared by graphs, written and read', async () => {
    const [one, two] = [
      graphOf({
        states: { a: floats([2], [0, 0]) },
        build: (graph) => ({ a: graph.add('Add', ['a', graph.number(3)]) }),
      }),
      graphOf({
        states: { a: floats([2], [0, 0]) },
        build: (graph) => {
          graph.addNode({ name: 'n', opType: 'Neg', domain: '', inputs: ['a'], outputs: ['y'], attributes: new Map() })
          return {}
        },
        outputs: ['y'],
      }),
    ]
    const first = floats([2], [1, 2])
    const session = await openStateful(
      { states: feeds({ a: first }), graphs: new Map([['add', one!], ['show', two!]]) }, // prettier-ignore
      { machine: await make() },
    )
    await session.advance('add', new Map())
    expect([...numbersOf((await session.run('show', new Map())).get('y')!)]).toEqual([-4, -5])
    await session.write(feeds({ a: floats([2], [7, 8]) }))
    void session.advance('add', new Map())
    expect([...numbersOf((await session.run('show', new Map())).get('y')!)]).toEqual([-10, -11])
    expect([...numbersOf(first)]).toEqual([1, 2])
    await expect(session.write(feeds({ a: floats([1], [7]) }))).rejects.toThrow(/a is float32\[2\].*float32\[1\]/)
    await expect(session.write(feeds({ b: floats([1], [7]) }))).rejects.toThrow(/no state b/)
    await expect(session.run('other', new Map())).rejects.toThrow(/no graph "other"/)
    session.dispose()
    await expect(session.read()).rejects.toThrow(/closed/)
  })

  it('refuse updates of other sizes', async () => {
    const states = { a: floats([2], [0, 0]) }
    const wrong: Spec = {
      states,
      build: (graph) => ({ a: graph.add('Concat', ['a', 'a'], [{ name: 'axis', type: 'int', value: 0n }]) }),
    }
    const session = await open(await make(), wrong)
    await expect(session.run('step', new Map())).rejects.toThrow(/The state a is float32\[2\].*float32\[4\]/)
    await expect(open(await make(), { states, build: () => ({ b: 'a' }) })).rejects.toThrow(/no state/)
  })
})

it('keeps states in double precision on the reference', async () => {
  const spec: Spec = {
    states: { a: floats([1], [1]) },
    build: (graph) => ({ a: graph.add('Div', ['a', graph.number(3)]) }),
  }
  const session = await openStateful(
    { states: feeds(spec.states), graphs: new Map([['step', graphOf(spec)]]) },
    { machine: 'reference', isWide: true },
  )
  await session.run('step', new Map())
  expect((await found(session, 'a'))['a']).toEqual([1 / 3])
})

it('is done at once on WASM, in place', async () => {
  const session = await open(await wasmLevels[0]!.make(), momentum)
  await session.advance('step', feed(batches[0]!))
  expect(session.advance('step', feed(batches[1]!))).toBeUndefined()
  const { w } = byHand(batches.slice(0, 2))
  ;(await found(session, 'w'))['w']!.forEach((one, i) => expect(one).toBeCloseTo(w[i]!, 5))
})
