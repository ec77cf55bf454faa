import { readFileSync } from 'node:fs'
import { beforeAll, describe, expect, it, vi } from 'vitest'
import { dtypeToOnnx, type KnownDType } from '../core/dtypes'
import { RuntimeFailure, UnsupportedError } from '../core/errors'
import type { Tensor } from '../core/tensor'
import { encodeOnnx } from '../formats/onnx/encode'
import { buildModel, node } from '../testing/build-model'
import { testRuntime } from '../testing/runtime'
import { hasSharedData, sharedPath } from '../testing/shared-data'
import { createOnnxRuntime, type Ort } from './onnxruntime'
import type { Runtime } from './runtime'

let runtime: Runtime
beforeAll(async () => {
  runtime = await testRuntime()
})

function identity(dtype: KnownDType, shape: readonly (number | string)[] = ['n']) {
  return encodeOnnx(
    buildModel({
      opset: 21,
      irVersion: 10,
      inputs: { x: [dtype, shape] },
      outputs: { y: [dtype, shape] },
      nodes: [node('Identity', 'x', 'y')],
    }),
  )
}

async function through(value: Tensor): Promise<Tensor | undefined> {
  const session = await runtime.open(await identity(value.dtype as KnownDType))
  const { outputs } = await session.run(new Map([['x', value]]))
  await session.release()
  return outputs.get('y')
}

describe('createOnnxRuntime', () => {
  it('knows its version and provider', () => {
    expect(runtime.version).toBe('1.30.0')
    expect(runtime.provider).toBe('wasm')
  })

  const BYTES: Partial<Record<KnownDType, number>> = {
    float32: 4, float64: 8, float16: 2, int8: 1, uint8: 1, bool: 1, int16: 2, uint16: 2, int32: 4, uint32: 4, int64: 8, uint64: 8,
  } // prettier-ignore

  it.each(Object.entries(BYTES))('hands %s through, bit for bit, from any alignment', async (dtype, width) => {
    // 0x3c.. is a plain number in every float type; bool takes 0 and 1 only
    const buffer = new Uint8Array(1 + 5 * width).map((_, i) =>
      dtype === 'bool' ? i % 2 : i % width === 0 ? 0x3c : i * 7 + 3,
    )
    const data = buffer.subarray(1)
    const result = await through({ dtype: dtype as KnownDType, shape: [5], data })
    expect(result).toMatchObject({ dtype, shape: [5] })
    expect([...(result?.data ?? [])]).toEqual([...data])
  })

  it.each(['int4', 'uint4'] as const)('says that %s can be neither given nor taken', async (dtype) => {
    const cast = (from: KnownDType, to: KnownDType, number: number) =>
      encodeOnnx(
        buildModel({
          opset: 21,
          irVersion: 10,
          inputs: { x: [from, [5]] },
          outputs: { y: [to, [5]] },
          nodes: [node('Cast', 'x', 'y', { to: number })],
        }),
      )
    const giving = await runtime.open(await cast('int32', dtype, dtypeToOnnx(dtype)))
    const wide: Tensor = { dtype: 'int32', shape: [5], data: new Uint8Array(20) }
    await expect(giving.run(new Map([['x', wide]]))).rejects.toThrow(`an input or output holds ${dtype} values`)
    const taking = await runtime.open(await cast(dtype, 'int32', 6))
    const packed: Tensor = { dtype, shape: [5], data: Uint8Array.of(0x21, 0xf3, 0x07) }
    await expect(taking.run(new Map([['x', packed]]))).rejects.toThrow(`cannot take ${dtype} values`)
  })

  it('hands strings through', async () => {
    const result = await through({ dtype: 'string', shape: [2], data: new Uint8Array(0), strings: ['a', 'Ünïcode'] })
    expect(result?.strings).toEqual(['a', 'Ünïcode'])
  })

  it('refuses types that its JavaScript lacks', async () => {
    const session = await runtime.open(await identity('float32'))
    const value: Tensor = { dtype: 'bfloat16', shape: [1], data: new Uint8Array(2) }
    const running = session.run(new Map([['x', value]]))
    await expect(running).rejects.toBeInstanceOf(UnsupportedError)
    await expect(running).rejects.toThrow('Input "x": onnxruntime-web cannot take bfloat16 values')
  })

  it('refuses the one name that its JavaScript cannot hold', async () => {
    const bytes = await encodeOnnx(
      buildModel({
        inputs: Object.fromEntries([['__proto__', ['float32', [1]] as const]]),
        outputs: Object.fromEntries([['toString', ['float32', [1]] as const]]),
        nodes: [node('Identity', '__proto__', 'toString')],
      }),
    )
    await expect(runtime.open(bytes)).rejects.toThrow(/^onnxruntime-web cannot exchange .* name "__proto__"/)
  })

  it('takes names that every object has', async () => {
    const bytes = await encodeOnnx(
      buildModel({
        inputs: Object.fromEntries([['constructor', ['float32', [1]] as const]]),
        outputs: Object.fromEntries([['toString', ['float32', [1]] as const]]),
        nodes: [node('Identity', 'constructor', 'toString')],
      }),
    )
    const session = await runtime.open(bytes)
    const value: Tensor = { dtype: 'float32', shape: [1], data: Uint8Array.of(0, 0, 64, 64) }
    const { outputs } = await session.run(new Map([['constructor', value]]))
    expect(outputs.get('toString')?.data).toEqual(value.data)
    await session.release()
  })

  it('gives names, dtypes and shapes, open sizes by name', async () => {
    const session = await runtime.open(await identity('float16', ['batch', 3]))
    expect(session.inputs).toEqual([{ name: 'x', dtype: 'float16', shape: ['batch', 3] }])
    expect(session.outputs).toEqual([{ name: 'y', dtype: 'float16', shape: ['batch', 3] }])
  })

  it('measures the run and names what is wrong with the input', async () => {
    const session = await runtime.open(await identity('float32', ['n', 3]))
    const feeds = (shape: number[]) => {
      const data = new Uint8Array(4 * shape.reduce((product, size) => product * size, 1))
      return new Map<string, Tensor>([['x', { dtype: 'float32', shape, data }]])
    }
    expect((await session.run(feeds([2, 3]))).ms).toBeGreaterThan(0)
    await expect(session.run(feeds([2, 4]))).rejects.toThrow(
      /^onnxruntime could not run the model: Got invalid dimensions for input: x .* Got: 4 Expected: 3/,
    )
    await expect(session.run(new Map())).rejects.toThrow("input 'x' is missing")
  })

  it('refuses bytes that are no model, and goes on after it', async () => {
    await expect(runtime.open(new Uint8Array(10).fill(7))).rejects.toThrow(
      'onnxruntime refused the model: Failed to load model because protobuf parsing failed.',
    )
    expect((await runtime.open(await identity('float32'))).inputs).toHaveLength(1)
  })

  it('prints nothing', async () => {
    const spies = (['log', 'warn', 'error'] as const).map((name) =>
      vi.spyOn(console, name).mockImplementation(() => undefined),
    )
    await runtime.open(new Uint8Array(10).fill(7)).catch(() => undefined)
    for (const spy of spies) expect(spy).not.toHaveBeenCalled()
    for (const spy of spies) spy.mockRestore()
  })

  it('sets threads and paths before the first session', () => {
    const env = { wasm: {}, versions: { common: '1.0.0' } } as unknown as Ort['env']
    const wasmPaths = { wasm: '/ort.wasm', mjs: '/ort.mjs' }
    const made = createOnnxRuntime({ env } as Ort, { threads: 3, wasmPaths })
    expect(env.wasm).toEqual({ numThreads: 3, wasmPaths })
    expect(made.version).toBe('1.0.0')
  })
})

describe.skipIf(!hasSharedData)('real models that onnxruntime cannot run (needs ../shared/data)', () => {
  const bytes = (folder: string, file: string) => new Uint8Array(readFileSync(sharedPath(folder, file)))

  it.each([
    ['hls4ml-jets', 'qkeras_jettagging_qonnx.onnx', "No opset import for domain 'finn.custom_op.general'.", undefined],
    [
      'super-resolution',
      'supres_contrib_ops.onnx',
      'ai.onnx.contrib:SuperResolutionPreProcess(-1) is not a registered function/op.',
      'ai.onnx.contrib:SuperResolutionPreProcess',
    ],
  ])('%s/%s', async (folder, file, sentence, blamed) => {
    const error = await runtime.open(bytes(folder, file)).catch((caught: unknown) => caught)
    expect(error).toBeInstanceOf(RuntimeFailure)
    expect((error as RuntimeFailure).message).toBe(`onnxruntime refused the model: ${sentence}`)
    expect((error as RuntimeFailure).node).toBe(blamed)
  })

  it('names the node that fails when it runs', async () => {
    const session = await runtime.open(bytes('hls4ml-jets', 'three_layer_bn_keras.onnx'))
    const x: Tensor = { dtype: 'float32', shape: [1, 16], data: new Uint8Array(64) }
    const error = await session.run(new Map([['input_1_0', x]])).catch((caught: unknown) => caught)
    expect((error as RuntimeFailure).node).toBe('BatchNormalization__')
    expect((error as RuntimeFailure).message).toContain('Invalid input scale: 0th dimension != 1')
  })

  it('says in plain words when memory runs out, and goes on after it', async () => {
    const session = await runtime.open(bytes('cifar10-resnet20', 'cifar10-resnet20.onnx'))
    const feeds = (n: number) =>
      new Map<string, Tensor>([['input', { dtype: 'float32', shape: [n, 3, 32, 32], data: new Uint8Array(n * 12288) }]])
    await expect(session.run(feeds(60_000))).rejects.toThrow('ran out of memory')
    expect((await session.run(feeds(1))).outputs.get('logits')?.shape).toEqual([1, 10])
  })

  it('reads external data by the path that the model uses', async () => {
    const data = bytes('cifar10-resnet20-external', 'cifar10-resnet20.onnx.data')
    const model = bytes('cifar10-resnet20-external', 'cifar10-resnet20.onnx')
    const session = await runtime.open(model, { externalData: new Map([['cifar10-resnet20.onnx.data', data]]) })
    expect(session.inputs[0]?.name).toBe('input')
    await expect(runtime.open(model)).rejects.toThrow('Failed to load external data file')
  })
})
