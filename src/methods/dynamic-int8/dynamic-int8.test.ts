import { describe, expect, it } from 'vitest'
import { elementCount } from '../../core/dtypes'
import { resolveOptions } from '../../core/options'
import { Random } from '../../core/random'
import { asNumbers, type Tensor } from '../../core/tensor'
import { fromTensor, toTensor } from '../../core/host-array'
import { openEngine } from '../../engine/session'
import type { Model, Node } from '../../graph/model'
import { buildFunction, buildGraph, buildModel, f32, node, tensorOf, type ModelSpec } from '../../testing/build-model'
import { methodContext, runModel } from '../../testing/method-context'
import { wasmLevels } from '../../testing/wasm-machines'
import { method } from './dynamic-int8'
import { meta } from './meta'

/** Gaussian weights whose channels differ in size along `axis`, with one outlier and one channel of zeros. */
function weights(shape: readonly number[], axis = 0, seed = 5) {
  const random = new Random(seed)
  const inner = elementCount(shape.slice(axis + 1))
  const values = Array.from({ length: elementCount(shape) }, (_, i) => {
    const channel = Math.floor(i / inner) % (shape[axis] as number)
    return channel === 2 ? 0 : random.normal() * (0.1 + channel * 0.05) * (i === 17 ? 3 : 1)
  })
  return f32(shape, values)
}

function input(shape: readonly number[], seed = 9): Tensor {
  const random = new Random(seed)
  return tensorOf(
    'float32',
    shape,
    Array.from({ length: elementCount(shape) }, () => random.normal() + 0.3),
  )
}

function sqnrDb(before: Tensor, after: Tensor): number {
  const [x, y] = [asNumbers(before), asNumbers(after)]
  expect([...after.shape]).toEqual([...before.shape])
  const noise = x.reduce((sum, value, i) => sum + (value - (y[i] as number)) ** 2, 0)
  return 10 * Math.log10(x.reduce((sum, value) => sum + value * value, 0) / noise)
}

async function compress(model: Model, given: Record<string, unknown> = {}) {
  const { context, notes } = methodContext()
  const result = await method.run(context, model, resolveOptions(meta.options, given, 'dynamic-int8'))
  return { ...result, notes: notes.map(({ text }) => text) }
}

/** Compresses; runs original and result in onnxruntime with all its fusions, and the result on our engine. */
async function compare(model: Model, feeds: Record<string, Tensor>, given: Record<string, unknown> = {}) {
  const result = await compress(model, given)
  const inputs = new Map(Object.entries(feeds))
  const before = await runModel(model, inputs)
  const after = await runModel(result.model, inputs)
  const session = await openEngine(result.model, { machine: await wasmLevels[0]!.make() })
  const own = await session.run(new Map([...inputs].map(([name, tensor]) => [name, fromTensor(tensor)])))
  session.dispose()
  const names = [...before.keys()]
  const worst = (one: ReadonlyMap<string, Tensor>, other: ReadonlyMap<string, Tensor>) =>
    Math.min(...names.map((name) => sqnrDb(one.get(name) as Tensor, other.get(name) as Tensor)))
  const ours = new Map([...own].map(([name, array]) => [name, toTensor(array)]))
  return { ...result, worst: worst(before, after), engine: worst(after, ours) }
}

const typesOf = (model: Model) => model.graph.nodes.map(({ opType }) => opType)
const spec = (nodes: readonly Node[], initializers: ModelSpec['initializers'] = {}): ModelSpec => ({
  inputs: { x: ['float32'] },
  outputs: { y: ['float32'] },
  nodes,
  initializers,
})

const MATMUL = ['DynamicQuantizeLinear', 'Mul', 'MatMulInteger', 'Cast', 'Mul']

describe('products of matrices', () => {
  it('MatMul with a scale per column', async () => {
    const model = buildModel(spec([node('MatMul', 'x w', 'y', {}, 'the_product')], { w: weights([29, 37], 1) }))
    const found = await compare(model, { x: input([2, 3, 29]) })
    expect(typesOf(found.model)).toEqual(MATMUL)
    expect(
      found.model.graph.nodes.map(({ name, inputs, outputs }) => [name, ...inputs, '→', ...outputs].join(' ')),
    ).toEqual([
      'x_Quantize x → x_q x_scale x_zero',
      'y_scale_Mul x_scale w_scale → y_scale',
      'the_product x_q w_q x_zero → y_int32',
      'y_Cast y_int32 → y_float',
      'y_Mul y_float y_scale → y',
    ])
    expect([...found.model.graph.initializers.values()].map(({ name, dtype, shape }) => [name, dtype, shape])).toEqual([
      ['w_scale', 'float32', [37]],
      ['w_q', 'int8', [29, 37]],
    ])
    expect(found.worst).toBeGreaterThan(30)
    expect(found.engine).toBeGreaterThan(100)
    expect(found.notes).toEqual([])
    expect(found.tensors).toMatchObject([
      { name: 'w', from: 'float32', to: 'int8', sizeBeforeBytes: 4292, sizeAfterBytes: 1221 },
    ])
    expect(found.layers).toEqual([
      { name: 'the_product', opType: 'MatMul', to: 'int8', sizeBeforeBytes: 4292, sizeAfterBytes: 1221 },
    ])
    expect(model.graph.nodes[0]?.opType).toBe('MatMul') // the given model is as it was
  })

  it('keeps 7 bits, or 8 where asked', async () => {
    const model = buildModel(spec([node('MatMul', 'x w', 'y')], { w: weights([29, 37], 1) }))
    const largest = async (given: Record<string, unknown>) => {
      const { model: made } = await compress(model, given)
      const data = made.graph.initializers.get('w_q')!.data
      return Math.max(...[...new Int8Array((await data.read(0, data.sizeBytes)).buffer)].map(Math.abs))
    }
    expect(await largest({})).toBe(64)
    expect(await largest({ reduceRange: false })).toBe(127)
  })

  it.each([
    ['per tensor', { granularity: 'per-tensor' }, 1],
    ['per column', {}, 37],
  ])('Gemm %s, everything turned, scaled and added', async (_name, given, scales) => {
    const attributes = { transA: 1, transB: 1, alpha: { float: 0.5 }, beta: { float: 2 } }
    const model = buildModel(
      spec([node('Gemm', 'x w c', 'y', attributes, 'g')], { w: weights([37, 29], 0), c: weights([37], 0, 3) }),
    )
    const found = await compare(model, { x: input([29, 5]) }, given)
    expect(typesOf(found.model)).toEqual([
      ...['DynamicQuantizeLinear', 'Transpose', 'Transpose', 'Mul', 'MatMulInteger', 'Cast', 'Mul', 'Add'],
    ])
    expect(found.model.graph.nodes.find(({ opType }) => opType === 'MatMulInteger')).toMatchObject({ name: 'g' })
    expect(elementCount(found.model.graph.initializers.get('w_scale_alpha')!.shape)).toBe(scales)
    expect([...found.model.graph.initializers.keys()].sort()).toEqual(['c_bias', 'w_q', 'w_scale_alpha'])
    expect(found.worst).toBeGreaterThan(25)
    expect(found.engine).toBeGreaterThan(100)
  })

  it('Gemm with a computed C, and without one', async () => {
    const model = buildModel(
      spec([node('Gemm', 'x w', 'h'), node('Abs', 'h', 'c'), node('Gemm', 'h v c', 'y', { beta: 0.5, transB: 1 })], {
        w: weights([29, 31], 1),
        v: weights([31, 31], 0),
      }),
    )
    const found = await compare(model, { x: input([4, 29]) })
    expect(typesOf(found.model).filter((type) => type === 'MatMulInteger')).toHaveLength(2)
    expect(found.worst).toBeGreaterThan(20)
    expect(found.engine).toBeGreaterThan(60)
  })

  it('quantizes an input once for all its readers', async () => {
    const model = buildModel(
      spec(
        [node('MatMul', 'x w', 'a'), node('MatMul', 'x v', 'b'), node('MatMul', 'x w', 'c'), node('Sum', 'a b c', 'y')],
        { w: weights([29, 31], 1), v: weights([29, 31], 1, 2) },
      ),
    )
    const found = await compare(model, { x: input([4, 29]) })
    expect(typesOf(found.model).filter((type) => type === 'DynamicQuantizeLinear')).toHaveLength(1)
    expect([...found.model.graph.initializers.keys()]).toEqual(['w_scale', 'w_q', 'v_scale', 'v_q'])
    expect(found.worst).toBeGreaterThan(25)
  })

  it('reads weights behind Cast and Transpose, and in sub-graphs', async () => {
    const branch = (name: string, weight: string) =>
      buildGraph({ name, outputs: { [`${name}_y`]: ['float32'] }, nodes: [node('MatMul', `x ${weight}`, `${name}_y`)] })
    const model = buildModel({
      inputs: { x: ['float32', [4, 29]], c: ['bool', []] },
      outputs: { y: ['float32'] },
      nodes: [
        node('Transpose', 'w', 'wt'),
        node('If', 'c', 'y', { then_branch: branch('then', 'wt'), else_branch: branch('else', 'v') }),
      ],
      initializers: { w: weights([31, 29], 0), v: weights([29, 31], 1, 2) },
    })
    const found = await compare(model, { x: input([4, 29]), c: { dtype: 'bool', shape: [], data: Uint8Array.of(1) } })
    expect([...found.model.graph.initializers.keys()].sort()).toEqual(['v_q', 'v_scale', 'w_q', 'w_scale'])
    expect(typesOf(found.model)).toEqual(['If'])
    expect(found.worst).toBeGreaterThan(25)
  })
})

describe('convolutions', () => {
  const model = buildModel(
    spec([node('Conv', 'x w b', 'y', { pads: [1, 1, 0, 0], strides: [2, 1] }, 'c')], {
      w: weights([7, 5, 3, 3]),
      b: weights([7], 0, 2),
    }),
  )

  it('stay float unless they are asked for', async () => {
    const found = await compress(model)
    expect(found.model).toBe(model)
    expect(found.notes).toEqual(['"c" stays float: convolutions are left out: ConvInteger is slower.'])
    expect(found.layers).toMatchObject([{ name: 'c', opType: 'Conv', to: 'float' }])
  })

  it.each([
    ['by the option', { conv: true }],
    ['by a rule', { layers: 'type:Conv=8' }],
  ])('become ConvInteger %s', async (_name, given) => {
    const found = await compare(model, { x: input([2, 5, 9, 8]) }, given)
    expect(typesOf(found.model)).toEqual(['DynamicQuantizeLinear', 'Mul', 'ConvInteger', 'Cast', 'Mul', 'Add'])
    expect(found.model.graph.initializers.get('w_scale')?.shape).toEqual([7, 1, 1])
    expect(found.notes).toEqual(['ConvInteger is slower than the float Conv on most processors: compare the times.'])
    expect(found.worst).toBeGreaterThan(25)
    expect(found.engine).toBeGreaterThan(100)
  })

  it('take a bias that is computed', async () => {
    const computed = buildModel(
      spec([node('Abs', 'b', 'bb'), node('Conv', 'x w bb', 'y')], { w: weights([17, 11, 3]), b: weights([17], 0, 2) }),
    )
    const found = await compare(computed, { x: input([2, 11, 9]) }, { conv: true })
    expect(typesOf(found.model)).toContain('Reshape')
    expect(found.worst).toBeGreaterThan(25)
  })
})

describe('recurrent layers', () => {
  const layer = (opType: string, gates: number, attributes: Parameters<typeof node>[3] = {}) =>
    buildModel({
      inputs: { x: ['float32', [6, 2, 11]] },
      outputs: { y: ['float32'], h: ['float32'] },
      nodes: [
        node(opType, 'x w r b', 'y h', { hidden_size: 9, direction: 'bidirectional', ...attributes }, 'the_layer'),
      ],
      initializers: {
        w: weights([2, gates * 9, 11], 1),
        r: weights([2, gates * 9, 9], 1, 6),
        b: weights([2, gates * 18], 1, 7),
      },
    })

  it.each([
    ['per channel', {}, [2, 36]],
    ['per tensor', { granularity: 'per-tensor' }, [2]],
  ])('LSTM %s', async (_name, given, scales) => {
    const found = await compare(layer('LSTM', 4), { x: input([6, 2, 11]) }, given)
    expect(typesOf(found.model)).toEqual(['Transpose', 'Transpose', 'DynamicQuantizeLSTM'])
    const last = found.model.graph.nodes.at(-1) as Node
    expect(last).toMatchObject({ name: 'the_layer', domain: 'com.microsoft', outputs: ['y', 'h'] })
    expect(last.inputs).toEqual([
      ...['x', 'w_q_turned', 'r_q_turned', 'b', '', '', '', '', 'w_scale', 'w_zero', 'r_scale', 'r_zero'],
    ])
    expect(found.model.opsets.get('com.microsoft')).toBe(1)
    expect(found.model.graph.initializers.get('w_scale')?.shape).toEqual(scales)
    expect(found.notes).toEqual([
      'DynamicQuantizeLSTM is an operator of ONNX Runtime: other runtimes cannot load the model.',
    ])
    expect(found.worst).toBeGreaterThan(25)
    expect(found.engine).toBeGreaterThan(60)
  })

  it.each([
    ['GRU', 3, {}, {}, 'GRU has no integer form'],
    ['RNN', 1, {}, {}, 'RNN has no integer form'],
    ['LSTM', 4, {}, { lstm: false }, 'LSTM is left out'],
    ['LSTM', 4, {}, { layers: 'the_*=float' }, 'a rule keeps it in float'],
  ])('%s stays float (%#)', async (opType, gates, attributes, given, why) => {
    const found = await compress(layer(opType, gates, attributes), given)
    expect(found.notes).toEqual([`"the_layer" stays float: ${why}.`])
    expect(found.tensors).toEqual([])
  })
})

describe('what stays float', () => {
  const w = weights([29, 31], 1)
  const lone = (nodes: readonly Node[], initializers: ModelSpec['initializers']) =>
    buildModel(spec(nodes, initializers))
  const cases: [string, Model, Record<string, unknown>][] = [
    [
      'scales and nodes would take more than is gained',
      lone([node('MatMul', 'x w', 'y', {}, 'n')], { w: weights([3, 3], 1) }),
      {},
    ],
    ['its weight is not its second input', lone([node('MatMul', 'w x', 'y', {}, 'n')], { w }), {}],
    ['its weight is a vector', lone([node('MatMul', 'x w', 'y', {}, 'n')], { w: weights([999]) }), {}],
    [
      'its weight is also read by g, in float',
      lone([node('Gather', 'w i', 'x2', {}, 'g'), node('MatMul', 'x2 w', 'y', {}, 'n')], {
        w,
        i: { ...tensorless('int64', [1]) },
      }),
      {},
    ],
    [
      'its weight is also read by an output of the graph, in float',
      buildModel({
        ...spec([node('MatMul', 'x w', 'y', {}, 'n')], { w }),
        outputs: { y: ['float32'], w: ['float32'] },
      }),
      {},
    ],
    ['a rule keeps it in float', lone([node('MatMul', 'x w', 'y', {}, 'n')], { w }), { layers: 'n=float' }],
  ]

  it.each(cases)('%s', async (why, model, given) => {
    const found = await compress(model, given)
    expect(found.notes).toEqual([`"n" stays float: ${why}.`])
    expect(found.layers).toMatchObject([{ name: 'n', to: 'float', why }])
    expect(found.model).toBe(model)
  })

  it('half precision, and what stands in functions', async () => {
    const half = buildModel({
      inputs: { x: ['float16', [4, 29]] },
      outputs: { y: ['float16'] },
      nodes: [node('MatMul', 'x w', 'y', {}, 'n')],
      initializers: { w: { ...w, dtype: 'float16' } },
    })
    expect((await compress(half)).layers).toMatchObject([{ to: 'float' }])
    const called = buildFunction({
      name: 'f',
      domain: 'local',
      inputs: ['a', 'b'],
      outputs: ['c'],
      nodes: [node('MatMul', 'a b', 'c', {}, 'inner')],
    })
    const model = buildModel({
      ...spec([node('local:f', 'x w', 'y')], { w }),
      opsets: { local: 1 },
      functions: [called],
    })
    expect((await compress(model)).layers).toMatchObject([{ name: 'inner', why: 'it is part of a function' }])
  })

  it('a model of an old opset that a node keeps there', async () => {
    const model = buildModel({
      ...spec([node('NoSuchThing', 'x', 'z'), node('MatMul', 'z w', 'y', {}, 'n')], { w }),
      valueInfo: { z: ['float32', [4, 29]] },
      opset: 9,
    })
    const found = await compress(model)
    expect(found.model).toBe(model)
    expect(found.notes[0]).toContain('Stays float: DynamicQuantizeLinear needs opset 11, and node')
    expect(found.layers).toMatchObject([{ to: 'float', why: 'the opset could not be raised' }])
  })

  it('raises the opset where it can', async () => {
    const model = buildModel({ ...spec([node('MatMul', 'x w', 'y')], { w }), opset: 8, irVersion: 4 })
    const found = await compare(model, { x: input([4, 29]) })
    expect(found.model.opsets.get('')).toBe(11)
    expect(found.worst).toBeGreaterThan(25)
  })

  it('says which rule asks for other bits', async () => {
    const model = lone([node('MatMul', 'x w', 'y', {}, 'n')], { w })
    await expect(compress(model, { layers: 'n=16' })).rejects.toThrow(
      'A rule of dynamic-int8 wants 16 bits for the layer "n": expected float or 8.',
    )
  })

  it('predicts what it does', () => {
    const model = lone([node('MatMul', 'x w', 'h'), node('Add', 'h b', 'y')], { w, b: weights([31]) })
    const predicted = method.predict(model, resolveOptions(meta.options, {}, 'dynamic-int8'))
    expect(predicted.map(({ tensor, action, why, sizeAfterBytes }) => [tensor, action, why, sizeAfterBytes])).toEqual([
      ['w', 'shrink', 'weights of 1 MatMul node', 899 + 124],
      ['b', 'keep', 'kept: read by Add, not as a weight', 124],
    ])
  })
})

function tensorless(dtype: 'int64', shape: readonly number[]) {
  const { data } = tensorOf(dtype, shape, [3])
  return { dtype, shape, data: { sizeBytes: data.byteLength, read: () => Promise.resolve(data) } }
}
