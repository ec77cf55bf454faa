import { describe, expect, it } from 'vitest'
import { AbortError } from '../../core/errors'
import { resolveOptions } from '../../core/options'
import { buildFunction, buildGraph, buildModel, f32, i64, node, ramp } from '../../testing/build-model'
import type { MethodContext } from '../method'
import { meta } from './meta'
import { method } from './tidy'
import { expectSameBits, only, opTypes, randomFloats, runTidy } from '../../testing/tidy-kit'

const x = new Map([['x', randomFloats([3, 7])]])
const io = { inputs: { x: ['float32', [3, 7]] }, outputs: { y: ['float32'] } } as const

describe('dead code', () => {
  it('goes, with what only it reads; unused inputs and overridable defaults stay', async () => {
    const model = buildModel({
      inputs: { x: ['float32', [3, 7]], spare: ['float32', [2]], given: ['float32', [2]] },
      outputs: io.outputs,
      initializers: { w: ramp([7, 5]), lost: ramp([11]), given: f32([2], [1, 2]), deep: ramp([7]) },
      nodes: [
        node('MatMul', 'x w', 'y'),
        node('Add', 'x deep', 'a'),
        node('Neg', 'a', 'b'),
        node('If', 'c', 'd', {
          then_branch: buildGraph({ outputs: { t: ['float32'] }, nodes: [node('Neg', 'b', 't')] }),
          else_branch: buildGraph({ outputs: { e: ['float32'] }, nodes: [node('Abs', 'b', 'e')] }),
        }),
      ],
    })
    model.graph.inputs.push({ name: 'c', type: { kind: 'tensor', dtype: 'bool', shape: [] } })
    const { model: after, tensors, notes } = await runTidy(model, only('removeUnused'))
    expect(opTypes(after)).toEqual(['MatMul'])
    expect([...after.graph.initializers.keys()]).toEqual(['w', 'given'])
    expect(after.graph.inputs.map((info) => info.name)).toEqual(['x', 'spare', 'given', 'c'])
    expect(tensors.map(({ name, to, sizeBeforeBytes }) => `${name} ${to} ${sizeBeforeBytes}`)).toEqual([
      'lost float32/removed 44',
      'deep float32/removed 28',
    ])
    expect(notes).toEqual(['3 unused nodes removed.', '2 unused tensors removed.'])
    const { feeds } = {
      feeds: new Map([
        ...x,
        ['spare', randomFloats([2])],
        ['c', { dtype: 'bool', shape: [], data: Uint8Array.of(1) } as const],
      ]),
    }
    await expectSameBits(model, after, feeds)
  })

  it('includes the input of an unused tensor up to IR 3, where every tensor must be one', async () => {
    const model = buildModel({
      ...{ irVersion: 3, opset: 9 },
      inputs: { x: ['float32', [3, 7]], lost: ['float32', [11]] },
      outputs: io.outputs,
      initializers: { lost: ramp([11]) },
      nodes: [node('Neg', 'x', 'y')],
    })
    const { model: after } = await runTidy(model, only('removeUnused'))
    expect(after.graph.inputs.map((info) => info.name)).toEqual(['x'])
    expect(after.irVersion).toBe(3)
    await expectSameBits(model, after, x)
  })

  it('includes functions that nothing calls, also those that only an unused one calls', async () => {
    const local = (name: string, op: string) =>
      buildFunction({ name, domain: 'local', inputs: ['a'], outputs: ['b'], nodes: [node(op, 'a', 'b')] })
    const caller = local('Outer', 'local:Inner')
    caller.opsets.set('local', 1)
    const model = buildModel({
      ...io,
      opsets: { local: 1 },
      functions: [local('Used', 'Neg'), local('Inner', 'Abs'), caller],
      nodes: [node('local:Used', 'x', 'y')],
    })
    const { model: after, notes } = await runTidy(model, only('removeUnused'))
    expect(after.functions.map((one) => one.name)).toEqual(['Used'])
    expect(notes).toEqual(['2 unused functions removed.'])
    await expectSameBits(model, after, x)
  })
})

describe('tidy', () => {
  it('removes documentation strings of nodes and counts their bytes', async () => {
    const model = buildModel({ ...io, nodes: [node('Neg', 'x', 'y')] })
    model.graph.nodes[0]!.docString = 'File "modèle.py", line 3'
    const { model: after, notes } = await runTidy(model)
    expect(after.graph.nodes[0]?.docString).toBeUndefined()
    expect(notes).toEqual(['25 bytes of documentation strings removed.'])
    expect((await runTidy(model, { stripDocs: false })).model.graph.nodes[0]?.docString).toMatch('modèle')
  })

  it('brings rewrites together until nothing changes', async () => {
    const model = buildModel({
      ...io,
      initializers: { w: ramp([11, 7]), k: f32([], [2]), copy: ramp([11, 7]), shape: i64([2], [11, 7]) },
      nodes: [
        node('Identity', 'copy', 'same'),
        node('Reshape', 'same shape', 'again'),
        node('Transpose', 'again', 'turned', { perm: [1, 0] }),
        node('MatMul', 'x turned', 'a'),
        node('Gemm', 'x w', 'b', { transB: 1 }),
        node('Add', 'a b', 'c'),
        node('Dropout', 'c', 'd'),
        node('Mul', 'd k', 'y'),
      ],
    })
    const { model: after } = await runTidy(model, { minBytes: 256 })
    expect(opTypes(after)).toEqual(['Transpose', 'MatMul', 'Gemm', 'Add', 'Mul'])
    expect([...after.graph.initializers.keys()]).toHaveLength(2)
    await expectSameBits(model, after, x)
    expect((await runTidy(after, { minBytes: 256 })).model.edits).toBe(after.edits)
  })

  it('predicts from the graph alone what goes and what its values will decide', () => {
    const model = buildModel({
      inputs: { x: ['float32', [1, 3, 5]] },
      outputs: io.outputs,
      initializers: {
        w: ramp([2, 3, 3]),
        lost: ramp([4]),
        gamma: f32([2], [1, 2]),
        beta: f32([2], [1, 2]),
        mean: f32([2], [1, 2]),
        variance: f32([2], [1, 2]),
      },
      nodes: [node('Conv', 'x w', 'h'), node('BatchNormalization', 'h gamma beta mean variance', 'y')],
    })
    const decisions = method.predict(model, resolveOptions(meta.options, {}, 'tidy'))
    expect(decisions.map(({ tensor, action, sizeAfterBytes }) => [tensor, action, sizeAfterBytes])).toEqual([
      ['w', 'keep', 72],
      ['lost', 'shrink', 0],
      ['gamma', 'shrink', 0],
      ['beta', 'shrink', 0],
      ['mean', 'shrink', 0],
      ['variance', 'shrink', 0],
    ])
    expect(decisions[1]?.why).toBe('nothing reads it')
  })

  it('stops when cancelled', async () => {
    const controller = new AbortController()
    controller.abort()
    const context = { signal: controller.signal } as MethodContext
    const model = buildModel({ ...io, nodes: [node('Neg', 'x', 'y')] })
    await expect(method.run(context, model, resolveOptions(meta.options, {}, 'tidy'))).rejects.toThrow(AbortError)
  })
})
