import { describe, expect, it } from 'vitest'
import { bool, buildFunction, buildGraph, buildModel, f32, i64, node } from '../../testing/build-model'
import { expectSameBits, only, opTypes, randomFloats, runTidy } from '../../testing/tidy-kit'

const x = new Map([['x', randomFloats([2, 3, 5])]])
const io = { inputs: { x: ['float32', [2, 3, 5]] }, outputs: { y: ['float32', [2, 3, 5]] } } as const

describe('no-ops', () => {
  it('removes Identity between nodes and before an output, and keeps the names of inputs and outputs', async () => {
    const model = buildModel({
      ...io,
      nodes: [
        node('Identity', 'x', 'a'),
        node('Relu', 'a', 'b'),
        node('Identity', 'b', 'c'),
        node('Neg', 'c', 'd'),
        node('Identity', 'd', 'y'),
      ],
    })
    const { model: after, notes } = await runTidy(model, only('removeNoOps'))
    expect(opTypes(after)).toEqual(['Relu', 'Neg'])
    expect(after.graph.outputs.map((info) => info.name)).toEqual(['y'])
    expect(notes).toEqual(['3 no-op Identity nodes removed.'])
    await expectSameBits(model, after, x)
    expect(opTypes(model)).toHaveLength(5) // the given model stays as it was
  })

  it('keeps an Identity that hands an input straight to an output', async () => {
    const model = buildModel({ ...io, nodes: [node('Identity', 'x', 'y')] })
    const { model: after, notes } = await runTidy(model, only('removeNoOps'))
    expect(opTypes(after)).toEqual(['Identity'])
    expect(after.edits).toBe(0)
    expect(notes).toEqual(['Tidy found nothing to remove or to store smaller.'])
  })

  it('removes Identity in sub-graphs whose value is captured two levels down', async () => {
    const inner = buildGraph({ outputs: { deep: ['float32'] }, nodes: [node('Neg', 'same', 'deep')] })
    const innerElse = buildGraph({ outputs: { deep2: ['float32'] }, nodes: [node('Abs', 'same', 'deep2')] })
    const branch = buildGraph({
      outputs: { r: ['float32'] },
      nodes: [
        node('Relu', 'x', 'h'),
        node('Identity', 'h', 'same'),
        node('If', 'yes', 'r', { then_branch: inner, else_branch: innerElse }),
      ],
    })
    const other = buildGraph({ outputs: { s: ['float32'] }, nodes: [node('Abs', 'x', 's')] })
    const model = buildModel({
      ...io,
      initializers: { yes: bool([], [1]) },
      nodes: [node('If', 'yes', 'y', { then_branch: branch, else_branch: other })],
    })
    const { model: after } = await runTidy(model, only('removeNoOps'))
    expect(opTypes(after)).not.toContain('Identity')
    await expectSameBits(model, after, x)
  })

  it('removes Dropout at inference with ratio input and training_mode false, not with a used mask or in training', async () => {
    const make = (mask: string, training: number) =>
      buildModel({
        inputs: io.inputs,
        outputs: { y: ['float32'], ...(mask !== '' && { m: ['bool'] as const }) },
        initializers: { ratio: f32([], [0.3]), training: bool([], [training]) },
        nodes: [node('Dropout', 'x ratio training', mask === '' ? 'd' : `d ${mask}`), node('Neg', 'd', 'y')],
      })
    const { model: plain } = await runTidy(make('', 0), only('removeNoOps'))
    expect(opTypes(plain)).toEqual(['Neg'])
    await expectSameBits(make('', 0), plain, x)
    expect(opTypes((await runTidy(make('m', 0), only('removeNoOps'))).model)).toContain('Dropout')
    expect(opTypes((await runTidy(make('', 1), only('removeNoOps'))).model)).toContain('Dropout')
  })

  it('removes Cast, Reshape, Pad, Concat and Transposes only where nothing changes', async () => {
    const model = buildModel({
      ...io,
      initializers: {
        same: i64([3], [2, 3, 5]),
        none: i64([6], [0, 0, 0, 0, 0, 0]),
        other: i64([3], [2, 5, 3]),
        back: i64([3], [2, 3, -1]),
      },
      nodes: [
        node('Reshape', 'x same', 'a'),
        node('Cast', 'a', 'b', { to: 1 }),
        node('Pad', 'b none', 'c'),
        node('Concat', 'c', 'd', { axis: 1 }),
        node('Transpose', 'd', 'e', { perm: [1, 2, 0] }),
        node('Transpose', 'e', 'f', { perm: [2, 0, 1] }),
        node('Transpose', 'f', 'g', { perm: [0, 1, 2] }),
        node('Reshape', 'g other', 'h'),
        node('Cast', 'h', 'i', { to: 11 }),
        node('Transpose', 'i', 'j', { perm: [1, 0, 2] }),
        node('Transpose', 'j', 'k', { perm: [2, 1, 0] }),
        node('Cast', 'k', 'l', { to: 1 }),
        node('Reshape', 'l back', 'y'),
      ],
    })
    const { model: after } = await runTidy(model, only('removeNoOps', 'removeUnused'))
    expect(opTypes(after)).toEqual(['Reshape', 'Cast', 'Transpose', 'Transpose', 'Cast', 'Reshape'])
    await expectSameBits(model, after, x)
  })

  it('leaves a function whose Cast takes its type from the caller alone, and cleans the rest of it', async () => {
    const model = buildModel({
      ...io,
      opsets: { local: 1 },
      functions: [
        buildFunction({
          ...{ name: 'F', domain: 'local', inputs: ['a'], outputs: ['b'], attributes: ['to'] },
          nodes: [
            node('Identity', 'a', 's'),
            node('Cast', 's', 't', { to: { ref: 'to', type: 'int' } }),
            node('Cast', 't', 'b', { to: 1 }),
          ],
        }),
      ],
      nodes: [node('local:F', 'x', 'y', { to: 11 })],
    })
    const { model: after } = await runTidy(model, only('removeNoOps'))
    expect(opTypes(after)).toEqual(['F', 'Cast', 'Cast'])
    await expectSameBits(model, after, x)
  })

  it('does not trust a declared type that no runtime checks', async () => {
    const model = buildModel({
      inputs: { x: ['int64', [3]] },
      outputs: { y: ['float32', [3]] },
      valueInfo: { n: ['float32', [3]] },
      nodes: [node('Neg', 'x', 'n'), node('Cast', 'n', 'y', { to: 1 })],
    })
    const { model: after } = await runTidy(model, only('removeNoOps'))
    expect(opTypes(after)).toEqual(['Neg', 'Cast'])
  })

  it('leaves out a Reshape before another one, which onnxruntime fails to fuse, unless a size is copied', async () => {
    const model = buildModel({
      ...{ opset: 14, inputs: { x: ['float32', [2, 5, 8]] }, outputs: { y: ['float32'], z: ['float32'] } },
      initializers: {
        ...{ first: i64([1], [0]), rest: i64([1], [-1]), flat: i64([1], [80]), copied: i64([2], [0, 40]) },
        two: f32([], [2]),
      },
      nodes: [
        ...[node('Shape', 'x', 's'), node('Gather', 's first', 'rows', { axis: 0 })],
        ...[
          node('Concat', 'rows rest', 'to', { axis: 0 }),
          node('Reshape', 'x to', 'a'),
          node('Reshape', 'a flat', 'b'),
        ],
        ...[node('Mul', 'b two', 'y'), node('Tanh', 'a', 'unused')],
        ...[node('Reshape', 'x to', 'c'), node('Reshape', 'c copied', 'd'), node('Mul', 'd two', 'z')],
      ],
    })
    const { model: after, notes } = await runTidy(model)
    expect(opTypes(after).filter((type) => type === 'Reshape')).toHaveLength(3)
    expect(notes).toContain('1 Reshape node removed before another Reshape.')
    await expectSameBits(model, after, new Map([['x', randomFloats([2, 5, 8])]]))
  })
})
