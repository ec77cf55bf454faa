import { describe, expect, it } from 'vitest'
import { UsageError } from '../../core/errors'
import { storedCalibration } from '../../engine/observers/stored'
import { encodeOnnx } from '../../formats/onnx/encode'
import { buildModel, node } from '../../testing/build-model'
import { methodContext, runModel } from '../../testing/method-context'
import { method } from './static-int8'
import { compare, compress, input, lines, options, weights } from './test-kit'

/** Two convolutions and a residual sum, a shared weight, pooling, and a classifier. */
const residual = buildModel({
  inputs: { x: ['float32', [1, 5, 9, 11]] },
  outputs: { y: ['float32'] },
  nodes: [
    node('Conv', 'x w1 b1', 'a', { pads: [1, 1, 1, 1] }, 'first'),
    node('Relu', 'a', 'b', {}, 'relu1'),
    node('Conv', 'b w2', 'c', { pads: [1, 1, 1, 1] }, 'second'),
    node('Add', 'c b', 'd', {}, 'sum'),
    node('Relu', 'd', 'e', {}, 'relu2'),
    node('Conv', 'e w2', 'f', { pads: [1, 1, 1, 1] }, 'third'),
    node('GlobalAveragePool', 'f', 'g', {}, 'pool'),
    node('Flatten', 'g', 'h', {}, 'flat'),
    node('Gemm', 'h w3 b3', 'y', { transB: 1 }, 'last'),
  ],
  initializers: {
    w1: weights([7, 5, 3, 3]),
    b1: weights([7], 0, 2),
    w2: weights([7, 7, 3, 3], 0, 3),
    w3: weights([13, 7], 0, 4),
    b3: weights([13], 0, 6),
  },
})
const feeds = new Map([['x', input([1, 5, 9, 11])]])
const TARGETS = ['generic', 'ort-cpu', 'ort-web', 'webgpu', 'tensorrt', 'mobile']

describe('static-int8', () => {
  it('places pairs around products and what lies between them; Relu goes before the pair', async () => {
    const { model, layers, tensors, notes } = await compare(residual, feeds)
    expect(lines(model).filter((line) => !line.startsWith('DequantizeLinear'))).toEqual([
      'QuantizeLinear x x_scale x_zero -> x_q',
      'Conv x_dq w1_dq b1_dq -> a',
      'Relu a -> b',
      'QuantizeLinear b b_scale b_zero -> b_q',
      'Conv b_dq w2_dq -> c',
      'QuantizeLinear c c_scale c_zero -> c_q',
      'Add c_dq b_dq -> d',
      'Relu d -> e',
      'QuantizeLinear e e_scale b_zero -> e_q',
      'Conv e_dq w2_dq -> f',
      'QuantizeLinear f f_scale f_zero -> f_q',
      'GlobalAveragePool f_dq -> g',
      'QuantizeLinear g h_scale h_zero -> g_q',
      'Flatten g_dq -> h',
      'QuantizeLinear h h_scale h_zero -> h_q',
      'Gemm h_dq w3_dq b3_dq -> y',
    ])
    expect(lines(model).filter((line) => line.includes('w2_q'))).toHaveLength(1) // shared weight, one node
    expect(layers?.map(({ name, to, why }) => `${name} ${to}${why ? ` (${why})` : ''}`)).toEqual([
      'first int8',
      'relu1 int8 (part of first)',
      'second int8',
      'sum int8',
      'relu2 int8 (part of sum)',
      'third int8',
      'pool int8',
      'last int8',
    ])
    expect(tensors.map(({ name, to }) => `${name} ${to}`)).toEqual([
      'w1 int8',
      'w2 int8',
      'w3 int8',
      'b1 int32',
      'b3 int32',
    ])
    expect(notes).toEqual([])
  })

  it.each(TARGETS)(
    '%s: the same numbers within the noise of 8 bits, in onnxruntime and in the engine',
    async (target) => {
      const { ort, engine } = await compare(residual, feeds, { target })
      expect(ort).toBeGreaterThan(30)
      expect(engine).toBeGreaterThan(30)
    },
  )

  it('generic keeps weights to 64, ort-web uses all 8 bits', async () => {
    const most = async (target: string) => {
      const { model } = await compress(residual, [feeds], { target })
      const { data, dtype } = model.graph.initializers.get('w1_q')!
      expect(dtype).toBe('int8')
      return Math.max(...new Int8Array((await data.read(0, data.sizeBytes)).buffer).map(Math.abs))
    }
    expect(await most('generic')).toBe(64)
    expect(await most('ort-web')).toBe(127)
  })

  it('stores int32 biases by activation scale × weight scale, along axis 0, without zero point', async () => {
    const { model } = await compress(residual, [feeds])
    const read = async (name: string) => {
      const { data } = model.graph.initializers.get(name)!
      return new Float32Array((await data.read(0, data.sizeBytes)).buffer)
    }
    const [activation, weight, bias] = [await read('x_scale'), await read('w1_scale'), await read('b1_scale')]
    expect([...bias]).toEqual([...weight].map((scale) => Math.fround(scale * activation[0]!)))
    const restored = model.graph.nodes.find(({ inputs }) => inputs[0] === 'b1_q')!
    expect(restored.inputs).toEqual(['b1_q', 'b1_scale'])
    expect(restored.attributes.get('axis')).toMatchObject({ value: 0n })
    expect(model.graph.initializers.get('b1_q')!.dtype).toBe('int32')
  })

  it('tensorrt is symmetric, leaves biases in float, and quantizes only the other summand of a residual block', async () => {
    const { model, values } = await compress(residual, [feeds], { target: 'tensorrt' })
    expect(values?.map(({ to, zeroPoint }) => `${to} ${zeroPoint}`)).toEqual(values?.map(() => 'int8 0'))
    expect(lines(model)).toContain('Add c b_dq -> d')
    expect(lines(model)).toContain('Conv x_dq w1_dq b1 -> a')
    expect(lines(model).join()).not.toContain('QuantizeLinear c ')
  })

  it('webgpu needs no data: only weights become integers', async () => {
    const { context } = methodContext()
    const { model, layers, ranges } = await method.run(context, residual, options({ target: 'webgpu' }))
    expect(model.graph.nodes.filter(({ opType }) => opType === 'QuantizeLinear')).toEqual([])
    expect(layers?.find(({ name }) => name === 'first')?.to).toBe('int8 weights')
    expect(ranges).toBeUndefined()
  })

  it('mobile quantizes outputs as well, and pooling keeps the scale', async () => {
    const { model, values } = await compress(residual, [feeds], { target: 'mobile' })
    expect(lines(model).at(-1)).toBe('DequantizeLinear y_q y_scale y_zero -> y')
    const scaleOf = (name: string) => values?.find((value) => value.name === name)?.scale
    expect(scaleOf('g')).toBe(scaleOf('f'))
    expect(model.graph.initializers.get('w3_scale')?.shape).toEqual([]) // no scales per channel for Gemm
  })

  it('refuses to run without data, and says how to give it', async () => {
    const { context } = methodContext()
    await expect(method.run(context, residual, options({}))).rejects.toThrow(
      new UsageError(
        'static-int8 needs data to choose ranges on, for 7 inner values of the model. Give samples of what the model will see ' +
          'with --calibrate DATA; where there is only --test DATA, a fifth of it is taken.',
      ),
    )
  })

  it('replays from its ranges to the same bytes', async () => {
    const first = await compress(residual, [feeds])
    const { context } = methodContext()
    const again = await method.run({ ...context, calibration: storedCalibration(first.ranges!) }, residual, options({}))
    expect(await encodeOnnx(again.model)).toEqual(await encodeOnnx(first.model))
  })

  it('leaves a quantized model alone', async () => {
    const { model } = await compress(residual, [feeds])
    const again = await compress(model, [feeds])
    expect(again.model).toBe(model)
    expect(again.notes).toEqual([
      'The model is already quantized (DequantizeLinear, QuantizeLinear) and is left as it is.',
    ])
  })

  it('makes integer operators of it, which compute the same', async () => {
    const qdq = await compress(residual, [feeds])
    const { model } = await compress(residual, [feeds], { format: 'qoperator' })
    const types = new Set(model.graph.nodes.map(({ opType }) => opType))
    expect(types).toContain('QLinearConv')
    expect(types).not.toContain('Conv')
    const y = async (one: typeof model) => (await runModel(one, feeds)).get('y')!.data
    expect([...new Float32Array((await y(model)).buffer)].length).toBe(13)
    expect(await y(model)).toEqual(await y(qdq.model))
  })
})
