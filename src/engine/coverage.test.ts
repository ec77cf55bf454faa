import { describe, expect, it } from 'vitest'
import { OPERATORS } from '../ops'
import { buildFunction, buildModel, node } from '../testing/build-model'
import { coverageOf } from './coverage'

const X = { inputs: { x: ['float32', [2, 2]] }, outputs: { y: ['float32', [2, 2]] } } as const

describe('coverageOf', () => {
  it('finds nothing missing in a model of known operators', async () => {
    const model = buildModel({ ...X, nodes: [node('Abs', 'x', 't'), node('Add', 't t', 'y')] })
    expect(await coverageOf(model)).toEqual({ isComplete: true, missing: [], onHost: [] })
    expect(model.opsets.get('')).toBe(17)
  })

  it('counts operators that the engine lacks, with their domain', async () => {
    const nodes = [
      node('com.microsoft:Frobnicate', 'x', 'a'),
      node('com.microsoft:Frobnicate', 'a', 'b'),
      node('Abs', 'b', 'y'),
    ]
    expect(await coverageOf(buildModel({ ...X, opsets: { 'com.microsoft': 1 }, nodes }))).toMatchObject({
      isComplete: false,
      missing: [{ operator: 'com.microsoft::Frobnicate', count: 2 }],
    })
  })

  it('looks into functions and does not miss their calls', async () => {
    const twice = buildFunction({
      name: 'Twice',
      domain: 'own',
      inputs: ['a'],
      outputs: ['b'],
      nodes: [node('Add', 'a a', 'c'), node('com.microsoft:Frobnicate', 'c', 'b')],
    })
    const model = buildModel({
      ...X,
      opsets: { own: 1, 'com.microsoft': 1 },
      functions: [twice],
      nodes: [node('own:Twice', 'x', 'y')],
    })
    expect((await coverageOf(model)).missing).toEqual([{ operator: 'com.microsoft::Frobnicate', count: 1 }])
  })

  it('says which operators the host computes, and why', async () => {
    const hosted = OPERATORS.find(({ lower, domain }) => domain === '' && 'onHost' in lower)
    if (!hosted) expect.fail('no operator stays on the host')
    const { isComplete, onHost } = await coverageOf(buildModel({ ...X, nodes: [node(hosted.name, 'x', 'y')] }))
    expect(isComplete).toBe(true)
    expect(onHost).toEqual([{ operator: hosted.name, count: 1, why: (hosted.lower as { onHost: string }).onHost }])
  })

  it('says what blocks the lift', async () => {
    const nodes = [node('Add', 'x x', 'y', { broadcast: 1 }, 'old')]
    const { isComplete, blockedBy } = await coverageOf(buildModel({ ...X, opset: 6, nodes }))
    expect([isComplete, blockedBy]).toEqual([false, expect.stringMatching(/cannot be lifted to opset 7/)])
  })
})
