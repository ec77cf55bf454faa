import { describe, expect, it } from 'vitest'
import { asNumbers, type Tensor } from '../../core/tensor'
import { encodeOnnx } from '../../formats/onnx/encode'
import {
  buildFunction,
  buildGraph,
  buildModel,
  f32,
  i64,
  node,
  ramp,
  tensorOf,
  type ModelSpec,
  type TypeLike,
} from '../../testing/build-model'
import { testRuntime } from '../../testing/runtime'
import { cloneModel, type Model, type Node } from '../model'
import { LAST_OPSET, liftOpset, type LiftResult } from './index'
import { entryFor, REGISTRY } from './registry'
import { OPERATORS } from './schema-table'

type Feeds = Record<string, Tensor>

async function run(model: Model, feeds: Feeds): Promise<Map<string, Tensor>> {
  const session = await (await testRuntime()).open(await encodeOnnx(model, {}), { optimize: 'none' })
  try {
    return (await session.run(new Map(Object.entries(feeds)))).outputs
  } finally {
    await session.release()
  }
}

const numbers = (outputs: Map<string, Tensor>) =>
  Object.fromEntries(
    [...outputs].map(([name, t]) => [name, { dtype: t.dtype, shape: t.shape, values: [...asNumbers(t)] }]),
  )

/** float32 data of a shape, asymmetric about zero. */
function feed(shape: readonly number[], step?: number): Tensor {
  return { dtype: 'float32', shape, data: ramp(shape, step).bytes }
}

/**
 * Runs the model as it is, lifts it, and runs it again: outputs must agree to 1e-6 (the lifted form may add in another
 * order) and be other than all equal, so that a model that outputs constants proves nothing.
 */
async function expectSame(
  model: Model,
  target: number,
  feeds: Feeds,
  digits = 5,
): Promise<{ lifted: Model; result: LiftResult }> {
  const lifted = cloneModel(model)
  const result = await liftOpset(lifted, target)
  expect(result.blockedBy).toEqual([])
  expect(result.reached).toBe(target)
  expect(lifted.opsets.get('')).toBe(target)
  const before = numbers(await run(model, feeds))
  const after = numbers(await run(lifted, feeds))
  expect(Object.keys(after)).toEqual(Object.keys(before))
  for (const [name, { dtype, shape, values }] of Object.entries(before)) {
    expect(after[name]).toMatchObject({ dtype, shape })
    after[name]?.values.forEach((value, i) => expect(value, `${name}[${i}]`).toBeCloseTo(values[i] as number, digits))
    if (values.length > 2) expect(new Set(values).size).toBeGreaterThan(1)
  }
  return { lifted, result }
}

/** A model of one node over float32 `x`, whose rank the file gives but not its sizes. */
function single(opset: number, op: Node, shape: readonly number[], more: Partial<ModelSpec> = {}): Model {
  const dims = shape.map((_, i) => `d${i}`)
  const outputs: Record<string, TypeLike> = Object.fromEntries(
    op.outputs.filter(Boolean).map((name) => [name, ['float32']]),
  )
  return buildModel({ opset, irVersion: 7, inputs: { x: ['float32', dims] }, outputs, nodes: [op], ...more })
}

const opTypes = (model: Model) => model.graph.nodes.map((n) => n.opType)

describe('the table of operators', () => {
  it('has an entry for every change that is more than new types', () => {
    const open: string[] = []
    for (const [opType, history] of Object.entries(OPERATORS)) {
      for (let to = 8; to <= LAST_OPSET; to++) {
        if (history[to] === 'form' && to > history.since && !REGISTRY[opType]?.[to]) open.push(`${opType} ${to}`)
      }
    }
    expect(open).toEqual([])
  })

  it('has no entry where nothing changed', () => {
    const idle: string[] = []
    for (const [opType, steps] of Object.entries(REGISTRY)) {
      const history = OPERATORS[opType]
      for (const to of Object.keys(steps).map(Number)) {
        // what onnxruntime lacks has nothing to do with the schema
        if (history && history.since !== to && !history[to] && !('blocked' in (steps[to] ?? {})))
          idle.push(`${opType} ${to}`)
        for (const entry of [steps[to]]) {
          if (entry && !('adapt' in entry)) expect(Object.values(entry)[0]).toMatch(/\w{3,}/)
        }
      }
    }
    expect(idle).toEqual([])
  })

  it('blocks operators that it does not know', () => {
    expect(entryFor('ATen', 12)).toEqual({ blocked: 'it is no operator of ai.onnx that this version knows' })
    expect(entryFor('Mish', 18)).toMatchObject({ blocked: expect.stringContaining('opset 18 made it a standard') })
    expect(entryFor('Relu', 14)).toEqual({ compatible: 'only types were added' })
    expect(entryFor('Relu', 15)).toBeUndefined()
  })
})

describe('Softmax, LogSoftmax, Hardmax at 13', () => {
  it.each(['Softmax', 'LogSoftmax', 'Hardmax'])('%s over several axes goes through a matrix', async (opType) => {
    const { lifted, result } = await expectSame(single(11, node(opType, 'x', 'y'), [2, 3, 5]), 13, {
      x: feed([2, 3, 5]),
    })
    expect(opTypes(lifted)).toEqual(['Flatten', 'Shape', opType, 'Reshape'])
    expect(lifted.graph.nodes.at(-1)?.outputs).toEqual(['y'])
    expect(result.notes.map((n) => n.text).join()).toContain(`opset 11 → 13: ${opType} `)
  })

  it('names the axis where the file says that the others are 1', async () => {
    const model = buildModel({
      opset: 7,
      irVersion: 3,
      inputs: { x: ['float32', ['n', 7, 1, 1]] },
      outputs: { y: ['float32', ['n', 7, 1, 1]] },
      nodes: [node('Softmax', 'x', 'y')],
    })
    const { lifted } = await expectSame(model, 13, { x: feed([3, 7, 1, 1]) })
    expect(opTypes(lifted)).toEqual(['Softmax'])
    expect(lifted.graph.nodes[0]?.attributes.get('axis')).toMatchObject({ value: 1n })
  })

  it('would fail if only the number were raised', async () => {
    const model = single(11, node('Softmax', 'x', 'y'), [2, 3, 5])
    const raised = cloneModel(model)
    raised.opsets.set('', 13)
    const x = feed([2, 3, 5])
    expect(numbers(await run(raised, { x }))).not.toEqual(numbers(await run(model, { x })))
  })

  it.each([0, 1, 2, -2])('with axis %i on an input of unknown rank', async (axis) => {
    const model = single(11, node('Softmax', 'x', 'y', { axis }), [], { inputs: { x: ['float32'] } })
    await expectSame(model, 21, { x: feed([3, 2, 5]) })
  })
})

describe('attributes that became inputs', () => {
  const shape = [3, 4, 5]
  const x = feed(shape)
  const reductions = 'L1 L2 LogSum LogSumExp Max Mean Min Prod SumSquare'.split(' ').map((name) => `Reduce${name}`)
  const cases: [name: string, op: Node, from: number, to: number][] = [
    ['Squeeze', node('Squeeze', 'x', 'y', { axes: [1] }), 11, 13],
    ['Unsqueeze', node('Unsqueeze', 'x', 'y', { axes: [0, 2] }), 9, 13],
    ['ReduceSum', node('ReduceSum', 'x', 'y', { axes: [1], keepdims: 0 }), 11, 13],
    ['ReduceSum over all', node('ReduceSum', 'x', 'y', { keepdims: 1 }), 11, 13],
    ...reductions.map((op): [string, Node, number, number] => [op, node(op, 'x', 'y', { axes: [0, 2] }), 13, 18]),
    ['Slice', node('Slice', 'x', 'y', { starts: [1, -3], ends: [100, -1], axes: [0, 2] }), 9, 10],
    ['Slice without axes', node('Slice', 'x', 'y', { starts: [0, 1], ends: [2, 3] }), 7, 13],
    ['Pad', node('Pad', 'x', 'y', { pads: [0, 1, 2, 1, 0, 0], value: 1.5 }), 9, 11],
    ['Pad reflect', node('Pad', 'x', 'y', { pads: [0, 1, 2, 1, 0, 0], mode: 'reflect' }), 9, 21],
    ['Clip', node('Clip', 'x', 'y', { min: { float: -0.5 }, max: { float: 3 } }), 7, 11],
    ['Clip with a maximum only', node('Clip', 'x', 'y', { max: { float: 3 } }), 7, 13],
    ['Split', node('Split', 'x', 'y z', { axis: 1, split: [1, 3] }), 11, 13],
    ['Split into equal parts', node('Split', 'x', 'y z', { axis: 1 }), 11, 18],
    ['TopK', node('TopK', 'x', 'y i', { k: 2, axis: 2 }), 9, 11],
    ['Dropout', node('Dropout', 'x', 'y', { ratio: 0.3 }), 7, 13],
    ['Upsample', node('Upsample', 'x', 'y', { scales: { floats: [1, 2, 3] }, mode: 'nearest' }), 7, 9],
  ]
  it.each(cases)('%s', async (_, op, from, to) => {
    const input = op.opType === 'Squeeze' ? feed([3, 1, 5]) : x
    // logarithms need what is above zero
    const isLog = op.opType.includes('Log')
    const data = isLog
      ? tensorOf(
          'float32',
          shape,
          [...asNumbers(x)].map((v, i) => Math.abs(v) + 0.1 + i / 60),
        )
      : input
    const model = single(from, op, shape)
    if (op.opType === 'TopK') model.graph.outputs[1]!.type = { kind: 'tensor', dtype: 'int64' }
    const { lifted } = await expectSame(model, to, { x: data })
    const [only] = lifted.graph.nodes
    for (const gone of ['axes', 'split', 'starts', 'pads', 'min', 'max', 'k', 'ratio', 'scales']) {
      expect(only?.attributes.has(gone), gone).toBe(false)
    }
  })

  it('drops a mask of Dropout that nothing reads, and blocks where one is read', async () => {
    const model = single(7, node('Dropout', 'x', 'y m', { ratio: 0.3 }), [3, 4], { outputs: { y: ['float32'] } })
    await expectSame(model, 12, { x: feed([3, 4]) })
    const used = single(7, node('Dropout', 'x', 'y m', {}, 'drop'), [3, 4])
    const result = await liftOpset(used, 13)
    expect(result).toMatchObject({ reached: 9, blockedBy: [{ node: 'drop', opType: 'Dropout', opset: 10 }] })
    expect(used.opsets.get('')).toBe(9)
  })

  it('gives a float16 Clip bounds of its own type', async () => {
    const model = buildModel({
      opset: 9,
      irVersion: 7,
      inputs: { x: ['float32', [7]] },
      outputs: { y: ['float32', [7]] },
      nodes: [
        node('Cast', 'x', 'h', { to: 10 }),
        node('Clip', 'h', 'c', { min: { float: -0.25 }, max: { float: 2.5 } }),
        node('Cast', 'c', 'y', { to: 1 }),
      ],
    })
    // onnxruntime may compute float16 in float32
    const { lifted } = await expectSame(model, 13, { x: feed([7]) }, 3)
    expect([...lifted.graph.initializers.values()].map((t) => t.dtype)).toEqual(['float16', 'float16'])
  })
})

describe('Upsample and Resize', () => {
  const shape = [1, 2, 3, 5]
  it.each(['nearest', 'linear'])('Upsample 7 → 13, %s', async (mode) => {
    const op = node('Upsample', 'x', 'y', { scales: { floats: [1, 1, 2, 2.6] }, mode })
    const { lifted } = await expectSame(single(7, op, shape), 13, { x: feed(shape) })
    expect(opTypes(lifted)).toEqual(['Resize'])
  })

  it('Upsample with computed scales', async () => {
    const model = single(9, node('Upsample', 'x s', 'y', { mode: 'nearest' }), shape, {
      inputs: { x: ['float32', shape], s: ['float32', [4]] },
    })
    await expectSame(model, 19, { x: feed(shape), s: tensorOf('float32', [4], [1, 1, 3, 2]) })
  })

  it.each([
    ['nearest', [1, 1, 2, 3]],
    ['nearest', [1, 1, 0.6, 0.7]],
    ['linear', [1, 1, 0.6, 1.7]],
  ] as const)('Resize 10 → 11, %s by %o', async (mode, scales) => {
    const model = single(10, node('Resize', 'x s', 'y', { mode }), shape, { initializers: { s: f32([4], scales) } })
    await expectSame(model, 11, { x: feed(shape) })
    await expectSame(model, 21, { x: feed(shape) })
  })

  it('blocks where rounding cannot be known', async () => {
    const both = single(10, node('Resize', 'x s', 'y', {}, 'up1'), shape, {
      initializers: { s: f32([4], [1, 1, 2, 0.5]) },
    })
    expect((await liftOpset(both, 13)).blockedBy[0]?.why).toMatch(/enlarges one axis and shrinks another/)
    const computed = single(10, node('Resize', 'x s', 'y'), shape, { inputs: { x: ['float32'], s: ['float32', [4]] } })
    expect((await liftOpset(computed, 13)).blockedBy[0]?.why).toMatch(/its scales are computed/)
    const removed = node('Resize', 'x r s', 'y', { coordinate_transformation_mode: 'tf_half_pixel_for_nn' })
    const gone = single(11, removed, shape, { initializers: { s: f32([4], [1, 1, 2, 2]), r: f32([0], []) } })
    expect(await liftOpset(gone, 13)).toMatchObject({
      reached: 12,
      blockedBy: [{ why: expect.stringContaining('was removed') }],
    })
  })

  it('Resize 11 → 13 by sizes leaves out the empty scales that exporters give', async () => {
    const op = node('Resize', 'x r s z', 'y', { mode: 'nearest', coordinate_transformation_mode: 'asymmetric' })
    const empty = { r: f32([0], []), s: f32([0], []) }
    const sized = single(11, op, shape, { initializers: { ...empty, z: i64([4], [1, 2, 7, 4]) } })
    const { lifted, result } = await expectSame(sized, 13, { x: feed(shape) })
    expect(lifted.graph.nodes[0]?.inputs).toEqual(['x', 'r', '', 'z'])
    expect(result.notes.map((note) => note.text).join()).toMatch(/empty scales were left out/)
    const fed = single(11, op, shape, {
      inputs: { x: ['float32', shape], s: ['float32', [0]] },
      initializers: { r: f32([0], []), z: i64([4], [1, 2, 7, 4]) },
    })
    await expectSame(fed, 21, { x: feed(shape), s: tensorOf('float32', [0], []) })
    const both = single(11, op, shape, {
      inputs: { x: ['float32', shape], s: ['float32'], z: ['int64'] },
      initializers: empty,
    })
    both.graph.initializers.delete('s')
    expect((await liftOpset(both, 13)).blockedBy[0]?.why).toMatch(/both scales and sizes/)
  })

  it('stops where onnxruntime has no kernel for the newer version', async () => {
    const model = single(16, node('RoiAlign', 'x b i', 'y'), shape, {
      inputs: { x: ['float32', shape], b: ['float32', [1, 4]], i: ['int64', [1]] },
    })
    const { reached, blockedBy } = await liftOpset(model, 25)
    expect([reached, blockedBy[0]?.why]).toEqual([21, 'onnxruntime does not run this version of the operator'])
    expect(await liftOpset(cloneModel(model), 25, { isForEngine: true })).toMatchObject({ reached: 25, blockedBy: [] })
    await run(model, {
      x: feed(shape),
      b: tensorOf('float32', [1, 4], [0, 0, 2, 2]),
      i: tensorOf('int64', [1], [0]),
    })
  })

  it.each(['bilinear', 'bicubic', 'nearest'])('GridSample 16 → 20, %s', async (mode) => {
    const grid = f32([1, 2, 3, 2], [-0.9, 0.3, 0.1, -0.2, 0.8, 0.9, -0.4, -0.7, 0.2, 0.6, 0.5, -0.1])
    const model = single(16, node('GridSample', 'x g', 'y', { mode }), shape, {
      irVersion: 8,
      initializers: { g: grid },
    })
    await expectSame(model, 20, { x: feed(shape) })
  })

  it('RoiAlign 10 → 16', async () => {
    const op = node('RoiAlign', 'x r b', 'y', { output_height: 2, output_width: 3, spatial_scale: { float: 0.5 } })
    const rois = f32([2, 4], [0.3, 0.7, 7.1, 5.2, 1.2, 0.1, 9.4, 3.9])
    const model = single(10, op, shape, { initializers: { r: rois, b: i64([2], [0, 0]) } })
    await expectSame(model, 16, { x: feed(shape) })
  })
})

describe('normalisation', () => {
  const statistics = {
    s: f32([3], [0.5, -1.5, 2]),
    b: f32([3], [0.1, 0.7, -3]),
    m: f32([3], [1, -2, 0.5]),
    v: f32([3], [0.3, 2, 5]),
  }
  it('BatchNormalization 7 → 15, with spatial and unused training outputs', async () => {
    const op = node('BatchNormalization', 'x s b m v', 'y ~ ~', { spatial: 1, epsilon: { float: 0.01 } })
    op.outputs = ['y', 'mean1', 'var1', 'saved1', 'saved2']
    const model = single(7, op, [2, 3, 4], { outputs: { y: ['float32'] }, initializers: statistics })
    const plain = cloneModel(model)
    plain.graph.nodes[0]!.outputs = ['y']
    await expectSame(plain, 15, { x: feed([2, 3, 4]) })
    expect((await liftOpset(model, 15)).reached).toBe(15)
    expect(model.graph.nodes[0]?.outputs).toEqual(['y'])
  })

  it('BatchNormalization that needs what was removed is blocked', async () => {
    const op = node('BatchNormalization', 'x s b m v', 'y', { spatial: 0 }, 'bn')
    const position = single(7, op, [2, 3, 4], { initializers: statistics })
    expect(await liftOpset(position, 13)).toMatchObject({ reached: 8, blockedBy: [{ node: 'bn', opset: 9 }] })
    const training = node('BatchNormalization', 'x s b m v', 'y mean1 var1')
    const used = single(9, training, [2, 3, 4], { initializers: statistics })
    expect((await liftOpset(used, 17)).blockedBy[0]?.why).toMatch('its training outputs are used')
  })

  it.each([
    ['known', { x: ['float32', [2, 6, 5]] as TypeLike }],
    ['computed', { x: ['float32', ['n', 'c', 't']] as TypeLike }],
  ])('GroupNormalization 18 → 21, channels %s', async (_, inputs) => {
    const op = node('GroupNormalization', 'x gs gb', 'y', { num_groups: 3 })
    const initializers = { gs: f32([3], [0.5, -1.5, 2]), gb: f32([3], [0.1, 0.7, -3]) }
    const model = single(18, op, [2, 6, 5], { irVersion: 8, inputs, initializers })
    await expectSame(model, 21, { x: feed([2, 6, 5]) })
  })
})

describe('experiments that onnxruntime gave up at opset 10', () => {
  const shape = [2, 3, 7, 5]
  const cases: [name: string, op: Node][] = [
    ['ImageScaler', node('ImageScaler', 'x', 'y', { scale: 0.5, bias: { floats: [1, -2, 3.5] } })],
    [
      'ImageScaler with scale 1',
      node('ImageScaler', 'x', 'y', { scale: { float: 1 }, bias: { floats: [1, -2, 3.5] } }),
    ],
    ['Crop', node('Crop', 'x', 'y', { border: [1, 2, 1, 0] })],
    ['Crop to a size', node('Crop', 'x', 'y', { border: [1, 2, 0, 0], scale: [3, 2] })],
    ['Affine', node('Affine', 'x', 'y', { alpha: { float: 1.5 }, beta: -0.5 })],
    ['ParametricSoftplus', node('ParametricSoftplus', 'x', 'y', { alpha: 0.5, beta: 1.5 })],
    ['ScaledTanh', node('ScaledTanh', 'x', 'y', { alpha: 0.5, beta: 0.25 })],
    ['ThresholdedRelu', node('ThresholdedRelu', 'x', 'y', { alpha: 0.7 })],
  ]
  it.each(cases)('%s', async (_, op) => {
    const { lifted } = await expectSame(single(7, op, shape), 13, { x: feed(shape) })
    expect(lifted.graph.nodes.at(-1)?.outputs).toEqual(['y'])
  })
})

describe('other operators', () => {
  it('Scatter 9 → 11 becomes ScatterElements', async () => {
    const op = node('Scatter', 'x i u', 'y', { axis: 1 })
    const initializers = { i: i64([2, 2], [3, 0, 1, 2]), u: f32([2, 2], [9, 8, 7, 6]) }
    const { lifted } = await expectSame(single(9, op, [3, 4], { initializers }), 18, { x: feed([3, 4]) })
    expect(opTypes(lifted)).toEqual(['ScatterElements'])
  })

  it.each<Record<string, number>>([{}, { axis: 2 }])('DFT 17 → 20 with %o', async (attributes) => {
    const model = single(17, node('DFT', 'x', 'y', attributes), [2, 3, 4, 1], { irVersion: 8 })
    await expectSame(model, 20, { x: feed([2, 3, 4, 1]) })
  })

  it.each([
    ['MaxPool', {}],
    ['AveragePool', {}],
    ['AveragePool', { count_include_pad: 1 }],
    ['AveragePool', { count_include_pad: 1, ceil_mode: 0 }],
  ])('%s with ceil_mode 10 → 22, %o', async (opType, more) => {
    const attributes = { kernel_shape: [3, 2], strides: [2, 2], pads: [1, 0, 1, 1], ceil_mode: 1, ...more }
    await expectSame(single(10, node(opType, 'x', 'y', attributes), [1, 2, 8, 7]), 22, { x: feed([1, 2, 8, 7]) })
  })

  it.each(['LSTM', 'GRU', 'RNN'])('%s 7 → 22', async (opType) => {
    const gates = { LSTM: 4, GRU: 3, RNN: 1 }[opType] as number
    const initializers = {
      w: ramp([1, gates * 3, 2], 0.03),
      r: ramp([1, gates * 3, 3], -0.02),
      b: ramp([1, gates * 6], 0.01),
    }
    const model = single(7, node(opType, 'x w r b', 'y h', { hidden_size: 3 }), [4, 2, 2], { initializers })
    await expectSame(model, 22, { x: feed([4, 2, 2]) })
  })

  it.each([
    [node('OneHot', 'i d v', 'y', { axis: 1 }), 9, 13],
    [node('Expand', 'x e', 'y'), 8, 13],
    [node('Gemm', 'x g c', 'y', { transB: 1, alpha: 0.5 }), 7, 13],
    [node('Flatten', 'x', 'y', { axis: 1 }), 7, 25],
    [node('PRelu', 'x a', 'y'), 7, 16],
    [node('ArgMax', 'x', 'k', { axis: 1 }), 7, 13],
    [node('Mean', 'x x', 'y'), 7, 13],
    [node('Pow', 'x p', 'y'), 7, 15],
    [node('Cast', 'x', 'k', { to: 7 }), 9, 25],
    [node('Shape', 'x', 'k'), 7, 25],
    [node('LayerNormalization', 'x a a', 'y'), 13, 21],
  ] as [Node, number, number][])('%o', async (op, from, to) => {
    const constants = {
      i: i64([3], [2, 0, 1]),
      d: i64([1], [4]),
      v: f32([2], [-1, 5]),
      e: i64([3], [2, 1, 1]),
      g: f32([2, 4], [1, -2, 3, 4, 5, 0.5, -7, 8]),
      c: f32([2], [0.5, -3]),
      a: f32([4], [0.1, 0.2, -0.3, 0.4]),
      p: f32([1], [2]),
    }
    const initializers = Object.fromEntries(Object.entries(constants).filter(([name]) => op.inputs.includes(name)))
    const [name = ''] = op.outputs
    const outputs = { [name]: [name === 'k' ? 'int64' : 'float32'] as const }
    const usesX = op.inputs.includes('x')
    const model = single(from, op, [3, 4], { initializers, outputs, ...(!usesX && { inputs: {} }) })
    await expectSame(model, to, usesX ? { x: feed([3, 4]) } : {})
  })

  it('int8 QuantizeLinear and DequantizeLinear 10 → 25', async () => {
    const zero = { dtype: 'int8' as const, shape: [], data: { sizeBytes: 1, read: async () => new Uint8Array([253]) } }
    const model = buildModel({
      opset: 10,
      irVersion: 5,
      inputs: { x: ['float32', [3, 4]] },
      outputs: { y: ['float32', [3, 4]] },
      initializers: { s: f32([], [0.11]), z: zero },
      nodes: [node('QuantizeLinear', 'x s z', 'q'), node('DequantizeLinear', 'q s z', 'y')],
    })
    await expectSame(model, 25, { x: feed([3, 4]) })
  })
})

describe('what adapters cannot keep', () => {
  it.each([
    [node('Slice', 'x', 'y', { ends: [1] }), 9, 'its attribute starts is missing'],
    [node('Pad', 'x', 'y'), 9, 'its attribute pads is missing'],
    [node('TopK', 'x', 'y k'), 9, 'its attribute k is missing'],
    [node('Upsample', 'x', 'y'), 7, 'its attribute scales is missing'],
    [node('Unsqueeze', 'x', 'y'), 11, 'its attribute axes is missing'],
    [node('Unsqueeze', 'x', 'y', { axes: 1 }), 11, 'its attribute axes is of type int, not ints'],
    [node('GroupNormalization', 'x x x', 'y'), 18, 'its attribute num_groups is missing'],
    [node('GroupNormalization', 'x x', 'y', { num_groups: 3 }), 18, 'its input 2 is missing'],
    [node('Crop', 'x', 'y', { border: [1, 2] }), 7, 'its attribute border does not have 4 numbers'],
    [node('Softmax', 'x', '~'), 11, 'it has no output'],
    [node('Scan', '~ x x', 'y'), 8, 'its batch axis and sequence lengths were removed'],
    [node('MeanVarianceNormalization', 'x', 'y'), 7, 'its experimental form chose the axes by across_channels'],
  ] as [Node, number, string][])('%o', async (op, opset, why) => {
    const result = await liftOpset(single(opset, op, [2, 3]), 21)
    expect(result.blockedBy.map((one) => one.why)).toEqual([why])
  })

  it('bounds of a type that is not known, or that cannot be written', async () => {
    const clip = node('Clip', 'h', 'y', { min: { float: 0 } })
    const unknown = single(7, clip, [2, 3], { nodes: [node('other:Op', 'x', 'h'), clip], opsets: { other: 1 } })
    expect((await liftOpset(unknown, 13)).blockedBy[0]?.why).toBe('the type of its input is not known')
    const wide = single(7, clip, [2, 3], { nodes: [clip], inputs: { h: ['bfloat16', [2]] } })
    expect((await liftOpset(wide, 13)).blockedBy[0]?.why).toBe('its input is bfloat16')
  })
})

describe('where nodes stand', () => {
  const branch = (name: string, axis: number) =>
    buildGraph({
      name,
      outputs: { [`${name}_out`]: ['float32'] },
      nodes: [node('Unsqueeze', 'x', 'inner', { axes: [0] }), node('Softmax', 'inner', `${name}_out`, { axis })],
    })

  it.each([0, 1])('lifts nodes in sub-graphs (condition %i)', async (condition) => {
    const model = buildModel({
      opset: 9,
      irVersion: 4,
      inputs: { x: ['float32', [2, 3]], c: ['bool', []] },
      outputs: { y: ['float32'] },
      nodes: [node('If', 'c', 'y', { then_branch: branch('then', 1), else_branch: branch('else', 2) })],
    })
    await expectSame(model, 21, { x: feed([2, 3]), c: tensorOf('bool', [], [condition]) })
  })

  it('lifts functions from their own opset, with Constant nodes instead of initializers', async () => {
    const model = buildModel({
      opset: 15,
      opsets: { local: 1 },
      inputs: { x: ['float32', [2, 3]] },
      outputs: { y: ['float32'] },
      nodes: [node('local:Mean1', 'x', 'y')],
      functions: [
        buildFunction({
          name: 'Mean1',
          domain: 'local',
          opset: 15,
          inputs: ['v'],
          outputs: ['r'],
          nodes: [node('ReduceMean', 'v', 'r', { axes: [1], keepdims: 0 })],
        }),
      ],
    })
    const { lifted } = await expectSame(model, 18, { x: feed([2, 3]) })
    expect(lifted.functions[0]?.nodes.map((n) => n.opType)).toEqual(['Constant', 'ReduceMean'])
    expect(lifted.functions[0]?.opsets.get('')).toBe(18)
  })

  it('blocks where a function takes the attribute from its caller', async () => {
    const model = buildModel({
      opset: 11,
      inputs: { x: ['float32', [2, 3]] },
      outputs: { y: ['float32'] },
      nodes: [node('local:S', 'x', 'y', { a: 1 })],
      functions: [
        buildFunction({
          name: 'S',
          domain: 'local',
          opset: 11,
          inputs: ['v'],
          outputs: ['r'],
          attributes: ['a'],
          nodes: [node('Softmax', 'v', 'r', { axis: { ref: 'a', type: 'int' } })],
        }),
      ],
    })
    const result = await liftOpset(model, 13)
    expect(result.reached).toBe(12)
    expect(result.blockedBy[0]?.why).toBe('its attribute axis is set by the callers of a function')
  })
})
