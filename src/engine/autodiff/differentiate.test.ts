import { describe, expect, it } from 'vitest'
import { hostArray, numbersOf, type HostArray } from '../../core/host-array'
import { attribute } from '../../graph/model'
import { GraphBuilder } from '../build/graph-builder'
import { modelOf } from '../build/model-of'
import { openEngine } from '../session'
import { checkGradient } from './check-gradient'
import { differentiate } from './differentiate'

const f32 = (shape: readonly number[], values: readonly number[]): HostArray => hostArray('float32', shape, values)
const sumOf = (builder: GraphBuilder, value: string) =>
  builder.add('ReduceSum', [value], [attribute.int('keepdims', 0)])

/** Gradients of a scalar, computed by the reference. */
async function gradientsOf(
  builder: GraphBuilder,
  of: string,
  feeds: Readonly<Record<string, HostArray>>,
  wrt = Object.keys(feeds),
): Promise<number[][]> {
  const gradients = differentiate(builder, of, wrt)
  const graph = { ...builder.graph, outputs: [...new Set(gradients.values())].map((name) => ({ name })) }
  const session = await openEngine(modelOf(graph), { machine: 'reference' })
  const results = await session.run(new Map(Object.entries(feeds)))
  return wrt.map((value) => [...numbersOf(results.get(gradients.get(value)!)!)])
}

describe('differentiate', () => {
  it('adds up over all paths, repeated values and broadcasts', async () => {
    const builder = new GraphBuilder()
    const x = builder.input('x', { dtype: 'float32', shape: [2, 3] })
    const b = builder.input('b', { dtype: 'float32', shape: [3] })
    // Σ (x · x + b · x + x)
    const square = builder.add('Mul', [x, x])
    const all = builder.add('Sum', [square, builder.add('Mul', [b, x]), x])
    const [dx, db] = await gradientsOf(builder, sumOf(builder, all), {
      x: f32([2, 3], [1, 2, 3, -4, 0.5, 6]),
      b: f32([3], [10, 20, 30]),
    })
    expect(dx).toEqual([13, 25, 37, 3, 22, 43])
    expect(db).toEqual([-3, 2.5, 9])
  })

  it('gives the gradient of inner values, of the scalar itself, and zeros where nothing depends', async () => {
    const builder = new GraphBuilder()
    const x = builder.input('x', { dtype: 'float32', shape: [2] })
    const unused = builder.input('unused', { dtype: 'float32', shape: ['n', 2] })
    const inner = builder.add('Exp', [x])
    const loss = sumOf(builder, builder.add('Mul', [inner, builder.number(3)]))
    const feeds = { x: f32([2], [0, 0]), unused: f32([2, 2], [1, 2, 3, 4]) }
    const found = await gradientsOf(builder, loss, feeds, [inner, loss, unused, x])
    expect(found).toEqual([[3, 3], [1], [0, 0, 0, 0], [3, 3]])
  })

  it('goes only where the scalar depends on what is asked for', async () => {
    const builder = new GraphBuilder()
    const x = builder.input('x', { dtype: 'float32', shape: [2, 2] })
    const other = builder.input('other', { dtype: 'float32', shape: [2, 2] })
    // Hardmax has no derivative; nobody asks for that of `other`, and no gradient comes to the one of x
    const mask = builder.add('Hardmax', [other])
    builder.add('Hardmax', [x])
    const loss = sumOf(builder, builder.add('Mul', [mask, x]))
    const before = builder.graph.nodes.length
    const feeds = { x: f32([2, 2], [1, 2, 3, 4]), other: f32([2, 2], [1, 2, 4, 3]) }
    expect(await gradientsOf(builder, loss, feeds, [x])).toEqual([[0, 1, 1, 0]])
    const added = builder.graph.nodes.slice(before)
    expect(added.flatMap(({ outputs }) => outputs).every((name) => name.startsWith('gradient/'))).toBe(true)
  })

  it('keeps open sizes open', () => {
    const builder = new GraphBuilder()
    const x = builder.input('x', { dtype: 'float32', shape: ['batch', 5] })
    const w = builder.input('w', { dtype: 'float32', shape: [5, 3] })
    const b = builder.input('b', { dtype: 'float32', shape: [3] })
    const y = builder.add('Relu', [builder.add('Add', [builder.add('MatMul', [x, w]), b])])
    const loss = builder.add('ReduceMean', [builder.add('Softmax', [y])], [attribute.int('keepdims', 0)])
    const gradients = differentiate(builder, loss, [x, w, b])
    expect([...gradients.values()].map((value) => builder.type(value).shape)).toEqual([['batch', 5], [5, 3], [3]])
  })

  it('asks a node for an output that it did not list', async () => {
    const builder = new GraphBuilder()
    const x = builder.input('x', { dtype: 'float32', shape: [4] })
    const best = builder.add('TopK', [x, builder.integers([2])])
    const [dx] = await gradientsOf(builder, sumOf(builder, best), { x: f32([4], [1, 5, 7, 2]) })
    expect(dx).toEqual([0, 1, 1, 0])
    expect(builder.graph.nodes[0]!.outputs).toEqual(['TopK', 'gradient/TopK_output1'])
  })

  it('differentiates gradients: the third derivative of x⁴ is 24x', async () => {
    const builder = new GraphBuilder()
    const x = builder.input('x', { dtype: 'float32', shape: [2] })
    let y = sumOf(builder, builder.add('Pow', [x, builder.number(4)]))
    for (let order = 1; order < 3; order++) y = sumOf(builder, differentiate(builder, y, [x]).get(x)!)
    expect(await gradientsOf(builder, y, { x: f32([2], [0.5, -2]) })).toEqual([[12, -48]])
  })

  it('names what has no derivative', () => {
    const builder = new GraphBuilder()
    const x = builder.input('x', { dtype: 'float32', shape: [2, 3] })
    const loss = sumOf(builder, builder.add('Hardmax', [x]))
    expect(() => differentiate(builder, loss, [x])).toThrow(
      'Hardmax "Hardmax" has no derivative (it is constant between its steps), and the gradient goes through it.',
    )
  })

  it('refuses what is no float scalar, and integers', () => {
    const builder = new GraphBuilder()
    const x = builder.input('x', { dtype: 'float32', shape: ['n', 3] })
    const i = builder.input('i', { dtype: 'int64', shape: [] })
    expect(() => differentiate(builder, x, [x])).toThrow('Only a float scalar has a gradient, and x is float32[n, 3].')
    expect(() => differentiate(builder, i, [x])).toThrow('and i is int64[]')
    expect(() => differentiate(builder, sumOf(builder, x), [i])).toThrow(
      'Only float values have gradients, and i is int64.',
    )
  })
})

describe('checkGradient', () => {
  const build = (opType: string) => {
    const builder = new GraphBuilder()
    const x = builder.input('x', { dtype: 'float32', shape: [3] })
    return { builder, loss: sumOf(builder, builder.add(opType, [x])) }
  }

  it('compares what is smooth and leaves out kinks', async () => {
    const { builder, loss } = build('Abs')
    const report = await checkGradient(builder, loss, new Map([['x', f32([3], [-1.5, 0, 2])]]))
    expect(report).toMatchObject({ compared: 2, skipped: 1, mismatches: [] })
  })

  it('tells where a gradient is not that of the function', async () => {
    const builder = new GraphBuilder()
    const x = builder.input('x', { dtype: 'float32', shape: [2] })
    // steps that are far smaller than the way between the two points
    const fine = builder.add('Floor', [builder.add('Mul', [x, builder.number(1e6)])])
    const at = new Map([['x', f32([2], [0.3, 0.7])]])
    const report = await checkGradient(builder, sumOf(builder, fine), at, { step: 1e-2 })
    expect(report.mismatches.map(({ value, index }) => `${value}[${index}]`)).toEqual(['x[0]', 'x[1]'])
  })
})
