import { afterEach, describe, expect, it } from 'vitest'
import { requestGpu } from '../backends/webgpu/device'
import { GpuKeeper } from '../backends/webgpu/keeper'
import { steadyBackend } from '../backends/webgpu/steady-backend'
import { memorySource, MemoryFolder, singleFile } from '../core/bytes'
import { RuntimeFailure } from '../core/errors'
import { encodeOnnx } from '../formats/onnx/encode'
import type { Runtime } from '../runtime/runtime'
import { buildModel, node, ramp } from '../testing/build-model'
import { fakeGpu } from '../testing/fake-gpu'
import { testPorts } from '../testing/ports'
import { testDevice } from '../testing/webgpu-device'
import { wasmLevels } from '../testing/wasm-machines'
import { compress } from './compress'
import type { JobPorts } from './ports'

/** Weights that channels of different range make, one of them zero. */
const model = buildModel({
  inputs: { x: ['float32', ['batch', 37]] },
  outputs: { y: ['float32', ['batch', 5]] },
  nodes: [node('MatMul', 'x w1', 'a'), node('Relu', 'a', 'r'), node('MatMul', 'r w2', 'y')],
  initializers: { w1: ramp([37, 61]), w2: ramp([61, 5], 0.11) },
})
const RECIPE = { version: 1 as const, app: '', seed: 3, steps: [{ method: 'weights-int8', options: {} }] }

const keepers: GpuKeeper[] = []
afterEach(() => {
  for (const keeper of keepers.splice(0)) keeper.dispose()
})

/** Devices one after the other; the first dies after so many submits. */
function dyingGpu(loseAfter = Infinity) {
  const counts = { submits: 0, devices: 0 }
  const open = async () => {
    const device = await testDevice()
    counts.devices++
    const { queue } = device
    const submit = queue.submit.bind(queue)
    const isFirst = counts.devices === 1
    queue.submit = (buffers) => {
      submit(buffers)
      if (isFirst && ++counts.submits === loseAfter) device.destroy()
    }
    return requestGpu(fakeGpu({ info: { architecture: 'swiftshader' }, device: async () => device }), {
      allowSoftware: true,
    })
  }
  const keeper = new GpuKeeper(open)
  keepers.push(keeper)
  return { keeper, counts }
}

async function run(keeper: GpuKeeper | undefined, more: Partial<JobPorts> = {}) {
  const { ports } = await testPorts()
  const files = singleFile(memorySource(await encodeOnnx(model), 'model.onnx'))
  const job = { files, recipe: RECIPE, seed: 3, folder: new MemoryFolder(), outputName: 'small.onnx' }
  const gpu = keeper && { gpu: keeper, backend: steadyBackend(keeper, ports.backend) }
  const openMachine = async () => wasmLevels[0]!.make()
  const { report } = await compress(job, { ...ports, openMachine, ...gpu, ...more })
  return { hash: report.output.sha256, providers: report.quality.providers.map(({ name }) => name), report }
}

describe('a job on the GPU', () => {
  it('makes the bytes that it makes without, whenever the device is lost', { timeout: 120_000 }, async () => {
    const without = await run(undefined)
    expect(without.providers).toEqual(['wasm', 'plume-wasm'])
    const { keeper, counts } = dyingGpu()
    const on = await run(keeper)
    expect(on.hash).toBe(without.hash)
    expect(on.providers).toEqual(['wasm', 'plume-webgpu'])
    expect(keeper.notes).toEqual([])
    // how many there are beyond these depends on how often a run is timed
    expect(counts.submits).toBeGreaterThan(4)
    for (const loseAfter of [1, 2, 3, 4]) {
      const dying = dyingGpu(loseAfter)
      const lost = await run(dying.keeper)
      expect(lost.hash, `lost after submit ${loseAfter}`).toBe(without.hash)
      expect(lost.providers).toEqual(['wasm', 'plume-webgpu'])
      expect(dying.counts.devices).toBe(2)
      expect(dying.keeper.notes.map(({ text }) => text)).toEqual([
        'The GPU was lost and started again; the work was repeated on it.',
      ])
    }
  })

  it('goes on without a GPU that is lost for good', async () => {
    const without = await run(undefined)
    const device = await testDevice()
    device.destroy()
    const dead = fakeGpu({ info: { architecture: 'swiftshader' }, device: async () => device })
    const keeper = new GpuKeeper(() => requestGpu(dead, { allowSoftware: true }))
    const lost = await run(keeper)
    expect(lost.hash).toBe(without.hash)
    expect(lost.providers).toEqual(['wasm', 'plume-wasm'])
    expect(keeper.notes.map(({ text }) => text).at(-1)).toBe(
      'The GPU was lost, so WebAssembly took over and the work was repeated.',
    )
  })
})

describe("onnxruntime's provider on the GPU", () => {
  /** The judge itself in its place, with answers so many times as large. */
  async function other(factor: number) {
    const { ports } = await testPorts()
    const runtime = await ports.openRuntime()
    let ended = 0
    const made: Runtime & { terminate(): void } = {
      provider: 'webgpu',
      version: runtime.version,
      terminate: () => void ended++,
      async open(bytes, options) {
        const session = await runtime.open(bytes, options)
        return {
          ...session,
          async run(feeds) {
            const { outputs, ms } = await session.run(feeds)
            for (const { data } of outputs.values()) {
              const values = new Float32Array(data.buffer, data.byteOffset, data.byteLength / 4)
              values.forEach((value, i) => (values[i] = value * factor))
            }
            return { outputs, ms }
          },
        }
      },
    }
    return { made, ended: () => ended }
  }

  it('stands in the report, with its times', async () => {
    const { made, ended } = await other(1)
    const { report } = await run(undefined, { openGpuRuntime: async () => made })
    expect(report.quality.providers.at(-1)).toMatchObject({ name: 'webgpu', ok: true, versus: { disagreement: 0 } })
    expect(report.speed.map(({ provider }) => provider)).toEqual(['wasm', 'plume-wasm', 'webgpu'])
    expect(ended()).toBe(1)
  })

  it('is believed no more than another where they disagree', async () => {
    const { made } = await other(2)
    const { report } = await run(undefined, { openGpuRuntime: async () => made })
    expect(report.quality.providers.at(-1)).toMatchObject({ name: 'webgpu', ok: false })
    expect(report.notes.map(({ text }) => text).join()).toMatch(
      /ONNX Runtime gives different results for this model on WebGPU and on WebAssembly: up to \d/,
    )
  })

  it('is left out with a note where it cannot run', async () => {
    const openGpuRuntime = () => Promise.reject(new RuntimeFailure('no available backend found.'))
    const { report } = await run(undefined, { openGpuRuntime })
    expect(report.quality.providers.map(({ name }) => name)).toEqual(['wasm', 'plume-wasm'])
    expect(report.notes.map(({ text }) => text)).toContain(
      "ONNX Runtime's WebGPU provider did not run the models: no available backend found.",
    )
  })
})
