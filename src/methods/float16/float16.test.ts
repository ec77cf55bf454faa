import { describe, expect, it } from 'vitest'
import { resolveOptions } from '../../core/options'
import { Random } from '../../core/random'
import { asNumbers, type Tensor } from '../../core/tensor'
import { bodies, type Model } from '../../graph/model'
import {
  bool,
  buildFunction,
  buildGraph,
  buildModel,
  f32,
  i32,
  i64,
  node,
  ramp,
  tensorOf,
} from '../../testing/build-model'
import { methodContext, runModel } from '../../testing/method-context'
import { method } from './float16'
import { meta } from './meta'

const options = (given: object = {}) => resolveOptions(meta.options, { minBytes: 0, ...given }, 'float16')

function input(shape: readonly number[]): Tensor {
  const random = new Random(9)
  const count = shape.reduce((product, size) => product * size, 1)
  return tensorOf(
    'float32',
    shape,
    Array.from({ length: count }, () => random.normal() + 0.3),
  )
}

async function compress(model: Model, given: object = {}) {
  const { context, notes } = methodContext()
  const result = await method.run(context, model, options(given))
  return { ...result, notes: notes.map((note) => note.text) }
}

/** Compresses, runs both in onnxruntime and gives the largest difference ÷ largest value. */
async function compare(model: Model, feeds: Record<string, Tensor>, given: object = {}) {
  const result = await compress(model, given)
  const inputs = new Map(Object.entries(feeds))
  const before = await runModel(model, inputs)
  const after = await runModel(result.model, inputs)
  let error = 0
  for (const [name, tensor] of before) {
    const [x, y] = [asNumbers(tensor), asNumbers(after.get(name) as Tensor)]
    const largest = Math.max(...x.map(Math.abs))
    error = Math.max(error, ...x.map((value, i) => Math.abs(value - (y[i] as number)) / largest))
  }
  return { ...result, error, outputs: after }
}

const types = (model: Model) => [...bodies(model)].flatMap((body) => body.nodes.map((n) => n.opType))
const IO = { inputs: { x: ['float32', [3, 13]] }, outputs: { y: ['float32', [3, 17]] } } as const

describe('float16 weights', () => {
  it('stores each tensor behind one Cast for all readers, sub-graphs included', async () => {
    const branch = (name: string, opType: string) =>
      buildGraph({ name, outputs: { [name]: ['float32'] }, nodes: [node(opType, 'h b', name)] })
    const model = buildModel({
      ...IO,
      nodes: [
        node('MatMul', 'x w', 'h'),
        node('If', 'yes', 'z', { then_branch: branch('a', 'Add'), else_branch: branch('c', 'Sub') }),
        node('Mul', 'z b', 'y'),
      ],
      initializers: { w: ramp([13, 17]), b: ramp([17], 0.21), yes: bool([], [1]) },
    })
    const { model: small, error, tensors, notes } = await compare(model, { x: input([3, 13]) }, { minBytes: 60 })
    expect(error).toBeLessThan(2e-3)
    expect(notes).toEqual([])
    expect(tensors.map((t) => [t.name, t.to, t.sizeAfterBytes])).toEqual([['w', 'float16', 442]])
    expect(small.graph.initializers.get('w_h')?.dtype).toBe('float16')
    expect(types(small)).toEqual(['Cast', 'MatMul', 'If', 'Mul', 'Add', 'Sub'])
    expect(method.predict(model, options()).map((d) => d.why)).toEqual([
      'read by MatMul',
      'kept: the added node would take more than is gained',
      'kept: bool is left alone',
    ])
  })

  it('stores constants of functions', async () => {
    const head = buildFunction({
      name: 'Head',
      domain: 'local',
      inputs: ['a'],
      outputs: ['b'],
      nodes: [
        node('Constant', '', 'w', { value: { tensor: { ...ramp([13, 17]), name: '' } } }),
        node('MatMul', 'a w', 'b'),
      ],
    })
    const model = buildModel({ ...IO, opsets: { local: 1 }, nodes: [node('local:Head', 'x', 'y')], functions: [head] })
    const { model: small, error } = await compare(model, { x: input([3, 13]) })
    expect(error).toBeLessThan(2e-3)
    expect(types(small)).toEqual(['local:Head'.slice(6), 'Constant', 'Cast', 'MatMul'])
  })

  it('leaves what overflows or loses too much, and counts what vanishes', async () => {
    const tiny = f32(
      [13, 17],
      [...Array(221).keys()].map((i) => (i + 1) * 1e-9),
    )
    const large = f32(
      [17, 17],
      [...Array(289).keys()].map((i) => (i === 7 ? 1e5 : i / 9)),
    )
    const few = f32(
      [17, 17],
      [...Array(289).keys()].map((i) => (i === 7 ? 1e-9 : i / 9)),
    )
    const model = buildModel({
      ...IO,
      nodes: [node('MatMul', 'x tiny', 'h'), node('MatMul', 'h large', 'i'), node('MatMul', 'i few', 'y')],
      initializers: { tiny, large, few },
    })
    const { tensors, notes } = await compress(model)
    expect(tensors.map((t) => t.name)).toEqual(['few'])
    expect(notes).toEqual([
      expect.stringMatching(/^Stays float32: in float16 its SQNR would be .* dB, below 40 dB\.$/),
      'Stays float32: element 7 is 100000, and float16 ends at 65504.',
      'Values below 3e-8 that become 0 in float16: 1; the precision of their tensors allows it.',
    ])
  })

  it('hands back the given model where nothing shrinks', async () => {
    const model = buildModel({ ...IO, nodes: [node('MatMul', 'x w', 'y')], initializers: { w: ramp([13, 17]) } })
    expect((await compress(model, { minBytes: 885 })).model).toBe(model)
    const old = buildModel({
      ...IO,
      opset: 5,
      nodes: [node('MatMul', 'x w', 'y')],
      initializers: { w: ramp([13, 17]) },
    })
    expect(await compress(old)).toMatchObject({ notes: ['Stays float32: Cast takes float16 from opset 6 on.'] })
  })
})

describe('float16 graph', () => {
  const feeds = { x: input([3, 13]) }
  const mlp = () =>
    buildModel({
      ...IO,
      nodes: [
        node('MatMul', 'x w', 'h'),
        node('Constant', '', 'slope', { value_float: { float: 0.1 } }),
        node('PRelu', 'h slope', 'i'),
        node('Shape', 'i', 's'),
        node('ConstantOfShape', 's', 'ones', { value: { tensor: { ...f32([1], [1.5]), name: '' } } }),
        node('Add', 'i ones', 'j'),
        node('Cast', 'j', 'k', { to: 1 }),
        node('Softmax', 'k', 'y', { axis: -1 }),
      ],
      initializers: { w: ramp([13, 17], 0.05) },
      valueInfo: { h: ['float32', [3, 17]], s: ['int64', [2]] },
    })

  it('computes in half precision between float32 inputs and outputs', async () => {
    const { model: small, error, notes, outputs } = await compare(mlp(), feeds, { scope: 'graph' })
    expect(notes).toEqual([])
    expect(error).toBeLessThan(1e-2)
    expect(outputs.get('y')?.dtype).toBe('float32')
    expect(types(small)).toEqual([
      ...['Cast', 'MatMul', 'Constant', 'PRelu', 'Shape', 'ConstantOfShape', 'Add', 'Identity', 'Softmax', 'Cast'],
    ])
    expect(small.graph.nodes.filter((n) => n.opType === 'Cast').map((n) => n.attributes.get('to'))).toMatchObject([
      { value: 10n },
      { value: 1n },
    ])
    expect(small.graph.initializers.get('w')?.dtype).toBe('float16')
    expect(small.graph.valueInfo.get('h')?.type).toEqual({ kind: 'tensor', dtype: 'float16', shape: [3, 17] })
    expect(small.graph.valueInfo.get('s')?.type).toMatchObject({ dtype: 'int64' })
    expect(small.graph.outputs.map((info) => info.name)).toEqual(['y'])
  })

  it('gives float16 inputs and outputs when asked', async () => {
    const { model: small } = await compress(mlp(), { scope: 'graph', keepIo: false })
    const x = { dtype: 'float16' as const, shape: [3, 13], data: new Uint8Array(78).fill(0x38) }
    const outputs = await runModel(small, new Map([['x', x]]))
    expect(outputs.get('y')).toMatchObject({ dtype: 'float16', shape: [3, 17] })
    expect(types(small)).not.toContain('Cast')
  })

  it('keeps what may overflow in float32 until it is back in range, and says so', async () => {
    const model = buildModel({
      ...IO,
      nodes: [
        node('MatMul', 'x w', 'h'),
        node('Pow', 'h two', 'p', {}, 'square'),
        node('ReduceMean', 'p', 'm', { axes: [1], keepdims: 1 }),
        node('Add', 'm eps', 'v'),
        node('Sqrt', 'v', 's'),
        node('Div', 'h s', 'n'),
        node('Where', 'mask n far', 'k', {}, 'masking'),
        node('Softmax', 'k', 'y', { axis: -1 }),
      ],
      initializers: {
        ...{
          w: f32(
            [13, 17],
            [...Array(221).keys()].map((i) => ((i * 7) % 29) * 50 - 600),
          ),
          two: f32([], [2]),
        },
        ...{
          eps: f32([], [1e-12]),
          far: f32([], [-1e9]),
          mask: bool(
            [1, 17],
            [...Array(17).keys()].map((i) => i % 3),
          ),
        },
      },
    })
    const { error, notes, model: small } = await compare(model, feeds, { scope: 'graph' })
    expect(error).toBeLessThan(1e-2)
    expect(small.graph.initializers.get('far')?.dtype).toBe('float32')
    expect(small.graph.initializers.get('w')?.dtype).toBe('float16')
    expect(notes).toContain('Stays float32: "square" (Pow): Pow may leave the range of float16.')
    expect(notes.some((text) => text.includes('"masking" (Where): "far" stays float32'))).toBe(true)
  })

  it('follows Loop bodies and If branches, and leaves scales of Resize alone', async () => {
    const body = buildGraph({
      name: 'body',
      inputs: { i: ['int64', []], go: ['bool', []], acc: ['float32', [1, 1, 3, 13]] },
      outputs: { go2: ['bool', []], acc2: ['float32', [1, 1, 3, 13]] },
      nodes: [node('Identity', 'go', 'go2'), node('Mul', 'acc factor', 'a'), node('Add', 'a image', 'acc2')],
      initializers: { factor: f32([], [0.7]) },
    })
    const model = buildModel({
      inputs: { x: ['float32', [3, 13]] },
      outputs: { y: ['float32', [1, 1, 6, 26]] },
      nodes: [
        node('Reshape', 'x shape', 'image'),
        node('Loop', 'times yes image', 'looped', { body }),
        node('Resize', 'looped ~ scales', 'y', { mode: 'nearest' }),
      ],
      initializers: {
        ...{ shape: i64([4], [1, 1, 3, 13]), times: i64([], [3]), yes: bool([], [1]), scales: f32([4], [1, 1, 2, 2]) },
      },
    })
    const { error, model: small, notes } = await compare(model, feeds, { scope: 'graph' })
    expect(notes).toEqual([])
    expect(error).toBeLessThan(3e-3)
    expect(small.graph.initializers.get('scales')?.dtype).toBe('float32')
    const inner = [...bodies(small)][1]
    expect(inner?.kind === 'graph' && inner.inputs[2]?.type).toMatchObject({ dtype: 'float16' })
  })

  it('keeps in float32 what onnxruntime cannot do in float16: IsInf, Celu, reductions while scattering', async () => {
    const model = buildModel({
      ...{ inputs: { x: ['float32', [3, 13]] }, outputs: { y: ['float32', [3, 13]] } },
      nodes: [
        node('MatMul', 'x w', 'h'),
        node('Celu', 'h', 'c'),
        node('IsInf', 'c', 'i'),
        node('Where', 'i x c', 's'),
        node('ScatterElements', 's at h', 'a', { axis: 1, reduction: 'add' }, 'summed'),
        node('ScatterElements', 'a at h', 'y', { axis: 1 }),
      ],
      initializers: {
        w: ramp([13, 13], 0.03),
        at: i64(
          [3, 13],
          Array.from({ length: 39 }, (_, k) => (k * 5) % 13),
        ),
      },
    })
    const { error, notes } = await compare(model, feeds, { scope: 'graph' })
    expect(error).toBeLessThan(5e-3)
    expect(notes).toHaveLength(3)
    expect(notes).toContain(
      'Stays float32: "summed" (ScatterElements): ScatterElements with a reduction is not safe in float16.',
    )
  })

  it('hands values on where a Cast or CastLike gave float32 from float32', async () => {
    const model = buildModel({
      ...{ inputs: { x: ['float32', [3, 13]], n: ['int64', [13]] }, outputs: { y: ['float32', [3, 13]] } },
      nodes: [
        node('Less', 'n three', 'low'),
        node('Where', 'low far zero', 'masked'),
        node('CastLike', 'masked x', 'mask'),
        node('CastLike', 'low x', 'extra'),
        node('Add', 'x mask', 'sum'),
        node('Cast', 'sum', 'again', { to: 1 }),
        node('Add', 'again extra', 'y'),
      ],
      initializers: { far: f32([], [-9]), zero: f32([], [0]), three: i64([], [3]) },
    })
    const n = tensorOf('int64', [13], [...Array(13).keys()])
    const { error, model: small } = await compare(model, { ...feeds, n }, { scope: 'graph' })
    expect(error).toBeLessThan(2e-3)
    expect(types(small).filter((type) => type !== 'Cast')).toEqual(
      expect.arrayContaining(['Less', 'Where', 'Identity', 'Add', 'Identity', 'Add']),
    )
    expect(types(small)).not.toContain('CastLike')
  })

  it('takes the dtype of BitCast from its attribute, and its bits from float32', async () => {
    const model = buildModel({
      ...{ inputs: { x: ['float32', [3, 13]] }, outputs: { y: ['int32', [3, 13]], z: ['float32', [3, 13]] } },
      ...{ opset: 26, irVersion: 13 },
      nodes: [
        node('BitCast', 'x', 'bits', { to: 6 }),
        node('Add', 'bits one', 'y'),
        node('BitCast', 'y', 'next', { to: 1 }),
        node('Mul', 'next half', 'z'),
      ],
      initializers: { one: i32([], [1]), half: f32([], [0.5]) },
    })
    const { error, outputs, notes } = await compare(model, feeds, { scope: 'graph' })
    expect(error).toBeLessThan(2e-3)
    expect([...asNumbers(outputs.get('y') as Tensor)]).toEqual(
      [...new Int32Array((feeds.x as Tensor).data.slice().buffer)].map((bits) => bits + 1),
    )
    expect(notes).toHaveLength(1)
  })

  it('leaves Dropout alone that is told to train: onnxruntime refuses it with a constant in float16', async () => {
    const model = buildModel({
      ...{ inputs: { x: ['float32', [3, 13]], r: ['float32', []] }, outputs: { y: ['float32', [3, 13]] } },
      nodes: [node('Dropout', 'w r t', 'd', { seed: 1 }), node('Add', 'x d', 'y')],
      initializers: { w: ramp([3, 13]), t: bool([], [1]) },
      valueInfo: { d: ['float32', [3, 13]] },
    })
    const { error, notes } = await compare(model, { ...feeds, r: tensorOf('float32', [], [0]) }, { scope: 'graph' })
    expect(error).toBeLessThan(2e-3)
    expect(notes.join()).toMatch(/Dropout that may train/)
  })

  it('does not call a Cast between whole numbers unsafe', async () => {
    const model = buildModel({
      ...{ inputs: { x: ['float32', [3, 13]] }, outputs: { y: ['float32', [13, 3]] } },
      nodes: [
        node('Shape', 'x', 's'),
        node('Cast', 's', 's32', { to: 6 }),
        node('Cast', 's32', 's64', { to: 7 }),
        node('Gather', 's64 swap', 'turned'),
        node('Reshape', 'x turned', 'y'),
      ],
      initializers: { swap: i64([2], [1, 0]) },
    })
    expect((await compare(model, feeds, { scope: 'graph' })).notes).toEqual([])
  })

  it('keeps foreign operators in float32, and falls back to weights where types cannot be followed', async () => {
    const foreign = buildModel({
      ...IO,
      opsets: { 'com.microsoft': 1 },
      nodes: [node('MatMul', 'x w', 'h'), node('com.microsoft:Gelu', 'h', 'g', {}, 'gelu'), node('Neg', 'g', 'y')],
      initializers: { w: ramp([13, 17]) },
      valueInfo: { g: ['float32', [3, 17]] },
    })
    const { error, notes } = await compare(foreign, feeds, { scope: 'graph' })
    expect(error).toBeLessThan(5e-3)
    expect(notes).toEqual(['Stays float32: "gelu" (Gelu): operator com.microsoft::Gelu is not a standard one.'])
    const untyped = buildModel({ ...foreignSpec, nodes: foreign.graph.nodes })
    const fallback = await compare(untyped, feeds, { scope: 'graph' })
    expect(fallback.notes).toEqual([
      'Only weights are stored in float16; the graph computes in float32 as before, because the type of "g" (made by Gelu) is not known.',
    ])
    expect(fallback.model.graph.initializers.get('w_h')?.dtype).toBe('float16')
  })

  const foreignSpec = { ...IO, opsets: { 'com.microsoft': 1 }, initializers: { w: ramp([13, 17]) } }
})
