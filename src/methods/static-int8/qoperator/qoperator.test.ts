import { describe, expect, it } from 'vitest'
import { Random } from '../../../core/random'
import { asNumbers, type Tensor } from '../../../core/tensor'
import { elementCount } from '../../../core/dtypes'
import { GraphEditor } from '../../../graph/edit'
import { cloneModel, type LazyTensor, type Model, type Node } from '../../../graph/model'
import { buildModel, f32, i32, i64, i8, node, tensorOf, u8, type AttributeLike } from '../../../testing/build-model'
import { runModel } from '../../../testing/method-context'
import { toQOperators } from './qoperator'

type Byte = 'int8' | 'uint8'
const STEP = 0.05

/** Graphs with QuantizeLinear and DequantizeLinear around float operators, as a quantizer leaves them. */
class Qdq {
  readonly nodes: Node[] = []
  readonly initializers: Record<string, Omit<LazyTensor, 'name'>> = {}
  readonly dtype: Byte
  readonly #random = new Random(3)

  constructor(dtype: Byte = 'uint8') {
    this.dtype = dtype
  }

  zero(name: string, zero: number, dtype: Byte = this.dtype): string {
    this.initializers[name] = dtype === 'int8' ? i8([], [zero]) : u8([], [zero])
    return name
  }

  /** QuantizeLinear and DequantizeLinear behind a value. */
  quantize(name: string, scale = STEP, zero = this.dtype === 'int8' ? -7 : 121): string {
    this.initializers[`${name}_scale`] = f32([], [scale])
    this.zero(`${name}_zero`, zero)
    this.nodes.push(
      node('QuantizeLinear', `${name} ${name}_scale ${name}_zero`, `${name}_q`, {}, `${name}_Q`),
      node('DequantizeLinear', `${name}_q ${name}_scale ${name}_zero`, `${name}_dq`, {}, `${name}_DQ`),
    )
    return `${name}_dq`
  }

  /** A weight: symmetric int8, one scale per index of an axis, one channel all zero. */
  weight(name: string, shape: readonly number[], axis: number | null): string {
    const channels = axis === null ? 1 : (shape[axis] as number)
    const inner = axis === null ? elementCount(shape) : elementCount(shape.slice(axis + 1))
    const channelOf = (i: number) => Math.floor(i / inner) % channels
    const values = Array.from({ length: elementCount(shape) }, (_, i) =>
      channels > 1 && channelOf(i) === 1 ? 0 : Math.round(this.#random.normal() * 40),
    )
    const scales = Array.from({ length: channels }, (_, c) => 0.004 * (c + 1))
    this.initializers[`${name}_q`] = i8(
      shape,
      values.map((value) => Math.max(-127, Math.min(127, value))),
    )
    this.initializers[`${name}_scale`] = f32(axis === null ? [] : [channels], scales)
    const attributes: Record<string, number> = axis === null ? {} : { axis }
    this.nodes.push(node('DequantizeLinear', `${name}_q ${name}_scale`, `${name}_dq`, attributes, `${name}_DQ`))
    return `${name}_dq`
  }

  /** int32 with the scale of activations times weights. */
  bias(name: string, weight: string, count: number, step = STEP): string {
    this.initializers[`${name}_q`] = i32(
      [count],
      Array.from({ length: count }, (_, i) => 900 * i - 1500),
    )
    this.initializers[`${name}_scale`] = f32(
      [count],
      Array.from({ length: count }, (_, c) => Math.fround(Math.fround(step) * Math.fround(0.004 * (c + 1)))),
    )
    this.nodes.push(node('DequantizeLinear', `${name}_q ${name}_scale`, `${name}_dq`, { axis: 0 }, `${name}_DQ`))
    expect(this.initializers[`${weight.replace(/_dq$/, '')}_scale`]?.shape).toEqual([count])
    return `${name}_dq`
  }

  op(opType: string, inputs: string, output: string, attributes: Readonly<Record<string, AttributeLike>> = {}): string {
    this.nodes.push(node(opType, inputs, output, attributes, `the_${output}`))
    return output
  }

  model(inputs: Readonly<Record<string, readonly number[]>>, outputs: readonly string[], opset = 17): Model {
    return buildModel({
      opset,
      inputs: Object.fromEntries(Object.entries(inputs).map(([name, shape]) => [name, ['float32', shape] as const])),
      outputs: Object.fromEntries(outputs.map((name) => [name, ['float32'] as const])),
      nodes: this.nodes,
      initializers: this.initializers,
    })
  }
}

function data(shape: readonly number[], seed: number): Tensor {
  const random = new Random(seed)
  const values = Array.from({ length: elementCount(shape) }, (_, i) => (i === 5 ? 9 : random.normal() * 2 + 0.4))
  return tensorOf('float32', shape, values)
}

interface Converted {
  readonly model: Model
  readonly notes: readonly string[]
  /** Operators in order, with their node names. */
  readonly operators: readonly string[]
  /** Largest difference of any output, in steps. */
  readonly steps: number
}

/** Converts, runs both forms in onnxruntime, and compares. */
async function convert(given: Model, step = STEP): Promise<Converted> {
  const model = cloneModel(given)
  const notes = await toQOperators(new GraphEditor(model))
  const feeds = new Map(
    given.graph.inputs.map(({ name, type }, i) => {
      const shape = type?.kind === 'tensor' ? type.shape : undefined
      return [name, data(shape as readonly number[], 7 + i)]
    }),
  )
  const wanted = await runModel(given, feeds, 'none')
  const found = await runModel(model, feeds, 'none')
  let steps = 0
  for (const [name, tensor] of wanted) {
    const [x, y] = [asNumbers(tensor), asNumbers(found.get(name) as Tensor)]
    expect(y.length).toBe(x.length)
    expect(new Set(x).size).toBeGreaterThan(2)
    x.forEach((value, i) => (steps = Math.max(steps, Math.abs(value - (y[i] as number)) / step)))
  }
  const operators = model.graph.nodes
    .filter(({ opType }) => !/^(De|Q)[a-z]*quantizeLinear$|^QuantizeLinear$/i.test(opType))
    .map(({ opType, name }) => `${opType} ${name}`)
  return { model, notes: notes.map(({ text }) => text), operators, steps: Math.round(steps * 1000) / 1000 }
}

const BYTES: readonly Byte[] = ['uint8', 'int8']

describe.each(BYTES)('layers with %s activations', (dtype) => {
  it('Conv with a bias and a Relu that the zero point absorbs', async () => {
    const g = new Qdq(dtype)
    const x = g.quantize('x')
    const w = g.weight('w', [5, 3, 3, 3], 0)
    g.op('Conv', `${x} ${w} ${g.bias('b', w, 5)}`, 'c', { pads: [1, 1, 1, 1], strides: [2, 1] })
    g.op('Relu', 'c', 'y')
    g.quantize('y', 0.07, dtype === 'int8' ? -128 : 0)
    const found = await convert(g.model({ x: [1, 3, 7, 6] }, ['y_dq']), 0.07)
    expect(found.operators).toEqual(['QLinearConv the_c'])
    expect(found.model.graph.nodes.map(({ opType }) => opType)).toEqual([
      'QuantizeLinear',
      'QLinearConv',
      'DequantizeLinear',
    ])
    expect(found.model.graph.nodes[1]?.outputs).toEqual(['y_q'])
    expect(found.model.graph.nodes[1]?.inputs).toEqual([
      ...['x_q', 'x_scale', 'x_zero', 'w_q', 'w_scale', 'w_scale_zero', 'y_scale', 'y_zero', 'b_q'],
    ])
    expect(found.model.graph.initializers.has('b_scale')).toBe(false)
    expect(found.steps).toBeLessThan(1.01)
    expect(found.notes).toEqual([])
  })

  it('a Relu and a Clip that the integers can leave', async () => {
    const g = new Qdq(dtype)
    g.initializers['six'] = f32([], [1.5])
    const w = g.weight('w', [4, 3, 1, 1], 0)
    g.op('Conv', `${g.quantize('x')} ${w}`, 'c')
    g.op('Relu', 'c', 'r')
    g.op('Conv', `${g.quantize('r')} ${g.weight('v', [3, 4, 1, 1], null)}`, 'd')
    g.op('Clip', 'd ~ six', 'y')
    g.quantize('y')
    const found = await convert(g.model({ x: [2, 3, 3, 3] }, ['y_dq']))
    expect(found.operators).toEqual(['QLinearConv the_c', 'Clip the_r', 'QLinearConv the_d', 'Clip the_y'])
    expect(found.steps).toBeLessThan(1.01)
  })

  it.each([
    ['one axis', [2, 4, 9], [6, 2, 3], { group: 2, dilations: [2] }],
    ['three axes', [1, 2, 4, 3, 5], [3, 2, 2, 2, 2], {}],
    ['depthwise', [1, 4, 6, 5], [4, 1, 3, 3], { group: 4, auto_pad: 'SAME_UPPER' }],
  ] as const)('Conv over %s', async (_name, shape, weight, attributes) => {
    const g = new Qdq(dtype)
    const w = g.weight('w', weight, 0)
    g.op('Conv', `${g.quantize('x')} ${w} ${g.bias('b', w, weight[0])}`, 'y', attributes)
    g.quantize('y')
    const found = await convert(g.model({ x: shape }, ['y_dq']))
    expect(found.operators).toEqual(['QLinearConv the_y'])
    expect(found.steps).toBeLessThan(1.01)
  })

  it.each([
    ['per column', 1],
    ['with one scale', null],
  ] as const)('MatMul %s', async (_name, axis) => {
    const g = new Qdq(dtype)
    g.op('MatMul', `${g.quantize('x')} ${g.weight('w', [7, 5], axis)}`, 'y')
    g.quantize('y')
    const found = await convert(g.model({ x: [2, 3, 7] }, ['y_dq']))
    expect(found.operators).toEqual(['QLinearMatMul the_y'])
    expect(found.steps).toBeLessThan(1.01)
  })

  it('MatMul of two computed matrices', async () => {
    const g = new Qdq(dtype)
    g.op('MatMul', `${g.quantize('x')} ${g.quantize('z', 0.03, dtype === 'int8' ? 11 : 90)}`, 'y')
    g.quantize('y', 0.1)
    const found = await convert(g.model({ x: [2, 3, 7], z: [2, 7, 4] }, ['y_dq']), 0.1)
    expect(found.operators).toEqual(['QLinearMatMul the_y'])
    expect(found.steps).toBeLessThan(1.01)
  })

  it.each([
    ['as it is', {}],
    ['transposed, with factors', { transA: 1, transB: 1, alpha: 0.5, beta: 0.25 }],
  ])('Gemm %s', async (name, attributes) => {
    const isTransposed = name !== 'as it is'
    const g = new Qdq(dtype)
    const w = g.weight('w', isTransposed ? [5, 7] : [7, 5], isTransposed ? 0 : 1)
    g.op('Gemm', `${g.quantize('x')} ${w} ${g.bias('b', w, 5)}`, 'y', attributes)
    g.quantize('y')
    const found = await convert(g.model({ x: isTransposed ? [7, 3] : [3, 7] }, ['y_dq']))
    expect(found.operators).toEqual(['QGemm the_y'])
    expect(found.steps).toBeLessThan(1.01)
  })

  it('Gemm and MatMul whose results stay float', async () => {
    const g = new Qdq(dtype)
    const x = g.quantize('x')
    const w = g.weight('w', [7, 5], 1)
    g.op('Gemm', `${x} ${w} ${g.bias('b', w, 5)}`, 'y')
    g.op('MatMul', `${x} ${g.weight('v', [7, 4], 1)}`, 'z')
    const found = await convert(g.model({ x: [3, 7] }, ['y', 'z']))
    expect(found.operators).toEqual(['QGemm the_y', 'MatMulIntegerToFloat the_z'])
    expect(found.model.opsets.get('com.microsoft')).toBe(1)
    expect(found.steps).toBeLessThan(0.01)
  })

  it.each(['Add', 'Mul'])('%s with broadcasting', async (opType) => {
    const g = new Qdq(dtype)
    g.op(opType, `${g.quantize('x')} ${g.quantize('z', 0.03, dtype === 'int8' ? 11 : 90)}`, 'y')
    g.quantize('y', 0.09)
    const found = await convert(g.model({ x: [2, 3, 7, 1], z: [3, 1, 5] }, ['y_dq']), 0.09)
    expect(found.operators).toEqual([`QLinear${opType} the_y`])
    expect(found.steps).toBeLessThan(1.01)
  })

  it('Concat with scales of their own, and with one', async () => {
    const g = new Qdq(dtype)
    const [x, z] = [g.quantize('x'), g.quantize('z', 0.03, 9)]
    g.op('Concat', `${x} ${z}`, 'y', { axis: 1 })
    g.op('Concat', `${g.quantize('y', 0.04, 3)} ${'y_dq'}`, 'yy', { axis: 1 })
    g.quantize('yy', 0.04, 3)
    const found = await convert(g.model({ x: [2, 3, 4], z: [2, 1, 4] }, ['yy_dq']), 0.04)
    expect(found.operators).toEqual(['QLinearConcat the_y', 'Concat the_yy'])
    expect(found.steps).toBeLessThan(1.01)
  })

  it.each([
    ['GlobalAveragePool', {}, 'QLinearGlobalAveragePool'],
    ['AveragePool', { kernel_shape: [3, 2], pads: [1, 0, 1, 1], strides: [2, 1] }, 'QLinearAveragePool'],
    ['AveragePool', { kernel_shape: [3, 2], pads: [1, 0, 1, 1], count_include_pad: 1 }, 'QLinearAveragePool'],
    ['AveragePool', { kernel_shape: [3, 2], strides: [2, 2], ceil_mode: 1 }, 'QLinearAveragePool'],
    ['LeakyRelu', { alpha: 0.2 }, 'QLinearLeakyRelu'],
    ['LeakyRelu', {}, 'QLinearLeakyRelu'],
    ['Relu', {}, 'QLinearLeakyRelu'],
  ] as const)('%s %o', async (opType, attributes, wanted) => {
    const g = new Qdq(dtype)
    g.op(opType, g.quantize('x'), 'y', attributes)
    g.quantize('y', 0.02, dtype === 'int8' ? -70 : 20)
    const found = await convert(g.model({ x: [2, 3, 7, 6] }, ['y_dq']), 0.02)
    expect(found.operators).toEqual([`${wanted} the_y`])
    expect(found.steps).toBeLessThan(1.01)
  })

  it.each([
    ['Sigmoid', {}, 17],
    ['Softmax', {}, 17],
    ['Softmax', { axis: 1 }, 17],
    ['Softmax', {}, 12],
  ])('%s %o of opset %i', async (opType, attributes, opset) => {
    const g = new Qdq(dtype)
    g.op(opType, g.quantize('x'), 'y', attributes)
    g.quantize('y', 1 / 256, dtype === 'int8' ? -128 : 0)
    const found = await convert(g.model({ x: [2, 3, 7] }, ['y_dq'], opset), 1 / 256)
    expect(found.operators).toEqual([`QLinear${opType} the_y`])
    expect(found.steps).toBeLessThan(1.01)
  })

  it('runs operators that move values on the integers', async () => {
    const g = new Qdq(dtype)
    Object.assign(g.initializers, {
      shape: i64([2], [2, -1]),
      axes: i64([1], [1]),
      pads: i64([8], [0, 0, 1, 0, 0, 0, 0, 2]),
      starts: i64([1], [1]),
      ends: i64([1], [5]),
      along: i64([1], [3]),
      scales: f32([4], [1, 1, 2, 2]),
      picked: i64([2], [1, 0]),
      two: f32([], [2]),
    })
    const steps: readonly (readonly [string, string, Readonly<Record<string, AttributeLike>>])[] = [
      ['MaxPool', '', { kernel_shape: [2, 2], pads: [1, 0, 0, 1] }],
      ['Pad', ' pads', {}],
      ['Pad', ' pads two', {}],
      ['Pad', ' pads', { mode: 'edge' }],
      ['Resize', ' ~ scales', { mode: 'nearest' }],
      ['Slice', ' starts ends along', {}],
      ['Transpose', '', { perm: [0, 2, 3, 1] }],
      ['Gather', ' picked', { axis: 3 }],
      ['Relu', '', {}],
      ['Unsqueeze', ' axes', {}],
      ['Squeeze', ' axes', {}],
      ['Reshape', ' shape', {}],
      ['Flatten', '', {}],
      ['Identity', '', {}],
    ]
    let at = 'x'
    for (const [i, [opType, rest, attributes]] of steps.entries()) {
      g.op(opType, `${g.quantize(at)}${rest}`, `v${i}`, attributes)
      at = `v${i}`
    }
    const found = await convert(g.model({ x: [2, 3, 6, 5] }, [g.quantize(at)]))
    const wanted = steps.map(([opType], i) => `${opType === 'Relu' ? 'Clip' : opType} the_v${i}`)
    expect(found.operators).toEqual(wanted)
    expect(found.steps).toBe(0)
  })

  it('Split, whose outputs keep their own names', async () => {
    const g = new Qdq(dtype)
    g.op('Split', g.quantize('x'), 'a b', { axis: 1 })
    const found = await convert(g.model({ x: [2, 6, 5] }, [g.quantize('a'), g.quantize('b')]))
    expect(found.operators).toEqual(['Split the_a b'])
    expect(found.model.graph.nodes.map(({ outputs }) => outputs)).toEqual([['x_q'], ['a', 'b'], ['a_dq'], ['b_dq']])
    expect(found.steps).toBe(0)
  })
})

describe('what stays in float', () => {
  it('operators without an integer form, with a note', async () => {
    const g = new Qdq()
    g.op('ConvTranspose', `${g.quantize('x')} ${g.weight('w', [3, 4, 2, 2], 1)}`, 'c')
    g.op('Erf', g.quantize('c'), 'e')
    g.op('Erf', g.quantize('e'), 'y')
    const given = g.model({ x: [1, 3, 5, 5] }, [g.quantize('y', 0.01)])
    const found = await convert(given)
    expect(found.steps).toBe(0)
    expect(found.notes).toEqual([
      'No integer operator does what these do here, so they stay in float between DequantizeLinear and QuantizeLinear: ' +
        'ConvTranspose, 2 Erf.',
    ])
    expect(found.model.graph.nodes).toEqual(given.graph.nodes)
  })

  it('16 bits, linear resizing, a Conv whose result is read as float, and int8 activations with uint8 weights', async () => {
    const g = new Qdq('int8')
    g.initializers['scales'] = f32([4], [1, 1, 2, 2])
    g.op('Resize', `${g.quantize('x')} ~ scales`, 'r', { mode: 'linear' })
    g.op('Conv', `${g.quantize('r')} ${g.weight('w', [2, 3, 1, 1], 0)}`, 'c')
    g.op('Neg', 'c', 'n')
    g.quantize('c')
    g.initializers['v_q'] = u8([2, 2, 1, 1], [1, 200, 30, 4])
    g.initializers['v_scale'] = f32([], [0.01])
    g.zero('v_zero', 100, 'uint8')
    g.op('DequantizeLinear', 'v_q v_scale v_zero', 'v_dq')
    g.op('Conv', 'c_dq v_dq', 'y')
    const found = await convert(g.model({ x: [1, 3, 4, 4] }, [g.quantize('y'), 'n']))
    expect(found.operators).toEqual(['Resize the_r', 'Conv the_c', 'Neg the_n', 'Conv the_y'])
    expect(found.notes[0]).toContain(': Resize, 2 Conv.')
    expect(found.steps).toBe(0)
  })
})

describe('what is between', () => {
  it('takes one of several equal QuantizeLinear, and a bias of another scale or in float', async () => {
    const g = new Qdq()
    const x = g.quantize('x')
    const w = g.weight('w', [4, 3, 1, 1], 0)
    g.initializers['b'] = f32([4], [0.5, -2, 1, 0])
    g.op('Conv', `${x} ${w} b`, 'c')
    g.quantize('c')
    g.nodes.push(node('QuantizeLinear', 'c c_scale c_zero', 'c_again', {}, 'again'))
    g.nodes.push(node('DequantizeLinear', 'c_again c_scale c_zero', 'c_again_dq', {}, 'againDQ'))
    g.op('Conv', `c_dq ${g.weight('v', [4, 4, 1, 1], 0)} ${g.bias('d', 'v_dq', 4, 2 * STEP)}`, 'e')
    g.op('Add', `${g.quantize('e')} c_again_dq`, 'y')
    const found = await convert(g.model({ x: [1, 3, 4, 4] }, [g.quantize('y')]))
    expect(found.operators).toEqual(['QLinearConv the_c', 'QLinearConv the_e', 'QLinearAdd the_y'])
    expect(found.model.graph.nodes.map(({ name }) => name)).not.toContain('again')
    expect([...found.model.graph.initializers.keys()]).toContain('b_int32')
    expect([...found.model.graph.initializers.keys()]).toContain('d_dq_int32')
    expect(found.steps).toBeLessThan(1.01)
  })

  it('takes back all that it did', async () => {
    const g = new Qdq()
    g.op('Conv', `${g.quantize('x')} ${g.weight('w', [4, 3, 1, 1], 0)}`, 'y')
    const given = g.model({ x: [1, 3, 4, 4] }, [g.quantize('y')])
    const model = cloneModel(given)
    const editor = new GraphEditor(model)
    await toQOperators(editor)
    editor.undo()
    expect(model.graph.nodes).toEqual(given.graph.nodes)
    expect([...model.graph.initializers.keys()]).toEqual([...given.graph.initializers.keys()])
    expect(model.opsets.has('com.microsoft')).toBe(false)
  })
})
