import { describe, expect, test } from 'vitest'
import { memorySource, singleFile, type MemoryFolder } from '../../core/bytes'
import { AbortError } from '../../core/errors'
import { cnn } from '../../engine/train/networks'
import { toTensor } from '../../core/host-array'
import type { Tensor } from '../../core/tensor'
import { writeNpz } from '../../formats/npy/npz'
import { encodeOnnx } from '../../formats/onnx/encode'
import { onnx } from '../../formats/onnx/onnx'
import { sampleFilesOf } from '../../formats/samples'
import type { SampleFiles, Samples } from '../../formats/format'
import { loadTensor } from '../../graph/constants'
import type { Model } from '../../graph/model'
import { testRuntime } from '../../testing/runtime'
import {
  barsIdx,
  housesCsv,
  MemoryCheckpoints,
  shipsCsv,
  tableFiles,
  trainingRequest,
  trainPorts,
} from '../../testing/training-job'
import { openSplit } from './preview'
import type { TrainReport } from './report'
import type { TrainSettings } from './request'
import { runTraining } from './train'

const ships = tableFiles('ships.csv', shipsCsv(240))

/** What onnxruntime says of the test samples, given as raw columns. */
async function outputsOf(folder: MemoryFolder, samples: Samples): Promise<Float32Array> {
  if (samples.kind !== 'arrays') throw new Error('arrays were expected')
  const session = await (await testRuntime()).open(folder.files.get('m.onnx')!)
  try {
    const { outputs } = await session.run(feedsOf(samples))
    const { data } = [...outputs.values()][0]!
    return new Float32Array(data.slice().buffer)
  } finally {
    await session.release()
  }
}

/** Rows may be picked out of larger arrays. */
function feedsOf({ arrays, count, rows }: Extract<Samples, { kind: 'arrays' }>): ReadonlyMap<string, Tensor> {
  const pick = (tensor: Tensor): Tensor => {
    if (!rows) return tensor
    const bytes = tensor.data.length / (tensor.shape[0] ?? 1)
    const data = new Uint8Array(count * bytes)
    rows.forEach((row, i) => data.set(tensor.data.subarray(row * bytes, (row + 1) * bytes), i * bytes))
    const strings = tensor.strings && rows.map((row) => tensor.strings![row]!)
    return { ...tensor, shape: [count, ...tensor.shape.slice(1)], data, ...(strings && { strings }) }
  }
  return new Map([...arrays].map(([name, tensor]) => [name, pick(tensor)]))
}

async function trained(files: SampleFiles, settings: Partial<TrainSettings>) {
  const { request, folder } = trainingRequest(files, settings)
  return { report: await runTraining(request, trainPorts()), folder, request }
}

/** Without what a clock says. */
const timeless = ({ history, timing: _timing, ...rest }: TrainReport) => ({
  ...rest,
  history: history.map(({ ms: _ms, ...epoch }) => epoch),
})

describe('a table with texts and missing cells', () => {
  test('becomes a model of raw columns of which onnxruntime says the same', async () => {
    const { report, folder, request } = await trained(ships, { layers: [16], epochs: 30 })
    expect(report.data).toMatchObject({ target: 'floats', task: 'classification', classes: ['no', 'yes'] })
    expect(report.data.ignored.map(({ column }) => column)).toEqual(['id'])
    expect(report.metrics.test.accuracy).toBeGreaterThan(0.85)
    expect(report.metrics.test.accuracy).toBeGreaterThan(report.baseline.accuracy as number)
    const samples = await openSplit(ships, request.settings, 'test')
    const probabilities = await outputsOf(folder, samples)
    const labels = samples.labels!.values
    expect(probabilities).toHaveLength(2 * labels.length)
    const right = labels.filter((label, i) => probabilities[2 * i + 1]! > probabilities[2 * i]! === (label === 1))
    expect(right.length / labels.length).toBe(report.metrics.test.accuracy)
    const loss = labels.reduce((sum, label, i) => sum - Math.log(probabilities[2 * i + label]!), 0) / labels.length
    expect(loss).toBeCloseTo(report.metrics.test.loss, 5)
  })

  test('without options several models are tried, and the report says how each did', async () => {
    const { report } = await trained(ships, { epochs: 6 })
    expect(report.model.candidates.map(({ kind }) => kind).sort()).toEqual(['linear', 'mlp', 'mlp'])
    const losses = report.model.candidates.map(({ validationLoss }) => validationLoss)
    expect(losses).toEqual([...losses].sort((a, b) => a - b))
  })

  test('the same seed gives the same bytes, another one others', async () => {
    const settings = { layers: [8], epochs: 3 }
    const [one, two, other] = [
      await trained(ships, settings),
      await trained(ships, settings),
      await trained(ships, { ...settings, seed: 1 }),
    ]
    expect(two.report.output?.sha256).toBe(one.report.output?.sha256)
    expect(other.report.output?.sha256).not.toBe(one.report.output?.sha256)
  })

  test('a table of its own for the test has the same columns', async () => {
    const { request } = trainingRequest(ships, { layers: [8], epochs: 20 })
    const test = tableFiles('later.csv', shipsCsv(50, 8))
    const report = await runTraining({ ...request, test }, trainPorts())
    expect(report.data).toMatchObject({ rows: 290, split: { train: 204, validation: 36, test: 50 } })
    expect(report.metrics.test.accuracy).toBeGreaterThan(0.7)
    const lacking = tableFiles('lacking.csv', 'id,mass,volume,floats\nship1,2,3,yes\nship2,3,2,no\n')
    await expect(runTraining({ ...request, test: lacking }, trainPorts())).rejects.toThrow(
      'lacking.csv has no column "material" as ships.csv has. A table for the test has the same columns.',
    )
  })

  test('numbers from 0 to 1 where that is asked for', async () => {
    const settings = { layers: [16], epochs: 30 }
    const [standard, scaled] = [
      await trained(ships, settings),
      await trained(ships, { ...settings, scaling: 'min-max' }),
    ]
    expect(scaled.report.metrics.test.accuracy).toBeGreaterThan(scaled.report.baseline.accuracy!)
    expect(scaled.report.output?.sha256).not.toBe(standard.report.output?.sha256)
  })

  test('several seeds: mean and deviation over their own splits', async () => {
    const { report } = await trained(ships, { layers: [8], epochs: 8, seeds: 3 })
    const { metric, values, mean, sd } = report.seeds!
    expect(metric).toBe('accuracy')
    expect(values).toHaveLength(3)
    expect(values[0]).toBe(report.metrics.test.accuracy)
    expect(mean).toBeCloseTo((values[0]! + values[1]! + values[2]!) / 3, 12)
    expect(sd).toBeCloseTo(Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / 2), 12)
  })
})

test('a model that learned nothing says so first', async () => {
  const lines = Array.from(
    { length: 90 },
    (_, i) => `${Math.sin(7.3 * i).toFixed(3)},${(i * i * 7) % 11 < 5 ? 'a' : 'b'}`,
  )
  const noise = tableFiles('noise.csv', `wave,kind\n${lines.join('\n')}\n`)
  const { report } = await trained(noise, { layers: [32], epochs: 40, rate: 0.03 })
  expect(report.metrics.test.loss).toBeGreaterThan(report.baseline.loss)
  expect(report.notes[0]).toMatchObject({ severity: 'warning', text: expect.stringContaining('no better') })
})

test('a number: the model predicts in units of the column', async () => {
  const houses = tableFiles('houses.csv', housesCsv(200))
  const { report, folder, request } = await trained(houses, { target: 'price', epochs: 40, layers: [] })
  expect(report.metrics.test.r2).toBeGreaterThan(0.97)
  expect(report.metrics.test.rmse).toBeLessThan(1.5)
  expect(report.curves?.predictions).toHaveLength(report.data.split.test)
  const predicted = await outputsOf(folder, await openSplit(houses, request.settings, 'test'))
  report.curves?.predictions?.forEach((one, i) => expect(predicted[i]).toBeCloseTo(one.predicted, 4))
})

describe('a training that was stopped', () => {
  test.each([2, 9])('goes on to the identical model after %i saves', async (saves) => {
    const settings = { epochs: 4, ema: 0.9, dropout: 0.1, optimizer: 'adam' } as const
    const whole = await trained(ships, settings)
    const checkpoints = new MemoryCheckpoints()
    const stop = new AbortController()
    checkpoints.onSave = () => checkpoints.saves === saves && stop.abort()
    const { request, folder } = trainingRequest(ships, settings)
    await expect(runTraining(request, trainPorts({ checkpoints, signal: stop.signal }))).rejects.toThrow(AbortError)
    expect(folder.files.size).toBe(0)
    const events: number[] = []
    const resumed = await runTraining(
      request,
      trainPorts({ checkpoints, onTraining: ({ run, epoch }) => void events.push(10 * run + epoch) }),
    )
    expect(timeless(resumed)).toEqual(timeless(whole.report))
    // four epochs and the end of each of three models are saved
    const [run, epoch] = [Math.floor(saves / 5), saves % 5]
    expect(Math.min(...events)).toBeGreaterThanOrEqual(10 * run + epoch)
  })

  test('a checkpoint of other settings is not gone on with', async () => {
    const checkpoints = new MemoryCheckpoints()
    const first = trainingRequest(ships, { layers: [8], epochs: 2 })
    await runTraining(first.request, trainPorts({ checkpoints }))
    const other = await trained(ships, { layers: [8], epochs: 3 })
    const { request } = trainingRequest(ships, { layers: [8], epochs: 3 })
    expect(timeless(await runTraining(request, trainPorts({ checkpoints })))).toEqual(timeless(other.report))
  })

  test('a person may end it with what there is', async () => {
    let asked = 0
    const { request } = trainingRequest(ships)
    const checkIn = async () => (++asked > 3 ? 'finish' : 'continue') as 'finish' | 'continue'
    const report = await runTraining(request, trainPorts({ checkIn }))
    expect(report.model.candidates).toHaveLength(1)
    expect(report.epochs).toBeLessThan(10)
  })
})

test('arrays of an .npz: rows of numbers, their scale is part of the model', async () => {
  const count = 120
  const values = Float32Array.from({ length: 3 * count }, (_, i) => Math.sin(1.3 * i) * (i % 3 === 0 ? 500 : 2) + 40)
  const labels = Int32Array.from({ length: count }, (_, i) =>
    values[3 * i]! - 40 > 100 * values[3 * i + 1]! - 4000 ? 1 : 0,
  )
  const bytes = writeNpz(
    new Map([
      ['x', toTensor({ dtype: 'float32', shape: [count, 3], values })],
      ['labels', toTensor({ dtype: 'int32', shape: [count], values: labels })],
    ]),
  )
  const files = sampleFilesOf('waves.npz', new Map([['waves.npz', memorySource(bytes, 'waves.npz')]]))
  const { report, folder, request } = await trained(files, { layers: [], epochs: 60, rate: 0.05 })
  expect(report.metrics.test.accuracy).toBeGreaterThan(0.8)
  const samples = await openSplit(files, request.settings, 'test')
  const probabilities = await outputsOf(folder, samples)
  const own = samples.labels!.values
  const loss = own.reduce((sum, label, i) => sum - Math.log(probabilities[2 * i + label]!), 0) / own.length
  expect(loss).toBeCloseTo(report.metrics.test.loss, 4)
})

describe('a model that was given', () => {
  test('is trained further on more rows of its table, what was computed from the first ones stays', async () => {
    const first = await trained(ships, { layers: [16], epochs: 3 })
    const bytes = first.folder.files.get('m.onnx')!
    const more = tableFiles('more.csv', shipsCsv(300, 5))
    const { request, folder } = trainingRequest(more, { epochs: 12, rate: 0.01 })
    const from = singleFile(memorySource(bytes, 'first.onnx'))
    const report = await runTraining({ ...request, from }, trainPorts())
    expect(report.model.kind).toBe('imported')
    expect(report.notes[0]!.text).toMatch(
      /^On the test samples, accuracy was [\d.]+% before this training and is [\d.]+%/,
    )
    expect(report.history.at(-1)!.loss).toBeLessThan(report.history[0]!.loss)
    const [before, after] = await Promise.all(
      [bytes, folder.files.get('m.onnx')!].map((one) => onnx.read(singleFile(memorySource(one, 'm.onnx')))),
    )
    expect(after!.graph.nodes.map(({ opType }) => opType)).toEqual(before!.graph.nodes.map(({ opType }) => opType))
    const weights = async (model: Model, name: string) => (await loadTensor(model.graph.initializers.get(name)!)).data
    expect(await weights(after!, 'encode_scale')).toEqual(await weights(before!, 'encode_scale'))
    expect(await weights(after!, 'layers.0.weight')).not.toEqual(await weights(before!, 'layers.0.weight'))
  })

  test('of pictures keeps its form as well', async () => {
    const pictures = sampleFilesOf('bars', barsIdx(120))
    const first = await trained(pictures, { epochs: 2 })
    const { request } = trainingRequest(pictures, { epochs: 2, frozen: ['conv.*'] })
    const from = singleFile(memorySource(first.folder.files.get('m.onnx')!, 'first.onnx'))
    const report = await runTraining({ ...request, from }, trainPorts())
    expect(report.model).toMatchObject({ kind: 'imported', preprocess: 'zero-one' })
    expect(report.history.at(-1)!.loss).toBeLessThan(first.report.history[0]!.loss)
  })

  test('must tell as many classes apart as there are', async () => {
    const two = cnn({ channels: 1, height: 12, width: 12, outputs: 2, widths: [4], hidden: 8 }, 0)
    const from = singleFile(memorySource(await encodeOnnx(two), 'first.onnx'))
    const { request } = trainingRequest(sampleFilesOf('bars', barsIdx(60)))
    await expect(runTraining({ ...request, from }, trainPorts())).rejects.toThrow(
      'first.onnx tells 2 classes apart, but there are labels up to 2 (from 0 on).',
    )
  })
})

describe('pictures', () => {
  const pictures = sampleFilesOf('bars', barsIdx(300))

  test('a small CNN learns them; the model takes pixels from 0 to 1', async () => {
    const { report, folder, request } = await trained(pictures, { epochs: 6 })
    expect(report.model).toMatchObject({ kind: 'cnn', preprocess: 'zero-one' })
    expect(report.metrics.test.accuracy).toBeGreaterThan(0.9)
    const test = await openSplit(pictures, request.settings, 'test')
    if (test.kind !== 'pictures') throw new Error('pictures were expected')
    const pixels = new Float32Array(test.count * 144)
    for (let i = 0; i < test.count; i++) pixels.set((await test.read(i)).pixels.map(Number), i * 144)
    const data = new Uint8Array(pixels.map((value) => value / 255).buffer)
    const session = await (await testRuntime()).open(folder.files.get('m.onnx')!)
    const { outputs } = await session.run(
      new Map([['image', { dtype: 'float32', shape: [test.count, 1, 12, 12], data }]]),
    )
    const probabilities = new Float32Array(outputs.get('probabilities')!.data.slice().buffer)
    await session.release()
    const loss = test.labels!.values.reduce((sum, label, i) => sum - Math.log(probabilities[3 * i + label]!), 0)
    expect(loss / test.count).toBeCloseTo(report.metrics.test.loss, 4)
  })

  test('a test set of its own is used as it is', async () => {
    const test = sampleFilesOf('more', barsIdx(40, 9))
    const { request } = trainingRequest(pictures, { epochs: 1 })
    const report = await runTraining({ ...request, test }, trainPorts())
    expect(report.data.split).toEqual({ train: 255, validation: 45, test: 40 })
  })
})
