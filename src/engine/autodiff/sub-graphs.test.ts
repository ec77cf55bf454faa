import { describe, expect, it } from 'vitest'
import { hostArray, numbersOf, type HostArray } from '../../core/host-array'
import { attribute, type Graph } from '../../graph/model'
import { buildGraph, node } from '../../testing/build-model'
import { planMachine } from '../../testing/plan-machine'
import { GraphBuilder } from '../build/graph-builder'
import { modelOf } from '../build/model-of'
import { openEngine } from '../session'
import { checkGradient } from './check-gradient'

const f32 = (shape: readonly number[], values: readonly number[]): HostArray => hostArray('float32', shape, values)
const ramp = (shape: readonly number[], first = 0): HostArray => {
  const count = shape.reduce((product, size) => product * size, 1)
  return f32(
    shape,
    Array.from({ length: count }, (_, i) => Math.sin(1.7 * i + first) + 0.2),
  )
}

interface Given {
  readonly opType: string
  readonly inputs: readonly string[]
  readonly outputs: number
  readonly attributes: readonly ReturnType<typeof attribute.int>[]
}

/** Σ of squares of all outputs of one node: its gradients against differences, and planned against the reference. */
async function check(feeds: ReadonlyMap<string, HostArray>, given: Given): Promise<void> {
  const builder = new GraphBuilder()
  for (const [name, { dtype, shape }] of feeds) builder.input(name, { dtype, shape })
  const outputs = builder.addMany(given.opType, given.inputs, given.outputs, given.attributes)
  const squares = outputs.map((value) => {
    // a Loop may change the shape of what it carries
    const flat = builder.add('Reshape', [value, builder.integers([-1])])
    return builder.add('ReduceSumSquare', [flat], [attribute.int('keepdims', 0)])
  })
  const { mismatches, gradients } = await checkGradient(builder, builder.add('Sum', squares), feeds)
  expect(mismatches).toEqual([])
  const graph = { ...builder.graph, outputs: [...gradients.keys()].map((name) => ({ name })) }
  const session = await openEngine(modelOf(graph), { machine: planMachine })
  const results = await session.run(feeds)
  for (const [name, wanted] of gradients) {
    numbersOf(wanted).forEach((value, i) => expect(numbersOf(results.get(name)!)[i]).toBeCloseTo(value, 4))
  }
}

describe('gradients through graphs inside nodes', () => {
  const branches = [
    attribute.graph(
      'then_branch',
      buildGraph({
        outputs: { t: ['float32', [2, 3]], same: ['float32', [2, 3]] },
        nodes: [node('Exp', 'x', 'e'), node('Mul', 'e w', 't'), node('Identity', 't', 'same')],
      }),
    ),
    attribute.graph(
      'else_branch',
      buildGraph({ outputs: { o: ['float32', [2, 3]], x: ['float32', [2, 3]] }, nodes: [node('Neg', 'x', 'o')] }),
    ),
  ]

  it.each([1, 0])('go through the branch of an If that runs: %i', async (condition) => {
    const feeds = new Map([
      ['condition', hostArray('bool', [], [condition])],
      ['x', ramp([2, 3])],
      ['w', ramp([3], 2)],
    ])
    await check(feeds, { opType: 'If', inputs: ['condition'], outputs: 2, attributes: branches })
  })

  const cell: Graph = buildGraph({
    inputs: { h0: ['float32', [3]], entry: ['float32', [3]] },
    outputs: { next: ['float32', [3]], seen: ['float32', [3]] },
    nodes: [
      node('Mul', 'h0 w', 'kept'),
      node('Add', 'kept entry', 'sum'),
      node('Tanh', 'sum', 'next'),
      node('Mul', 'next entry', 'seen'),
    ],
  })
  const scanned = new Map([
    ['h', ramp([3])],
    ['x', ramp([4, 3], 1)],
    ['w', ramp([3], 2)],
  ])

  it('go back through the steps of a Scan', async () => {
    const attributes = [attribute.graph('body', cell), attribute.int('num_scan_inputs', 1)]
    await check(scanned, { opType: 'Scan', inputs: ['h', 'x'], outputs: 2, attributes })
  })

  it('go back through a Scan that runs backwards, along other axes', async () => {
    const attributes = [
      attribute.graph('body', cell),
      attribute.int('num_scan_inputs', 1),
      attribute.ints('scan_input_axes', [1]),
      attribute.ints('scan_input_directions', [1]),
      attribute.ints('scan_output_axes', [-1]),
      attribute.ints('scan_output_directions', [1]),
    ]
    const feeds = new Map([...scanned, ['x', ramp([3, 4], 1)]])
    await check(feeds, { opType: 'Scan', inputs: ['h', 'x'], outputs: 2, attributes })
  })

  it.each([9, 1.9])('go back through the steps of a Loop, until its condition fails: limit %d', async (limit) => {
    const body = buildGraph({
      inputs: { i: ['int64', []], condition: ['bool', []], h0: ['float32', [3]] },
      outputs: { next: ['bool', []], h1: ['float32', [3]], shown: ['float32', [3]] },
      nodes: [
        node('Cast', 'i', 'step', { to: 1 }),
        node('Mul', 'h0 w', 'kept'),
        node('Add', 'kept step', 'sum'),
        node('Sigmoid', 'sum', 'h1'),
        node('Mul', 'h1 h0', 'shown'),
        node('ReduceSum', 'h1', 'all', { keepdims: 0 }),
        node('Less', 'all limit', 'next'),
      ],
    })
    const feeds = new Map([
      ['count', hostArray('int64', [], [4])],
      ['go', hostArray('bool', [], [1])],
      ['h', ramp([3])],
      ['w', ramp([3], 2)],
      ['limit', f32([], [limit])],
    ])
    await check(feeds, {
      opType: 'Loop',
      inputs: ['count', 'go', 'h'],
      outputs: 2,
      attributes: [attribute.graph('body', body)],
    })
  })
})
