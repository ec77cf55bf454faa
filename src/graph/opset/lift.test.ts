import { describe, expect, it } from 'vitest'
import { buildModel, f32, node } from '../../testing/build-model'
import { GraphEditor } from '../edit'
import type { Model } from '../model'
import { liftOpset } from './index'

function oldModel(opset = 7): Model {
  return buildModel({
    opset,
    irVersion: 3,
    inputs: { x: ['float32', [2, 3]], w: ['float32', [3]] },
    outputs: { y: ['float32', [2, 3]] },
    initializers: { w: f32([3], [1, -2, 3]) },
    nodes: [
      node('Mul', 'x w', 'm', {}, 'mul'),
      node('Clip', 'm', 'c1', { max: { float: 2 } }, 'clip1'),
      node('Clip', 'c1', 'y', { max: { float: 1 } }, 'clip2'),
    ],
  })
}

describe('liftOpset', () => {
  it('raises the IR version as far as the opset needs, and takes weights off the inputs', async () => {
    const irs: number[] = []
    for (const target of [8, 9, 13, 15, 19, 21, 25]) {
      const model = oldModel()
      await liftOpset(model, target)
      irs.push(model.irVersion)
      expect(model.graph.inputs.map((info) => info.name)).toEqual(target === 8 ? ['x', 'w'] : ['x'])
    }
    expect(irs).toEqual([3, 4, 7, 8, 9, 10, 13])
  })

  it('tells what it did in notes', async () => {
    const { notes, ...rest } = await liftOpset(oldModel(), 13)
    expect(rest).toEqual({ from: 7, reached: 13, target: 13, blockedBy: [] })
    expect(notes.map((note) => note.text)).toEqual([
      'opset 7 → 13, IR version 3 → 7; weights no longer listed among the inputs: 1',
      'opset 7 → 13: 2 × Clip (such as clip1): min and max became inputs',
    ])
  })

  it('names new constants after what they serve', async () => {
    const model = oldModel()
    await liftOpset(model, 13)
    expect([...model.graph.initializers.keys()]).toEqual(['w', 'c1_max', 'y_max'])
  })

  it('is taken back by the editor', async () => {
    const model = oldModel()
    const editor = new GraphEditor(model)
    await liftOpset(editor, 25)
    expect(model.edits).toBeGreaterThan(0)
    editor.undo()
    const clip = model.graph.nodes[1]
    expect([model.opsets.get(''), model.irVersion, model.edits, model.graph.inputs.length]).toEqual([7, 3, 0, 2])
    expect([clip?.inputs, [...(clip?.attributes.keys() ?? [])]]).toEqual([['m'], ['max']])
  })

  it('stops below what blocks it, and says which nodes do', async () => {
    const model = oldModel()
    model.graph.nodes.push(node('ATen', 'x', 'z', {}, 'strange'))
    const result = await liftOpset(model, 13)
    expect(result).toMatchObject({ reached: 7, blockedBy: [{ node: 'strange', opType: 'ATen', opset: 8 }] })
    expect(model).toMatchObject({ irVersion: 3, edits: 0 })
    expect(result.notes).toEqual([
      {
        severity: 'warning',
        node: 'strange',
        text:
          'The opset stays 7 instead of 13: ATen strange cannot be lifted to 8: ' +
          'it is no operator of ai.onnx that this version knows',
      },
    ])
  })

  it('leaves other domains and newer models alone', async () => {
    const model = oldModel(17)
    model.opsets.set('com.microsoft', 1)
    model.graph.nodes.push(node('com.microsoft:Softmax', 'y', 'q', { axis: 1 }))
    expect(await liftOpset(model, 13)).toMatchObject({ from: 17, reached: 17, notes: [], blockedBy: [] })
    expect(model.edits).toBe(0)
    await liftOpset(model, 21)
    expect([...model.opsets]).toEqual([
      ['', 21],
      ['com.microsoft', 1],
    ])
  })

  it('does not lift models older than opset 7', async () => {
    const result = await liftOpset(oldModel(6), 13)
    expect(result).toMatchObject({ reached: 6, blockedBy: [{ node: 'main' }] })
    expect(result.notes[0]?.text).toMatch(/older than 7/)
  })

  it('takes names of JavaScript for operators that it does not know', async () => {
    const model = oldModel()
    model.graph.nodes.push(node('constructor', 'x', 'z'))
    expect((await liftOpset(model, 8)).blockedBy).toHaveLength(1)
  })

  it('refuses targets that do not exist, and stops when it is cancelled', async () => {
    await expect(liftOpset(oldModel(), 26)).rejects.toThrow('The opset can be lifted to 7 … 25, not to 26.')
    const controller = new AbortController()
    controller.abort()
    await expect(liftOpset(oldModel(), 13, { signal: controller.signal })).rejects.toThrow('Cancelled')
  })
})
