import { describe, expect, it } from 'vitest'
import { memorySource, MemoryFolder, singleFile } from '../core/bytes'
import { Random } from '../core/random'
import { encodeOnnx } from '../formats/onnx/encode'
import type { Samples } from '../formats/format'
import { buildModel, node, ramp, tensorOf } from '../testing/build-model'
import { testPorts } from '../testing/ports'
import { chooseJobData, needsCalibration } from './calibration-data'
import { compress } from './compress'
import { formatRecipe, parseRecipe } from './recipe'
import type { CompressRequest } from './request'

/** A layer each before and after ReLU; 37 inputs, 5 classes. */
const model = () =>
  buildModel({
    inputs: { x: ['float32', ['batch', 37]] },
    outputs: { y: ['float32', ['batch', 5]] },
    nodes: [
      node('MatMul', 'x w1', 'a', {}, 'first'),
      node('Relu', 'a', 'r', {}, 'relu'),
      node('MatMul', 'r w2', 'y', {}, 'last'),
    ],
    initializers: { w1: ramp([37, 131]), w2: ramp([131, 5], 0.11) },
  })

function arrays(name: string, count: number, seed: number, scale = 1): Samples {
  const random = new Random(seed)
  const values = Array.from({ length: count * 37 }, () => random.normal() * scale)
  const x = tensorOf('float32', [count, 37], values)
  return { kind: 'arrays', name, sha256: String(seed % 10).repeat(64), count, notes: [], arrays: new Map([['x', x]]) }
}
const data = (samples: Samples) => ({ kind: 'samples' as const, samples })
const recipe = {
  version: 1 as const,
  seed: 1,
  steps: [{ method: 'static-int8', options: { observer: 'percentile' } }],
}

async function run(more: Partial<CompressRequest>) {
  const folder = new MemoryFolder()
  const files = singleFile(memorySource(await encodeOnnx(model()), 'm.onnx'))
  const { ports, progress } = await testPorts()
  const request = { files, recipe, seed: 1, folder, outputName: 'small.onnx', ...more }
  const { report } = await compress(request, ports)
  return { report, progress, bytes: folder.files.get('small.onnx')! }
}

describe('calibration in a job', () => {
  it('tells what ranges were chosen on, and replays from stored ranges without the data', async () => {
    const { report, bytes, progress } = await run({
      calibrate: data(arrays('calib.npz', 20, 2)),
      test: data(arrays('test.npz', 33, 3)),
    })
    expect(report.output.isOriginal).toBe(false)
    expect(report.calibration).toMatchObject({ samples: 20, skipped: 0, machine: 'wasm', memoryCapBytes: 512_000_000 })
    expect(report.recipe.data).toEqual([
      { role: 'calibrate', sha256: '2'.repeat(64), samples: 20 },
      { role: 'test', sha256: '3'.repeat(64), samples: 33 },
    ])
    expect(report.recipe.steps[0]?.ranges).toMatchObject({ machine: 'wasm', samples: 20 })
    expect(progress.some(({ stage }) => stage === 'calibrate')).toBe(true)

    const replayed = await run({ recipe: parseRecipe(formatRecipe(report.recipe), 'saved') })
    expect(replayed.report.calibration).toBeUndefined()
    expect(replayed.bytes).toEqual(bytes)
    const capped = await run({ calibrate: data(arrays('calib.npz', 20, 2)), calibrationMemoryBytes: 1 })
    expect(capped.bytes).toEqual(bytes)
  })

  it('takes every fifth sample of the only set, and says so', async () => {
    const { report } = await run({ test: data(arrays('all.npz', 41, 4)) })
    expect(report.calibration?.samples).toBe(9)
    expect(report.quality.samples).toBe(32)
    expect(report.recipe.data?.map(({ role, samples }) => [role, samples])).toEqual([
      ['calibrate', 9],
      ['test', 32],
    ])
    expect(report.notes.map(({ text }) => text)).toContain(
      'No data for calibration was given: every fifth sample (9 of 41) chose the ranges, and the result was measured on the others.',
    )
  })

  it('proves on the calibration data where there is no other, with a warning', async () => {
    const { report } = await run({ calibrate: data(arrays('calib.npz', 6, 5)) })
    expect(report.quality).toMatchObject({ data: 'user', samples: 6 })
    const texts = report.notes.map(({ text }) => text)
    expect(texts).toContain(
      'The result was measured on the data that its ranges were chosen on, since no test data was given: other inputs may come out worse.',
    )
    expect(texts).toContain(
      'Ranges were chosen on 6 samples only: other inputs may leave them. Give more data if there is some.',
    )
  })
})

describe('the data of a job', () => {
  const set = data(arrays('set.npz', 10, 6))

  it('stays whole where nothing is calibrated', () => {
    const weights = { ...recipe, steps: [{ method: 'weights-int8', options: {} }] }
    expect(needsCalibration({ recipe: weights })).toBe(false)
    expect(chooseJobData({ recipe: weights, test: set }).test?.samples.count).toBe(10)
    const stored = { ...recipe, steps: [{ ...recipe.steps[0]!, ranges: { machine: 'wasm', samples: 1, values: {} } }] }
    expect(chooseJobData({ recipe: stored, test: set }).calibrate).toBeUndefined()
    expect(chooseJobData({ recipe: 'auto' })).toEqual({ notes: [] })
  })

  it('becomes inputs in one way, whichever set says it', () => {
    const state = [{ output: 'n', input: 's' }]
    const { test, calibrate } = chooseJobData({
      recipe,
      test: { ...set, preprocess: 'cifar10' },
      calibrate: { ...set, state },
    })
    expect(test).toMatchObject({ preprocess: 'cifar10', state })
    expect(calibrate).toMatchObject({ preprocess: 'cifar10', state })
  })
})
