import { describe, expect, it } from 'vitest'
import { asNumbers } from '../../core/tensor'
import { encodeOnnx } from '../../formats/onnx/encode'
import { bool, buildFunction, buildGraph, buildModel, f32, i64, node, ramp } from '../../testing/build-model'
import { castTensor, loadTensor } from '../../graph/constants'
import { expectSameBits, only, opTypes, randomFloats, runTidy } from '../../testing/tidy-kit'

const x = new Map([['x', randomFloats([2, 3, 5])]])
const io = { inputs: { x: ['float32', [2, 3, 5]] }, outputs: { y: ['float32'] } } as const
const fold = only('foldConstants', 'removeUnused')

describe('constant folding', () => {
  it('computes a chain ahead and stores only its end', async () => {
    const model = buildModel({
      ...io,
      initializers: { a: f32([5], [1, -2, 3, 0.1, 7]), b: f32([5], [0.5, 0.25, -1, 3, 9]), one: f32([], [1]) },
      nodes: [
        node('Mul', 'a b', 'ab'),
        node('Add', 'ab one', 'abc'),
        node('Sqrt', 'abc', 's'),
        node('Add', 'x abc', 'y'),
      ],
    })
    const { model: after } = await runTidy(model, fold)
    expect(opTypes(after).sort()).toEqual(['Add', 'Constant'])
    const value = after.graph.nodes.find((one) => one.opType === 'Constant')?.attributes.get('value')
    const tensor = value?.type === 'tensor' ? asNumbers(await loadTensor(value.value)) : []
    // 1·0.5+1, −2·0.25+1, −3+1, fround(fround(0.1·3)+1), 64
    expect([...tensor]).toEqual([1.5, 0.5, -2, Math.fround(Math.fround(Math.fround(0.1) * 3) + 1), 64])
    expect(after.graph.initializers.size).toBe(0)
    await expectSameBits(model, after, x)
  })

  it('leaves what would grow: ConstantOfShape, Expand, a widening Cast, an outer sum', async () => {
    const model = buildModel({
      ...io,
      initializers: {
        shape: i64([3], [2, 150, 5]),
        row: f32(
          [1, 150, 1],
          Array.from({ length: 150 }, (_, i) => i / 8),
        ),
        column: f32([1, 1, 5], [1, 2, 3, 4, 5.5]),
        bytes: bool(
          [150],
          Array.from({ length: 150 }, (_, i) => i % 2),
        ),
        start: i64([1], [0]),
        end: i64([1], [3]),
        axis: i64([1], [1]),
        flat: i64([3], [1, 150, 1]),
      },
      nodes: [
        node('ConstantOfShape', 'shape', 'zeros'),
        node('Add', 'row column', 'outer'),
        node('Cast', 'bytes', 'wide', { to: 1 }),
        node('Reshape', 'wide flat', 'wide3'),
        node('Sum', 'zeros outer wide3', 'sum'),
        node('Slice', 'sum start end axis', 'part'),
        node('Concat', 'sum sum', 'twice', { axis: 1 }),
        node('ReduceSum', 'twice axis', 'small'),
        node('Add', 'x small', 'y0'),
        node('Concat', 'sum sum', 'big', { axis: 0 }),
        node('ReduceMax', 'x', 'm'),
        node('Mul', 'big m', 'scaled'),
        node('ReduceSum', 'scaled', 'total'),
        node('Add', 'y0 total', 'y'),
      ],
    })
    const { model: after } = await runTidy(model, fold)
    // `small` is 40 bytes and is stored; `sum` (6000 bytes out of 1000) stays computed
    expect(opTypes(after)).toEqual(expect.arrayContaining(['ConstantOfShape', 'Sum', 'Cast', 'Constant']))
    await expectSameBits(model, after, x)
  })

  it('leaves a result whose Constant node would take more than the nodes that it replaces', async () => {
    for (const irVersion of [3, 8]) {
      const model = buildModel({
        ...{ irVersion, inputs: { ...(irVersion === 3 && { w: ['float32', [5]] }) } },
        outputs: { y: ['float32'] },
        initializers: { w: f32([5], [1, -2, 3, 0.1, 7]) },
        nodes: [node('Abs', 'w', 'y', {}, '')],
      })
      const { model: after } = await runTidy(model)
      expect(opTypes(after)).toEqual(['Abs'])
      expect((await encodeOnnx(after)).byteLength).toBeLessThanOrEqual((await encodeOnnx(model)).byteLength)
      await expectSameBits(model, after, new Map())
    }
  })

  it('leaves the Shape of an input where its sizes would take more than the node', async () => {
    const model = buildModel({
      ...io,
      nodes: [
        node('Transpose', 'x', 't', { perm: [1, 0, 2] }),
        node('Shape', 'x', 's', {}, ''),
        node('Reshape', 't s', 'y'),
      ],
    })
    const { model: after } = await runTidy(model)
    expect(opTypes(after)).toEqual(['Transpose', 'Shape', 'Reshape'])
    expect((await encodeOnnx(after)).byteLength).toBeLessThanOrEqual((await encodeOnnx(model)).byteLength)
  })

  it('does not round what runtimes keep in float32 between two float16 nodes', async () => {
    const halves = castTensor({ ...ramp([8, 4]), name: 'q' }, 'float16')
    const model = buildModel({
      outputs: { y: ['float16'] },
      initializers: { q: halves, scale: castTensor({ ...f32([], [0.59]), name: 'scale' }, 'float16') },
      nodes: [
        ...[node('Mul', 'q scale', 'a'), node('Transpose', 'q', 't'), node('Mul', 't scale', 'b')],
        ...[node('MatMul', 'a b', 'ab'), node('Softmax', 'ab', 'y')],
      ],
    })
    const { model: after } = await runTidy(model, fold)
    expect(opTypes(after).filter((type) => type === 'Mul')).toHaveLength(2)
    await expectSameBits(model, after, new Map())
  })

  it('refuses a bomb before it runs: a terabyte out of a few bytes', async () => {
    const model = buildModel({
      ...io,
      initializers: {
        huge: i64([2], [1_000_000, 1_000_000]),
        zero: i64([], [0]),
        limit: i64([], [4e15]),
        one: i64([], [1]),
        still: i64([], [0]),
      },
      nodes: [
        node('ConstantOfShape', 'huge', 'bomb'),
        node('ReduceMax', 'bomb', 'b'),
        node('Range', 'zero limit one', 'range'),
        node('Range', 'zero limit still', 'endless'),
        node('Size', 'range', 'n'),
        node('Size', 'endless', 'e'),
        node('Cast', 'n', 'nf', { to: 1 }),
        node('Cast', 'e', 'ef', { to: 1 }),
        node('Sum', 'x b nf ef', 'y'),
      ],
    })
    const { model: after } = await runTidy(model, fold)
    expect(opTypes(after)).toEqual(opTypes(model))
    expect(after.edits).toBe(0)
  })

  it('never folds random numbers', async () => {
    const model = buildModel({
      ...io,
      nodes: [
        node('RandomNormal', '', 'r', { shape: [5], seed: { float: 3 } }),
        node('Neg', 'r', 'n'),
        node('Add', 'x n', 'y'),
      ],
    })
    expect(opTypes((await runTidy(model, fold)).model)).toEqual(['RandomNormal', 'Neg', 'Add'])
  })

  it('folds inside sub-graphs and functions with their own values', async () => {
    const branch = (name: string, by: string) =>
      buildGraph({
        outputs: { [name]: ['float32'] },
        initializers: { [`${name}_k`]: f32([5], [3, 1, -4, 1, 5]) },
        nodes: [node('Mul', `${name}_k outer`, `${name}_m`), node(by, `x ${name}_m`, name)],
      })
    const model = buildModel({
      ...io,
      inputs: { x: ['float32', [2, 3, 5]], c: ['bool', []] },
      opsets: { local: 1 },
      initializers: { outer: f32([5], [1, 2, 3, 4, 5]) },
      functions: [
        buildFunction({
          ...{ name: 'F', domain: 'local', inputs: ['a'], outputs: ['b'] },
          nodes: [
            node('Constant', '', 'two', { value: { tensor: { ...f32([2], [2, 8]), name: '' } } }),
            node('ReduceProd', 'two', 'sixteen'),
            node('Mul', 'a sixteen', 'b'),
          ],
        }),
      ],
      nodes: [
        node('If', 'c', 'z', { then_branch: branch('t', 'Add'), else_branch: branch('e', 'Sub') }),
        node('local:F', 'z', 'y'),
      ],
    })
    const { model: after } = await runTidy(model, fold)
    expect(opTypes(after).filter((op) => op === 'ReduceProd' || op === 'Add')).toEqual(['Add'])
    for (const c of [0, 1]) {
      const feeds = new Map([...x, ['c', { dtype: 'bool', shape: [], data: Uint8Array.of(c) } as const]])
      await expectSameBits(model, after, feeds)
    }
  })

  it('says which node onnxruntime refuses, and folds the others', async () => {
    const model = buildModel({
      ...io,
      initializers: { a: f32([5], [1, 2, 3, 4, 5]), b: f32([3], [1, 2, 3]), c: f32([5], [1, 1, 1, 1, 2]) },
      nodes: [
        node('Neg', 'a', 'ok'),
        node('Add', 'a b', 'bad', {}, 'wrong_add'),
        node('Add', 'ok c', 'ok2'),
        node('Sum', 'x ok2 bad', 'y'),
      ],
    })
    const { model: after, notes } = await runTidy(model, fold)
    expect(opTypes(after).sort()).toEqual(['Add', 'Constant', 'Sum'])
    expect(notes.join('\n')).toMatch(/Not computed ahead, since onnxruntime refused: /)
  })

  it('knows the shape of an input that leaves nothing open, and only then', async () => {
    const make = (batch: number | string) =>
      buildModel({
        inputs: { x: ['float32', [batch, 3, 5]] },
        outputs: { y: ['float32'] },
        initializers: { at: i64([1], [1]) },
        nodes: [
          node('Shape', 'x', 's'),
          node('Gather', 's at', 'n'),
          node('Cast', 'n', 'f', { to: 1 }),
          node('Div', 'x f', 'y'),
        ],
      })
    const { model: after } = await runTidy(make(2), fold)
    expect(opTypes(after).sort()).toEqual(['Constant', 'Div'])
    await expectSameBits(make(2), after, x)
    expect(opTypes((await runTidy(make('batch'), fold)).model)).toEqual(opTypes(make('batch')))
  })

  it('keeps the order of bits of odd-sized data through a Transpose that is folded', async () => {
    const model = buildModel({
      ...io,
      initializers: { w: ramp([7, 5]) },
      nodes: [node('Transpose', 'w', 't', { perm: [1, 0] }), node('MatMul', 'x t', 'y')],
    })
    const { model: after } = await runTidy(model, fold)
    expect(opTypes(after).sort()).toEqual(['Constant', 'MatMul'])
    await expectSameBits(model, after, x)
  })
})
