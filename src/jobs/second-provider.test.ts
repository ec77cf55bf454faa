import * as v from 'valibot'
import { describe, expect, it } from 'vitest'
import { memorySource, MemoryFolder, singleFile } from '../core/bytes'
import { DeviceError } from '../core/errors'
import { encodeOnnx } from '../formats/onnx/encode'
import { buildModel, node, ramp } from '../testing/build-model'
import { testPorts } from '../testing/ports'
import { wasmLevels } from '../testing/wasm-machines'
import { compress } from './compress'
import type { JobPorts } from './ports'
import { ReportSchema } from './report-schema'

const classifier = buildModel({
  inputs: { x: ['float32', ['batch', 37]] },
  outputs: { y: ['float32', ['batch', 5]] },
  nodes: [node('MatMul', 'x w1', 'a'), node('Relu', 'a', 'r'), node('MatMul', 'r w2', 'y')],
  initializers: { w1: ramp([37, 61]), w2: ramp([61, 5], 0.11) },
})

const openMachine = async () => wasmLevels.at(-1)!.make()

async function run(more: Partial<JobPorts>) {
  const { ports, progress } = await testPorts()
  const folder = new MemoryFolder()
  const files = singleFile(memorySource(await encodeOnnx(classifier), 'model.onnx'))
  const job = { files, recipe: 'auto' as const, seed: 3, folder, outputName: 'small.onnx' }
  return { ...(await compress(job, { ...ports, ...more })), progress }
}

describe('the second provider of the proof', () => {
  it('stands in the report beside onnxruntime, and changes no byte', async () => {
    const plain = await run({})
    const { report, progress } = await run({ openMachine })
    expect(report.output.sha256).toBe(plain.report.output.sha256)
    expect(report.recipe).toEqual(plain.report.recipe)
    expect(plain.report.quality.providers.map(({ name }) => name)).toEqual(['wasm'])
    expect(report.quality.providers).toMatchObject([
      { name: 'wasm', ok: true },
      { name: 'plume-wasm', ok: true, samples: 3, versus: { provider: 'wasm' } },
    ])
    expect(report.quality.providers[1]?.versus?.disagreement).toBeLessThan(1e-4)
    const stages = progress.map(({ stage }) => stage)
    expect(stages.lastIndexOf('second')).toBeGreaterThan(stages.lastIndexOf('verify'))
    expect(progress.at(-1)?.overall).toBe(1)
    expect(v.parse(ReportSchema, JSON.parse(JSON.stringify(report)))).toEqual(JSON.parse(JSON.stringify(report)))
  })

  it('is left out with a note where the machine cannot be had', async () => {
    const refusing = async () => Promise.reject(new DeviceError('There are no SIMD kernels here.'))
    const { report } = await run({ openMachine: refusing })
    expect(report.quality.providers.map(({ name }) => name)).toEqual(['wasm'])
    expect(report.notes).toContainEqual({
      severity: 'info',
      text: "The result was not run on Plume's own engine as well: There are no SIMD kernels here.",
    })
  })
})
