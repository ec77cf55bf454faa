import { describe, expect, it } from 'vitest'
import { DeviceError, RuntimeFailure } from '../core/errors'
import { encodeOnnx } from '../formats/onnx/encode'
import { buildGraph, buildModel, node } from '../testing/build-model'
import { testRuntime } from '../testing/runtime'
import { blameNode } from './blame'
import { prepareReference } from './compare'

const model = buildModel({
  inputs: { x: ['float32', [2]], c: ['bool', []] },
  outputs: { y: ['float32', [2]] },
  nodes: [
    node('If', 'c', 'y', {
      then_branch: buildGraph({
        outputs: { a: ['float32', [2]] },
        nodes: [node('odd.domain:Quant', 'x', 'a', {}, 'quant_3')],
      }),
      else_branch: buildGraph({ outputs: { b: ['float32', [2]] }, nodes: [node('Identity', 'x', 'b')] }),
    }),
  ],
})

describe('blameNode', () => {
  it('finds the node of a domain that onnxruntime names, in a sub-graph', async () => {
    const preparing = prepareReference(await testRuntime(), await encodeOnnx(model), {
      kind: 'synthetic',
      seed: 0,
      model,
    })
    await expect(preparing).rejects.toMatchObject({ name: 'RuntimeFailure', node: 'quant_3' })
    await expect(preparing).rejects.toThrow('domain \'odd.domain\'. It stands at node "quant_3" (Quant).')
  })

  it('finds the node of an operator', () => {
    const error = new RuntimeFailure('odd.domain:Quant(-1) is not a registered function/op.', 'odd.domain:Quant')
    expect(blameNode(error, model)).toMatchObject({ node: 'quant_3' })
  })

  it('leaves other errors alone', () => {
    for (const error of [new DeviceError('full'), new RuntimeFailure('something else'), 7]) {
      expect(blameNode(error, model)).toBe(error)
    }
  })
})
