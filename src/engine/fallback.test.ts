import { afterEach, describe, expect, it } from 'vitest'
import type { Machine } from '../backends/machine'
import { requestGpu, type Gpu, type GpuAnswer } from '../backends/webgpu/device'
import { GpuKeeper } from '../backends/webgpu/keeper'
import { hostArray, type HostArray } from '../core/host-array'
import { buildModel, node, ramp } from '../testing/build-model'
import { fakeGpu, type FakeAdapter } from '../testing/fake-gpu'
import { testGpu } from '../testing/webgpu-device'
import { wasmLevels } from '../testing/wasm-machines'
import { openOnHosts } from './fallback'
import { openEngine } from './session'

const model = buildModel({
  ...{ opset: 22, irVersion: 10 },
  inputs: { x: ['float32', ['n', 3]] },
  outputs: { y: ['float32'] },
  nodes: [node('MatMul', 'x w', 'p'), node('Softmax', 'p', 'y')],
  initializers: { w: ramp([3, 5]) },
})
const rows = (count: number): HostArray =>
  hostArray(
    'float32',
    [count, 3],
    Array.from({ length: 3 * count }, (_, i) => Math.sin(i)),
  )
const feeds = (count: number) => new Map([['x', rows(count)]])

const AGAIN = 'The GPU was lost and started again; the work was repeated on it.'
const LOST = 'The GPU was lost, so WebAssembly took over and the work was repeated.'
const FAILED = 'The GPU failed, so WebAssembly took over and the work was repeated.'

const keepers: GpuKeeper[] = []
afterEach(() => {
  for (const keeper of keepers.splice(0)) keeper.dispose()
})

/** Hosts whose devices are `devices`, one after the other, and then none. */
function hostsOf(...devices: readonly (Gpu | GpuAnswer)[]) {
  const left = [...devices]
  const none: GpuAnswer = { missing: { kind: 'no-adapter', text: 'none is left' } }
  const gpu = new GpuKeeper(async () => {
    const next = left.shift() ?? none
    return 'missing' in next || 'gpu' in next ? next : { gpu: next }
  })
  keepers.push(gpu)
  return { gpu, openMachine: (): Promise<Machine> => wasmLevels[0]!.make() }
}

const textsOf = ({ gpu }: { readonly gpu: GpuKeeper }) => gpu.notes.map(({ text }) => text)

async function expected(count: number): Promise<readonly number[]> {
  const session = await openEngine(model, { machine: 'reference' })
  return [...((await session.run(feeds(count))).get('y')!.values as Float32Array)]
}

async function expectRight(found: ReadonlyMap<string, HostArray>, count: number): Promise<void> {
  const values = [...(found.get('y')!.values as Float32Array)]
  const right = await expected(count)
  expect(values).toHaveLength(right.length)
  values.forEach((value, i) => expect(value).toBeCloseTo(right[i]!, 5))
}

describe('a session on a GPU that fails', () => {
  it('runs on the GPU while all is well', async () => {
    const hosts = hostsOf(await testGpu())
    const session = await openOnHosts(model, hosts)
    await expectRight(await session.run(feeds(3)), 3)
    expect(session.machine).toBe('webgpu')
    expect(textsOf(hosts)).toEqual([])
    session.dispose()
  })

  it('plans again on a new device after a loss', async () => {
    const [first, second] = [await testGpu(), await testGpu()]
    const hosts = hostsOf(first, second)
    const session = await openOnHosts(model, hosts)
    await session.run(feeds(2))
    first.device.destroy()
    await expectRight(await session.run(feeds(4)), 4)
    expect(session.machine).toBe('webgpu')
    expect(textsOf(hosts)).toEqual([AGAIN])
    second.device.destroy()
    await expectRight(await session.run(feeds(4)), 4)
    expect(session.machine).toBe('wasm')
    expect(textsOf(hosts)).toEqual([AGAIN, LOST])
    session.dispose()
  })

  it('repeats a run in whose middle the device was lost', async () => {
    const first = await testGpu()
    const { queue } = first.device
    const submit = queue.submit.bind(queue)
    queue.submit = (buffers) => {
      submit(buffers)
      first.device.destroy()
    }
    const hosts = hostsOf(first, await testGpu())
    const session = await openOnHosts(model, hosts)
    await expectRight(await session.run(feeds(5)), 5)
    expect(textsOf(hosts)).toEqual([AGAIN])
    session.dispose()
  })

  it('goes on with WASM where no other device is had', async () => {
    const first = await testGpu()
    const hosts = hostsOf(first)
    const session = await openOnHosts(model, hosts)
    first.device.destroy()
    const all = await Promise.all([session.run(feeds(1)), session.run(feeds(2))])
    await expectRight(all[0], 1)
    await expectRight(all[1], 2)
    expect(session.machine).toBe('wasm')
    expect(textsOf(hosts)).toEqual([LOST])
    session.dispose()
  })

  it('meets a loss before the first run', async () => {
    const first = await testGpu()
    first.device.destroy()
    const hosts = hostsOf(first, await testGpu())
    const session = await openOnHosts(model, hosts)
    await expectRight(await session.run(feeds(3)), 3)
    expect(session.machine).toBe('webgpu')
    expect(textsOf(hosts)).toEqual([AGAIN])
    session.dispose()
  })

  it('does what a shader cannot that does not compile', async () => {
    const gpu = await testGpu()
    const make = gpu.device.createShaderModule.bind(gpu.device)
    gpu.device.createShaderModule = (descriptor) => make({ ...descriptor, code: `${descriptor.code}\nfn broken( {` })
    const hosts = hostsOf(gpu)
    const session = await openOnHosts(model, hosts)
    await expectRight(await session.run(feeds(3)), 3)
    expect(session.machine).toBe('wasm')
    expect(textsOf(hosts)).toEqual([expect.stringContaining(`${FAILED} The GPU refused the shader `)])
    session.dispose()
  })

  it('does what does not fit the memory of the GPU', async () => {
    const gpu = await testGpu()
    gpu.device.popErrorScope = async () => ({ message: 'out of memory' })
    const hosts = hostsOf(gpu)
    const session = await openOnHosts(model, hosts)
    await expectRight(await session.run(feeds(3)), 3)
    expect(textsOf(hosts)).toEqual([expect.stringContaining(`${FAILED} The GPU gave no `)])
    session.dispose()
  })

  it('computes 64-bit integers that the GPU cannot hold', async () => {
    const wide = buildModel({
      ...{ opset: 22, irVersion: 10 },
      inputs: { x: ['int64', [2, 2]] },
      outputs: { y: ['int64'] },
      nodes: [node('Transpose', 'x', 'y')],
    })
    const hosts = hostsOf(await testGpu())
    const session = await openOnHosts(wide, hosts)
    const run = (values: bigint[]) => session.run(new Map([['x', hostArray('int64', [2, 2], values)]]))
    expect([...(await run([1n, 2n, 3n, -4n])).get('y')!.values]).toEqual([1n, 3n, 2n, -4n])
    expect(session.machine).toBe('webgpu')
    expect([...(await run([1n, 2n ** 40n, 3n, 4n])).get('y')!.values]).toEqual([1n, 3n, 2n ** 40n, 4n])
    expect(session.machine).toBe('wasm')
    expect(textsOf(hosts)).toEqual([expect.stringContaining(FAILED)])
    session.dispose()
  })

  it('throws what is not the fault of the GPU', async () => {
    const hosts = hostsOf(await testGpu())
    const session = await openOnHosts(model, hosts)
    await expect(session.run(new Map())).rejects.toMatchObject({ name: 'ShapeError' })
    const controller = new AbortController()
    controller.abort()
    const aborted = session.run(feeds(1), { signal: controller.signal })
    await expect(aborted).rejects.toMatchObject({ name: 'AbortError' })
    await expectRight(await session.run(feeds(1)), 1)
    expect(session.machine).toBe('webgpu')
    expect(textsOf(hosts)).toEqual([])
    session.dispose()
  })
})

describe('a session where no GPU can be used', () => {
  const cases: readonly [string, GPU | undefined][] = [
    ['no WebGPU', undefined],
    ...(
      [
        ['no adapter', null],
        ['software only', { info: { architecture: 'swiftshader' } }],
        ['limits too small', { limits: { maxStorageBufferBindingSize: 2 ** 20 } }],
        ['no device', {}],
      ] as const satisfies readonly (readonly [string, FakeAdapter | null])[]
    ).map(([title, adapter]): [string, GPU] => [title, fakeGpu(adapter)]),
  ]

  it.each(cases)('runs on WASM: %s', async (_, gpu) => {
    const hosts = hostsOf(await requestGpu(gpu, { allowSoftware: false }))
    const session = await openOnHosts(model, hosts)
    await expectRight(await session.run(feeds(3)), 3)
    expect(session.machine).toBe('wasm')
    expect(textsOf(hosts)).toEqual([])
    session.dispose()
  })

  it('runs on WASM where none is wanted', async () => {
    const session = await openOnHosts(model, { openMachine: () => wasmLevels[0]!.make() })
    await expectRight(await session.run(feeds(2)), 2)
    expect(session.machine).toBe('wasm')
    session.dispose()
  })
})
