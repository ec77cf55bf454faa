import { describe, expect, it } from 'vitest'
import { buildGraph, node } from '../../testing/build-model'
import { capturedNames, orderNodes } from './order'

const graph = (nodes: Parameters<typeof buildGraph>[0]['nodes']) =>
  buildGraph({ inputs: { x: ['float32', [2]] }, outputs: { y: ['float32'] }, nodes })

describe('orderNodes', () => {
  it('keeps an order that is one', () => {
    const nodes = [node('Relu', 'x', 'a'), node('Neg', 'x', 'b'), node('Add', 'a b', 'y')]
    expect(orderNodes(graph(nodes))).toEqual(nodes)
  })

  it('puts nodes after those that they need, in sub-graphs too', () => {
    const branch = buildGraph({ outputs: { z: ['float32'] }, nodes: [node('Relu', 'a', 'z')] })
    const nodes = [node('If', 'c', 'y', { then_branch: branch, else_branch: branch }), node('Neg', 'x', 'a')]
    expect(orderNodes(graph(nodes)).map(({ opType }) => opType)).toEqual(['Neg', 'If'])
  })

  it('names the nodes of a cycle', () => {
    const nodes = [
      node('Neg', 'x', 'before', {}, 'outside'),
      node('Add', 'before c', 'a', {}, 'first'),
      node('Relu', 'a', 'b', {}, 'second'),
      node('Abs', 'b', 'c', {}, 'third'),
    ]
    expect(() => orderNodes(graph(nodes))).toThrow(
      'The nodes Relu "second", Abs "third", Add "first" form a cycle: each needs a value that is made after it. A graph must have an order.',
    )
  })

  it('refuses a node that needs itself, and a value that two nodes make', () => {
    expect(() => orderNodes(graph([node('Relu', 'y', 'y', {}, 'loop')]))).toThrow(/Relu "loop" form a cycle/)
    const twice = [node('Relu', 'x', 'y', {}, 'one'), node('Neg', 'x', 'y', {}, 'two')]
    expect(() => orderNodes(graph(twice))).toThrow('Neg "two" and Relu "one" both make the value y.')
  })

  it('takes chains that are longer than the call stack', () => {
    const nodes = Array.from({ length: 30_000 }, (_, i) => node('Relu', i === 0 ? 'x' : `v${i}`, `v${i + 1}`))
    expect(orderNodes(graph(nodes.toReversed()))).toEqual(nodes)
  })
})

describe('capturedNames', () => {
  it('are the outer values of a graph and of the graphs in it, outputs included', () => {
    const inner = buildGraph({ outputs: { z: ['float32'] }, nodes: [node('Add', 'far near', 'z')] })
    const outer = buildGraph({
      inputs: { i: ['float32'] },
      outputs: { y: ['float32'], passed: ['float32'] },
      nodes: [node('Relu', 'i', 'near'), node('If', 'c', 'y', { then_branch: inner, else_branch: inner })],
    })
    expect([...capturedNames(outer)].sort()).toEqual(['c', 'far', 'passed'])
  })
})
