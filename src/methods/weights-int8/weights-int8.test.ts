import { describe, expect, it } from 'vitest'
import { resolveOptions } from '../../core/options'
import { Random } from '../../core/random'
import { asFloat32, asNumbers, numberToFloat16, type Tensor } from '../../core/tensor'
import { bodies, type Model, type Node } from '../../graph/model'
import {
  bool,
  buildFunction,
  buildGraph,
  buildModel,
  f32,
  i64,
  i8,
  node,
  tensorOf,
  type ModelSpec,
} from '../../testing/build-model'
import { methodContext, runModel } from '../../testing/method-context'
import { meta } from './meta'
import { method } from './weights-int8'

const options = (given: Record<string, unknown> = {}) =>
  resolveOptions(meta.options, { minBytes: 0, ...given }, 'weights-int8')

/** Gaussian weights whose channels differ in size along `axis`, with one outlier. */
function weights(shape: readonly number[], axis = 0, seed = 5) {
  const random = new Random(seed)
  const count = shape.reduce((product, size) => product * size, 1)
  const inner = shape.slice(axis + 1).reduce((product, size) => product * size, 1)
  const values = Array.from({ length: count }, (_, i) => {
    const channel = Math.floor(i / inner) % (shape[axis] as number)
    return random.normal() * (0.1 + channel) * (i === 17 ? 4 : 1)
  })
  return f32(shape, values)
}

function input(shape: readonly number[], seed = 9): Tensor {
  const random = new Random(seed)
  const count = shape.reduce((product, size) => product * size, 1)
  return tensorOf(
    'float32',
    shape,
    Array.from({ length: count }, () => random.normal() + 0.3),
  )
}

function sqnrDb(before: Tensor, after: Tensor): number {
  const [x, y] = [asNumbers(before), asNumbers(after)]
  expect(y.length).toBe(x.length)
  const noise = x.reduce((sum, value, i) => sum + (value - (y[i] as number)) ** 2, 0)
  return 10 * Math.log10(x.reduce((sum, value) => sum + value * value, 0) / noise)
}

const allNodes = (model: Model): Node[] => [...bodies(model)].flatMap((body) => body.nodes)
const count = (model: Model, opType: string) => allNodes(model).filter((n) => n.opType === opType).length

async function compress(model: Model, given: Record<string, unknown> = {}) {
  const { context, notes } = methodContext()
  const result = await method.run(context, model, options(given))
  return { ...result, notes }
}

/** Compresses, runs both in onnxruntime and gives the worst output's SQNR. */
async function compare(model: Model, feeds: Record<string, Tensor>, given: Record<string, unknown> = {}) {
  const result = await compress(model, given)
  const inputs = new Map(Object.entries(feeds))
  const before = await runModel(model, inputs)
  const after = await runModel(result.model, inputs)
  const worst = Math.min(...[...before].map(([name, tensor]) => sqnrDb(tensor, after.get(name) as Tensor)))
  return { ...result, worst }
}

const X = { x: ['float32', [3, 13]] } as const

/** [name, model, shape of x, expected axis attribute of the DequantizeLinear (undefined: left out)] */
const CONSUMERS: [string, ModelSpec, readonly number[], number | undefined][] = [
  ['Conv', one('Conv', 'x w', weights([7, 5, 3, 3]), {}), [1, 5, 9, 11], 0],
  ['depthwise Conv', one('Conv', 'x w', weights([13, 1, 3, 3]), { group: 13 }), [1, 13, 7, 5], 0],
  ['ConvTranspose', one('ConvTranspose', 'x w', weights([5, 7, 3, 3], 1), {}), [1, 5, 6, 7], undefined],
  ['grouped ConvTranspose', one('ConvTranspose', 'x w', weights([6, 5, 3, 3]), { group: 3 }), [1, 6, 5, 7], 0],
  ['Gemm', one('Gemm', 'x w', weights([13, 17], 1), {}), [3, 13], undefined],
  ['Gemm transB', one('Gemm', 'x w', weights([17, 13]), { transB: 1 }), [3, 13], 0],
  ['Gemm with the weight on the left', one('Gemm', 'w x', weights([17, 13]), {}), [13, 5], 0],
  ['MatMul', one('MatMul', 'x w', weights([13, 17], 1), {}), [3, 13], undefined],
  ['batched MatMul', one('MatMul', 'x w', weights([2, 13, 17], 2), {}), [2, 3, 13], 2],
  ['MatMul with the weight on the left', one('MatMul', 'w x', weights([17, 13]), {}), [13, 5], 0],
]

function one(
  opType: string,
  inputs: string,
  w: ReturnType<typeof f32>,
  attributes: Parameters<typeof node>[3],
): ModelSpec {
  return {
    inputs: { x: ['float32'] },
    outputs: { y: ['float32'] },
    nodes: [node(opType, inputs, 'y', attributes, 'op')],
    initializers: { w },
  }
}

describe('weights-int8 on every kind of consumer', () => {
  it.each(CONSUMERS)('%s', async (_name, spec, shape, axis) => {
    const model = buildModel(spec)
    const { model: small, tensors, worst, notes } = await compare(model, { x: input(shape) })
    expect(worst).toBeGreaterThan(35)
    expect(notes).toEqual([])
    const dequantize = small.graph.nodes.find((n) => n.opType === 'DequantizeLinear') as Node
    expect(dequantize.inputs).toEqual(['w_q', 'w_scale']) // no zero point
    expect(dequantize.attributes.get('axis')).toEqual(
      axis === undefined ? undefined : { name: 'axis', type: 'int', value: BigInt(axis) },
    )
    expect([...small.graph.initializers.values()].map((t) => [t.name, t.dtype])).toEqual([
      ['w_q', 'int8'],
      ['w_scale', 'float32'],
    ])
    expect(tensors).toHaveLength(1)
    expect(tensors[0]).toMatchObject({ name: 'w', from: 'float32', to: 'int8' })
    expect(tensors[0]?.sqnrDb).toBeGreaterThan(35)
    expect(model.graph.initializers.get('w')?.dtype).toBe('float32') // the given model is as it was
  })

  it.each(['LSTM', 'GRU', 'RNN'])('%s', async (opType) => {
    const gates = { LSTM: 4, GRU: 3, RNN: 1 }[opType] as number
    const model = buildModel({
      inputs: { x: ['float32', [3, 2, 11]] },
      outputs: { y: ['float32'], h: ['float32'] },
      nodes: [node(opType, 'x w r b', 'y h', { hidden_size: 9, direction: 'bidirectional' })],
      initializers: {
        w: weights([2, gates * 9, 11], 1),
        r: weights([2, gates * 9, 9], 1, 6),
        b: weights([2, gates * 18], 1, 7),
      },
    })
    const { model: small, worst, tensors } = await compare(model, { x: input([3, 2, 11]) }, { minBytes: 500 })
    expect(worst).toBeGreaterThan(25)
    expect(tensors.map((t) => t.name)).toEqual(['w', 'r'])
    expect(small.graph.initializers.get('b')?.dtype).toBe('float32')
  })

  it('Gather, along its axis', async () => {
    const spec = (axis: number, shape: number[]): ModelSpec => ({
      inputs: { i: ['int64', [4]] },
      outputs: { y: ['float32'] },
      nodes: [node('Gather', 'table i', 'y', { axis })],
      initializers: { table: weights(shape, axis) },
    })
    const feeds = { i: tensorOf('int64', [4], [0, 30, 7, 2]) }
    const rows = await compare(buildModel(spec(0, [31, 13])), feeds)
    expect(rows.worst).toBeGreaterThan(38)
    expect(rows.model.graph.initializers.get('table_scale')?.shape).toEqual([31])
    const columns = await compare(buildModel(spec(1, [13, 31])), feeds)
    expect(columns.worst).toBeGreaterThan(38)
    expect(columns.model.graph.initializers.get('table_scale')?.shape).toEqual([31])
  })
})

describe('options of weights-int8', () => {
  const model = () => buildModel(one('MatMul', 'x w', weights([13, 17], 1), {}))
  const feeds = { x: input([3, 13]) }

  it('per tensor: one scale, no axis, less precise', async () => {
    const coarse = await compare(model(), feeds, { granularity: 'per-tensor' })
    const fine = await compare(model(), feeds)
    expect(coarse.model.graph.initializers.get('w_scale')?.shape).toEqual([])
    expect(coarse.model.graph.nodes[0]?.attributes.size).toBe(0)
    expect(coarse.tensors[0]?.sqnrDb as number).toBeLessThan(fine.tensors[0]?.sqnrDb as number)
    expect(coarse.worst).toBeGreaterThan(25)
  })

  it.each(['dequantize', 'cast-multiply'])('asymmetric as %s: uint8 with a zero point per channel', async (form) => {
    const positive = weights([13, 17], 1)
    const shifted = f32(
      [13, 17],
      [...asFloat32({ dtype: 'float32', data: positive.bytes })].map((x) => x - 40),
    )
    const spec = buildModel(one('MatMul', 'x w', shifted, {}))
    const given = { scheme: 'asymmetric', form, minSqnrDb: 0 }
    const { model: small, worst, tensors } = await compare(spec, feeds, given)
    expect(worst).toBeGreaterThan(35)
    expect(tensors[0]?.to).toBe('uint8')
    const zero = small.graph.initializers.get('w_zero')
    expect(zero?.dtype).toBe(form === 'dequantize' ? 'uint8' : 'float32')
  })

  it('cast-multiply: Cast and Mul, from opset 7 on without a lift, equal to the dequantized result', async () => {
    const spec = one('Conv', 'x w', weights([7, 5, 3, 3]), {})
    const old = buildModel({
      ...spec,
      opset: 7,
      irVersion: 3,
      inputs: { x: ['float32', [1, 5, 9, 9]], w: ['float32', [7, 5, 3, 3]] },
    })
    const x = { x: input([1, 5, 9, 9]) }
    const { model: small, worst, notes } = await compare(old, x, { form: 'cast-multiply' })
    expect(worst).toBeGreaterThan(35)
    expect(small.opsets.get('')).toBe(7)
    expect(small.irVersion).toBe(4)
    expect(notes.map((n) => n.text)).toEqual(['Raised the IR version from 3 to 4: weights leave the list of inputs.'])
    expect(small.graph.inputs.map((info) => info.name)).toEqual(['x'])
    expect(small.graph.initializers.get('w_scale')?.shape).toEqual([7, 1, 1, 1])
    const standard = await compress(buildModel(spec))
    const [a, b] = await Promise.all(
      [small, standard.model].map((m) => runModel(m, new Map(Object.entries(x)), 'none')),
    )
    expect(a?.get('y')?.data).toEqual(b?.get('y')?.data)
  })

  it('leaves small tensors, those not named, and those that would lose too much', async () => {
    const kept = async (given: Record<string, unknown>) => {
      const original = model()
      const result = await compress(original, given)
      expect(result.model).toBe(original)
      expect(result.tensors).toEqual([])
      return { notes: result.notes, why: method.predict(original, options(given))[0]?.why }
    }
    expect((await kept({ minBytes: 885 })).why).toBe('kept: below 885 bytes')
    expect((await kept({ exclude: 'w*' })).why).toBe('kept: excluded by name')
    expect((await kept({ include: 'other' })).why).toBe('kept: not among the tensors to include')
    const { notes } = await kept({ minSqnrDb: 90 })
    expect(notes).toHaveLength(1)
    expect(notes[0]).toMatchObject({ severity: 'warning', node: 'w' })
    expect(notes[0]?.text).toMatch(/^Stays float32: in 8 bits its SQNR would be 4\d\.\d dB, below 90 dB\.$/)
  })

  it('predicts what it does', () => {
    const [decision] = method.predict(model(), options())
    expect(decision).toEqual({
      tensor: 'w',
      dtype: 'float32',
      shape: [13, 17],
      action: 'shrink',
      sizeBeforeBytes: 884,
      sizeAfterBytes: 13 * 17 + 4 * 17,
      why: 'weights of 1 MatMul node',
    })
  })
})

describe('weights that several nodes share', () => {
  it('stores a tied embedding once, behind a Transpose for the head', async () => {
    const model = buildModel({
      inputs: { i: ['int64', [5]] },
      outputs: { y: ['float32'] },
      nodes: [
        node('Gather', 'emb i', 'h'),
        node('Transpose', 'emb', 'head', { perm: [1, 0] }),
        node('MatMul', 'h head', 'y'),
      ],
      initializers: { emb: weights([29, 13]) },
    })
    const { model: small, worst } = await compare(model, { i: tensorOf('int64', [5], [3, 1, 28, 0, 9]) })
    expect(worst).toBeGreaterThan(35)
    expect(count(small, 'DequantizeLinear')).toBe(1)
    expect(small.graph.initializers.get('emb_q')?.shape).toEqual([29, 13])
    expect(small.graph.initializers.get('emb_scale')?.shape).toEqual([29])
    expect(small.graph.nodes.find((n) => n.opType === 'Transpose')?.inputs).toEqual(['emb_dq'])
  })

  it('replaces a float16 tensor and its Cast, and gives others float16 back', async () => {
    const half = halves([13, 17])
    const model = buildModel({
      inputs: X,
      outputs: { y: ['float32'], z: ['float16'] },
      nodes: [node('Cast', 'w', 'wide', { to: 1 }), node('MatMul', 'x wide', 'y'), node('Neg', 'w', 'z')],
      initializers: { w: half },
    })
    const { model: small, worst, tensors } = await compare(model, { x: input([3, 13]) })
    expect(worst).toBeGreaterThan(35)
    expect(tensors[0]).toMatchObject({ from: 'float16', to: 'int8', sizeBeforeBytes: 442 })
    expect(small.graph.nodes.map((n) => n.opType)).toEqual(['DequantizeLinear', 'Cast', 'MatMul', 'Neg'])
    expect(small.graph.nodes[2]?.inputs).toEqual(['x', 'w_dq'])
  })

  it('follows a Reshape to the channel axis', async () => {
    const model = buildModel({
      inputs: X,
      outputs: { y: ['float32'] },
      nodes: [node('Reshape', 'w shape', 'flat'), node('MatMul', 'x flat', 'y')],
      initializers: { w: weights([1, 13, 1, 17], 3), shape: i64([2], [13, 17]) },
      valueInfo: { flat: ['float32', [13, 17]] },
    })
    const { model: small, worst } = await compare(model, { x: input([3, 13]) })
    expect(worst).toBeGreaterThan(35)
    expect(small.graph.initializers.get('w_scale')?.shape).toEqual([17])
  })

  it('keeps a weight that is itself an output, and tables that are no weights', async () => {
    const model = buildModel({
      inputs: X,
      outputs: { w: ['float32'], y: ['float32'] },
      nodes: [node('MatMul', 'x w', 'h'), node('Add', 'h table', 'y')],
      initializers: { w: weights([13, 17], 1), table: weights([3, 17]) },
    })
    expect((await compress(model)).model).toBe(model)
    expect(method.predict(model, options()).map((d) => d.why)).toEqual([
      'kept: it is an output of its graph',
      'kept: read by Add, not as a weight',
    ])
  })
})

function halves(shape: readonly number[]) {
  const wide = asFloat32({ dtype: 'float32', data: weights(shape, 1).bytes })
  const bits = Uint16Array.from(wide, numberToFloat16)
  const bytes = new Uint8Array(bits.buffer)
  return {
    dtype: 'float16' as const,
    shape,
    data: { sizeBytes: bytes.length, read: async (o: number, n: number) => bytes.slice(o, o + n) },
  }
}

describe('bodies', () => {
  const branch = (name: string, w: ReturnType<typeof f32>, asConstant: boolean) =>
    buildGraph({
      name,
      outputs: { [`${name}_y`]: ['float32'] },
      nodes: [
        ...(asConstant ? [node('Constant', '', `${name}_w`, { value: { tensor: { ...w, name: '' } } })] : []),
        node('MatMul', `x ${name}_w`, `${name}_h`),
        node('MatMul', `${name}_h outer`, `${name}_y`),
      ],
      ...(asConstant ? {} : { initializers: { [`${name}_w`]: w } }),
    })

  it('quantizes initializers and constants of both branches, and an outer weight that both capture, two levels down', async () => {
    const inner = node('If', 'flag', 'inner_y', {
      then_branch: branch('a', weights([13, 11], 1), false),
      else_branch: branch('b', weights([13, 11], 1, 8), true),
    })
    const outerElse = buildGraph({ name: 'c', outputs: { c_y: ['float32'] }, nodes: [node('Neg', 'x2', 'c_y')] })
    const outerThen = buildGraph({ name: 'd', outputs: { inner_y: ['float32'] }, nodes: [inner] })
    const model = buildModel({
      inputs: { ...X, flag: ['bool', []] },
      outputs: { y: ['float32'] },
      nodes: [
        node('MatMul', 'x first', 'x2'),
        node('If', 'yes', 'y', { then_branch: outerThen, else_branch: outerElse }),
      ],
      initializers: { outer: weights([11, 7], 1), first: weights([13, 7], 1), yes: bool([], [1]) },
    })
    for (const flag of [0, 1]) {
      const {
        model: small,
        worst,
        tensors,
      } = await compare(model, { x: input([3, 13]), flag: tensorOf('bool', [], [flag]) })
      expect(worst).toBeGreaterThan(33)
      expect(tensors.map((t) => t.name).sort()).toEqual(['a_w', 'b_w', 'first', 'outer'])
      expect(count(small, 'DequantizeLinear')).toBe(4)
      expect(count(small, 'Constant')).toBe(0)
    }
  })

  it('quantizes constants of functions, which hold no initializers', async () => {
    const model = buildModel({
      inputs: X,
      outputs: { y: ['float32'] },
      opsets: { local: 1 },
      nodes: [node('local:Head', 'x', 'y')],
      functions: [
        buildFunction({
          name: 'Head',
          domain: 'local',
          inputs: ['a'],
          outputs: ['b'],
          nodes: [
            node('Constant', '', 'w', { value: { tensor: { ...weights([13, 17], 1), name: '' } } }),
            node('MatMul', 'a w', 'b'),
          ],
        }),
      ],
    })
    const { model: small, worst, tensors } = await compare(model, { x: input([3, 13]) }, { scheme: 'asymmetric' })
    expect(worst).toBeGreaterThan(35)
    expect(tensors).toHaveLength(1)
    expect(small.functions[0]?.nodes.map((n) => n.opType).sort()).toEqual([
      ...['Constant', 'Constant', 'Constant', 'DequantizeLinear', 'MatMul'],
    ])
  })
})

describe('what stays as it is', () => {
  it('a model that is already quantized', async () => {
    const model = buildModel({
      inputs: X,
      outputs: { y: ['float32'] },
      nodes: [node('DequantizeLinear', 'q s', 'w'), node('MatMul', 'x w', 'h'), node('MatMul', 'h v', 'y')],
      initializers: { q: i8([13, 40], new Array<number>(520).fill(3)), s: f32([], [0.5]), v: weights([40, 2], 1) },
    })
    expect((await compress(model)).model).toBe(model)
    expect(method.predict(model, options()).at(-1)?.why).toBe('kept: the model is already quantized')
  })

  it('a tensor that a caller may override; but not where an exporter listed the weights as inputs', async () => {
    const inputs = { x: ['float32', [3, 13]], w: ['float32', [13, 17]] } as const
    const spec = { ...one('Gemm', 'x w c', weights([13, 17], 1), {}), inputs, irVersion: 8 }
    const initializers = { ...spec.initializers, c: f32([1], [0.5]) }
    const table = weights([300])
    const model = buildModel({
      ...spec,
      nodes: [...spec.nodes, node('Neg', 'table', 'unused')],
      initializers: { ...initializers, table },
    })
    expect((await compress(model)).model).toBe(model)
    const listed = buildModel({ ...spec, initializers, inputs: { ...inputs, c: ['float32', [1]] } })
    const { model: small, notes, worst } = await compare(listed, { x: input([3, 13]) })
    expect(worst).toBeGreaterThan(35)
    expect(small.graph.inputs.map((info) => info.name)).toEqual(['x'])
    expect(notes.map((n) => n.text)).toEqual([
      '2 weights were also listed as inputs, as old exporters do; callers can no longer replace them in the result.',
    ])
    expect(method.predict(listed, options())[0]?.action).toBe('shrink')
  })

  it('below opset 7, with a note', async () => {
    const model = buildModel({ ...one('MatMul', 'x w', weights([13, 17], 1), {}), opset: 6 })
    const { notes, model: same } = await compress(model, { form: 'cast-multiply' })
    expect(same).toBe(model)
    expect(notes.map((n) => n.text)).toEqual([
      'Stays float32: opset 6 can hold neither DequantizeLinear nor a broadcasting Mul.',
    ])
  })
})

describe('opsets', () => {
  const old = (opset: number, extra: Node[] = []) =>
    buildModel({
      ...one('Conv', 'x w', weights([7, 5, 3, 3]), {}),
      inputs: { x: ['float32', [1, 5, 9, 9]], w: ['float32', [7, 5, 3, 3]] },
      nodes: [node('Conv', 'x w', extra.length > 0 ? 'h' : 'y', {}, 'op'), ...extra],
      opset,
      irVersion: 3,
    })
  const feeds = { x: input([1, 5, 9, 9]) }

  it('restores by Cast and Mul where an operator blocks the lift, and says which', async () => {
    const blocked = buildModel({
      ...one('Conv', 'x w', weights([7, 5, 3, 3]), {}),
      nodes: [node('Conv', 'x w', 'h', {}, 'op'), node('Scan', 'h', 'y', {}, 'old scan')],
      opset: 8,
    })
    const { model: small, notes } = await compress(blocked)
    expect(small.opsets.get('')).toBe(8)
    expect(small.graph.nodes.map((n) => n.opType)).toEqual(['Cast', 'Mul', 'Conv', 'Scan'])
    expect(notes).toHaveLength(1)
    expect(notes[0]?.severity).toBe('warning')
    expect(notes[0]?.text).toMatch(
      /^1 weight \(such as "w"\) is restored .*needs opset 13: node "old scan" \(Scan\) cannot/,
    )
  })

  it('lifts to 13 for scales per channel, to 10 for one scale, with a note', async () => {
    for (const [granularity, opset] of [
      ['per-channel', 13],
      ['per-tensor', 10],
    ] as const) {
      const { model: small, worst, notes } = await compare(old(8), feeds, { granularity })
      expect(worst).toBeGreaterThan(25)
      expect(small.opsets.get('')).toBe(opset)
      expect(notes.some((n) => n.text.includes(`8`) && n.text.includes(`${opset}`))).toBe(true)
    }
  })

  it('does not lift a model that is new enough', async () => {
    const { model: small, notes } = await compare(old(15), feeds)
    expect(small.opsets.get('')).toBe(15)
    expect(notes.filter((n) => n.text.includes('opset'))).toEqual([])
  })
})
