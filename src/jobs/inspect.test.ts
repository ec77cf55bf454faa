import { describe, expect, it } from 'vitest'
import { memorySource } from '../core/bytes'
import { buildModel, node } from '../testing/build-model'
import { modelBytes } from '../testing/model-bytes'
import { inspectModel } from './inspect'

describe('inspectModel', () => {
  it('tells what our own engine lacks, where it is asked', async () => {
    const model = buildModel({
      inputs: { x: ['float32', [2]] },
      outputs: { y: ['float32', [2]] },
      opsets: { 'com.microsoft': 1 },
      nodes: [node('Abs', 'x', 't'), node('com.microsoft:Frobnicate', 't', 'y')],
    })
    const files = { main: memorySource(await modelBytes(model), 'm.onnx'), sibling: async () => null }
    expect((await inspectModel(files, undefined, { withEngine: true })).engine).toEqual({
      isComplete: false,
      missing: [{ operator: 'com.microsoft::Frobnicate', count: 1 }],
      onHost: [],
    })
    expect(await inspectModel(files)).not.toHaveProperty('engine')
  })
})
