import { describe, expect, it } from 'vitest'
import { hostArray } from '../../core/host-array'
import { attribute } from '../../graph/model'
import { GraphBuilder } from './graph-builder'

describe('a graph that is built', () => {
  it('knows types as nodes come, with open sizes', () => {
    const builder = new GraphBuilder()
    const x = builder.input('x', { dtype: 'float32', shape: ['batch', 5] })
    const weight = builder.initializer('weight', hostArray('float32', [5, 3], new Float32Array(15)))
    const y = builder.add('MatMul', [x, weight])
    expect(builder.type(y)).toEqual({ dtype: 'float32', shape: ['batch', 3] })
    const back = builder.add('Reshape', [y, builder.add('Shape', [y])])
    expect(builder.type(back)).toEqual({ dtype: 'float32', shape: ['batch', 3] })
  })

  it('gives every value a name of its own, and stores equal constants once', () => {
    const builder = new GraphBuilder()
    expect([builder.unique('a'), builder.unique('a'), builder.prefixed('b/', () => builder.unique('a'))]).toEqual([
      'a',
      'a_1',
      'b/a',
    ])
    expect(builder.number(2)).toBe(builder.number(2))
    expect(builder.number(2)).not.toBe(builder.number(3))
    expect(builder.known(builder.integers([4, 7]))?.values).toEqual(BigInt64Array.of(4n, 7n))
  })

  it('refuses what does not fit, naming the node', () => {
    const builder = new GraphBuilder()
    const x = builder.input('x', { dtype: 'float32', shape: [2, 3] })
    expect(() => builder.add('MatMul', [x, x])).toThrow(/MatMul .*\[2, 3\], \[2, 3\]/)
    expect(() => new GraphBuilder().add('Concat', [], [attribute.int('axis', 0)])).toThrow(/inputs/)
    expect(() => builder.type('nothing')).toThrow('The type of nothing')
  })

  it('adds an output that a node did not list', () => {
    const builder = new GraphBuilder()
    const x = builder.input('x', { dtype: 'float32', shape: [1, 1, 4, 4] })
    builder.add('MaxPool', [x], [attribute.ints('kernel_shape', [2, 2])])
    const node = builder.graph.nodes.at(-1)!
    expect(builder.type(builder.addOutput(node, 1))).toEqual({ dtype: 'int64', shape: [1, 1, 3, 3] })
  })
})
