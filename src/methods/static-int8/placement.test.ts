import { describe, expect, it } from 'vitest'
import { UsageError } from '../../core/errors'
import { f32, buildGraph, buildModel, i64, node, type ModelSpec } from '../../testing/build-model'
import { tensorFromBytes } from '../../graph/model'
import { methodContext } from '../../testing/method-context'
import { method } from './static-int8'
import { compare, compress, input, lines, options, weights } from './test-kit'

const spec = (nodes: ModelSpec['nodes'], initializers: ModelSpec['initializers'], shape = [1, 6, 8, 9]): ModelSpec => ({
  inputs: { x: ['float32', shape] },
  outputs: { y: ['float32'] },
  nodes,
  initializers,
})
const w1 = weights([6, 6, 3, 3])
const w2 = weights([4, 6, 1, 1], 0, 3)
const first = node('Conv', 'x w1', 'a', { pads: [1, 1, 1, 1] }, 'first')
const feeds = (shape = [1, 6, 8, 9]) => new Map([['x', input(shape)]])

/** [name, nodes after `first` (a → b), what stands beside the weights] */
const BETWEEN: [string, ModelSpec['nodes'], ModelSpec['initializers']?][] = [
  ['MaxPool', [node('MaxPool', 'a', 'b', { kernel_shape: [2, 2] })]],
  ['AveragePool', [node('AveragePool', 'a', 'b', { kernel_shape: [2, 2] })]],
  ['Resize', [node('Resize', 'a ~ s', 'b', { mode: 'nearest' })], { s: f32([4], [1, 1, 2, 2]) }],
  ['Add of a constant', [node('Relu', 'a', 'r'), node('Add', 'r c', 'b')], { c: weights([1, 6, 8, 9], 1, 8) }],
  ['Mul', [node('Sigmoid', 'a', 's'), node('Mul', 'a s', 'b')]],
  ['LeakyRelu', [node('LeakyRelu', 'a', 'b', { alpha: 0.1 })]],
  ['HardSwish', [node('HardSwish', 'a', 'b')]],
  ['Clip', [node('Clip', 'a lo hi', 'b')], { lo: f32([], [0]), hi: f32([], [6]) }],
  ['Pad', [node('Pad', 'a p', 'b')], { p: i64([8], [0, 0, 1, 1, 0, 0, 1, 1]) }],
  ['Transpose', [node('Transpose', 'a', 't', { perm: [0, 1, 3, 2] }), node('Identity', 't', 'b')]],
  ['Slice', [node('Slice', 'a f t ax', 'b')], { f: i64([1], [1]), t: i64([1], [7]), ax: i64([1], [2]) }],
  ['Softmax', [node('Softmax', 'a', 'b', { axis: 1 })]],
  ['Concat', [node('Relu', 'a', 'r'), node('Concat', 'r a', 'k', { axis: 2 }), node('Identity', 'k', 'b')]],
  ['Split', [node('Split', 'a h', 'p q', { axis: 2 }), node('Add', 'p q', 'b')], { h: i64([2], [4, 4]) }],
]

describe('between two products', () => {
  it.each(BETWEEN)('%s, for every target', async (_, nodes, initializers) => {
    const all = [first, ...nodes, node('Conv', 'b w2', 'y', {}, 'second')]
    const model = buildModel(spec(all, { w1, w2, ...initializers }))
    for (const target of ['generic', 'ort-web', 'tensorrt', 'mobile']) {
      const { ort, engine, model: made } = await compare(model, feeds(), { target })
      expect(Math.min(ort, engine), target).toBeGreaterThan(18)
      expect(lines(made).filter((line) => / b(_dq)? w2_dq/.test(line))).toHaveLength(1)
    }
  })

  it('what moves values keeps their scale and zero point; a concatenation and all that it joins share one range', async () => {
    const nodes = [
      first,
      node('Relu', 'a', 'r'),
      node('MaxPool', 'a', 'm', { kernel_shape: [1, 1] }),
      node('Concat', 'r m', 'b', { axis: 1 }),
      node('Conv', 'b w3', 'y', {}, 'second'),
    ]
    const { values } = await compress(buildModel(spec(nodes, { w1, w3: weights([4, 12, 1, 1], 0, 3) })), [feeds()])
    const scales = new Map(values!.map(({ name, scale, zeroPoint }) => [name, `${scale} ${zeroPoint}`]))
    expect(new Set(['a', 'r', 'm', 'b'].map((name) => scales.get(name))).size).toBe(1)
  })
})

describe('products', () => {
  const cases: [string, ModelSpec, number[]][] = [
    ['Conv 1-D', spec([node('Conv', 'x w', 'y', {}, 'op')], { w: weights([5, 3, 3]) }, [1, 3, 9]), [1, 3, 9]],
    ['Conv 3-D', spec([node('Conv', 'x w', 'y')], { w: weights([5, 3, 2, 2, 2]) }, [1, 3, 4, 5, 6]), [1, 3, 4, 5, 6]],
    [
      'ConvTranspose',
      spec([node('ConvTranspose', 'x w', 'y')], { w: weights([3, 5, 2, 2], 1) }, [1, 3, 5, 6]),
      [1, 3, 5, 6],
    ],
    ['Gemm', spec([node('Gemm', 'x w b', 'y')], { w: weights([7, 5], 1), b: weights([5]) }, [3, 7]), [3, 7]],
    [
      'MatMul + Add',
      spec([node('MatMul', 'x w', 'm'), node('Add', 'm b', 'y')], { w: weights([7, 5], 1), b: weights([5]) }, [3, 7]),
      [3, 7],
    ],
    ['MatMul of two values', spec([node('Transpose', 'x', 't'), node('MatMul', 'x t', 'y')], {}, [3, 7]), [3, 7]],
    ['batched MatMul', spec([node('MatMul', 'x w', 'y')], { w: weights([2, 7, 5], 2) }, [2, 3, 7]), [2, 3, 7]],
  ]
  it.each(cases)('%s', async (_, one, shape) => {
    for (const target of ['generic', 'ort-web', 'tensorrt', 'mobile']) {
      const { ort, engine } = await compare(buildModel(one), feeds(shape), { target })
      expect(Math.min(ort, engine), target).toBeGreaterThan(25)
    }
  })

  it('makes Gemm of MatMul and Add, with an int32 bias and zero points that onnxruntime asks for', async () => {
    const { model, notes } = await compress(buildModel(cases[4]![1]), [feeds([3, 7])])
    expect(lines(model)).toContain('Gemm x_dq w_dq b_dq -> y')
    expect(lines(model)).toContain('DequantizeLinear w_q w_scale w_zero -> w_dq')
    expect(notes).toEqual(['Constants that were added behind products are their biases: 1.'])
  })
})

describe('rules for layers', () => {
  const chained = buildModel(
    spec([first, node('Conv', 'a w2', 'b', {}, 'second'), node('Conv', 'b w4', 'y', {}, 'third')], {
      w1,
      w2: weights([64, 6, 1, 1]),
      w4: weights([5, 64, 1, 1]),
    }),
  )

  it.each([
    ['second=float', ['int8', 'float', 'int8']],
    ['type:Conv=float first=8', ['float', 'float', 'float']],
    ['first=8 type:Conv=float', ['int8', 'float', 'float']],
    ['pattern:Conv+Conv+Conv=16', ['int16', 'int8', 'int8']],
    ['t*=4', ['int8', 'int8', 'int4 weights']],
  ])('%s', async (layers, expected) => {
    const { layers: made, ort, engine } = await compare(chained, feeds(), { layers })
    expect(made?.map(({ to }) => to)).toEqual(expected)
    expect(Math.min(ort, engine)).toBeGreaterThan(15)
  })

  it('16 bits lift the opset to 21 and change nothing that people would see', async () => {
    const { model: made, ort, engine } = await compare(chained, feeds(), { layers: '*=16', target: 'ort-web' })
    expect(made.opsets.get('')).toBe(21)
    expect(made.graph.initializers.get('x_zero')?.dtype).toBe('uint16')
    expect(Math.min(ort, engine)).toBeGreaterThan(40)
  })

  it('4 bits are blocks of 32 along the axis that is summed over', async () => {
    const { model: made } = await compress(chained, [feeds()], { layers: 'third=4' })
    expect(made.graph.initializers.get('w4_q')).toMatchObject({ dtype: 'int4', shape: [5, 64, 1, 1] })
    expect(made.graph.initializers.get('w4_scale')?.shape).toEqual([5, 2, 1, 1])
  })

  it('a tensor that a float layer shares stays float for all of its readers', async () => {
    const shared = buildModel(spec([first, node('Conv', 'a w1', 'y', {}, 'second')], { w1 }))
    const { layers, model: made } = await compress(shared, [feeds()], { layers: 'second=float' })
    expect(layers?.map(({ to, why }) => `${to}: ${why}`)).toEqual([
      'float: shares a weight with second, which stays in float',
      'float: a rule keeps it in float',
    ])
    expect(made).toBe(shared)
  })
})

describe('what cannot be integer', () => {
  it('weights in sub-graphs are stored in 8 bits; a captured weight has one node for all', async () => {
    const branch = (name: string) =>
      buildGraph({ outputs: { [name]: ['float32'] }, nodes: [node('MatMul', 'm w', name, {}, `${name}_in`)] })
    const model = buildModel({
      inputs: { x: ['float32', [3, 7]], c: ['bool', []] },
      outputs: { y: ['float32'] },
      nodes: [
        node('MatMul', 'x w', 'm', {}, 'outer'),
        node('If', 'c', 'y', { then_branch: branch('p'), else_branch: branch('q') }),
      ],
      initializers: { w: weights([7, 7], 1) },
    })
    const { model: made, notes } = await compress(model, [
      new Map([...feeds([3, 7]), ['c', { dtype: 'bool', shape: [], data: Uint8Array.of(1) }]]),
    ])
    expect(lines(made).filter((line) => line.startsWith('DequantizeLinear w_q'))).toHaveLength(1)
    expect(notes).toEqual([
      'In float with integer weights: 2 layers (such as "p_in"), since values inside of sub-graphs and functions are not observed.',
    ])
  })

  it('layers whose values are NaN in the data', async () => {
    const { context, notes } = methodContext()
    const calibration = {
      ...{ samples: 1, machine: 'test', isStored: false },
      ranges: (_: unknown, wishes: readonly { value: string }[]) =>
        Promise.resolve(
          new Map(wishes.filter(({ value }) => value !== 'a').map(({ value }) => [value, { min: -1, max: 1 }])),
        ),
    }
    const model = buildModel(spec([first, node('Conv', 'a w2', 'y', {}, 'second')], { w1, w2 }))
    const { layers } = await method.run({ ...context, calibration }, model, options({}))
    expect(layers?.map(({ to, why }) => `${to}: ${why}`)).toEqual([
      'int8 weights: "a" is NaN or infinite in the calibration data',
      'int8 weights: "a" is NaN or infinite in the calibration data',
    ])
    expect(notes).toHaveLength(1)
  })

  it('layers that compute in half precision', async () => {
    const nodes = [
      node('Cast', 'x', 'h', { to: 10 }),
      node('Conv', 'h w', 'z', {}, 'op'),
      node('Cast', 'z', 'y', { to: 1 }),
    ]
    const model = buildModel(spec(nodes, { w: tensorFromBytes('w', 'float16', [6, 6, 3, 3], new Uint8Array(648)) }))
    const { model: same, layers, notes } = await compress(model, [feeds()])
    expect(same).toBe(model)
    expect(layers?.map(({ to, why }) => `${to}: ${why}`)).toEqual(['float: it computes with float16'])
    expect(notes).toEqual(['No layer of the model can be made of integers; it is left as it is.'])
  })

  it('forms that a target does not read', async () => {
    const model = buildModel(spec([node('Conv', 'x w1', 'y')], { w1 }))
    await expect(compress(model, [feeds()], { format: 'cache' })).rejects.toThrow(
      new UsageError(
        'format=cache is for target=tensorrt, not for generic: other runtimes read no calibration cache. Take format=qdq.',
      ),
    )
    await expect(compress(model, [feeds()], { format: 'qoperator', target: 'tensorrt' })).rejects.toThrow(
      new UsageError('TensorRT does not read integer operators. Take format=qdq, or format=cache.'),
    )
  })
})

describe('the calibration cache', () => {
  it('has a header and, for each inner value, its scale as big-endian hexadecimal', async () => {
    const model = buildModel(spec([first, node('Relu', 'a', 'y')], { w1 }))
    const { model: same, extras, values } = await compress(model, [feeds()], { format: 'cache', target: 'tensorrt' })
    expect(same).toBe(model)
    expect(extras?.map(({ suffix }) => suffix)).toEqual(['.calib.cache'])
    const [header, ...rest] = new TextDecoder().decode(extras![0]!.bytes).trimEnd().split('\n')
    expect(header).toMatch(/^TRT-\d+-EntropyCalibration2$/)
    const scales = rest.map((line) => {
      const [, name, hex] = /^(.*): ([0-9a-f]{8})$/.exec(line)!
      return [name, Buffer.from(hex!, 'hex').readFloatBE()]
    })
    expect(scales).toEqual(values!.map(({ name, scale }) => [name, scale]))
    expect(
      values!.map(({ name, min, max, scale }) => [name, Math.fround(Math.max(-min, max) / 127) === scale]),
    ).toEqual([
      ['x', true],
      ['a', true],
      ['y', true],
    ])
  })
})
