import { describe, expect, test } from 'vitest'
import { memorySource, singleFile, type Bytes } from '../../core/bytes'
import { encodeOnnx } from '../../formats/onnx/encode'
import { sampleFilesOf } from '../../formats/samples'
import { buildModel } from '../../testing/build-model'
import { barsIdx, housesCsv, shipsCsv, tableFiles, trainingRequest, trainPorts } from '../../testing/training-job'
import { mlp } from '../../engine/train/networks'
import type { TrainRequest, TrainSettings } from './request'
import { runTraining } from './train'

const LABELS = 'train-labels-idx1-ubyte'

/** An idx pair whose labels were changed. */
function bars(count: number, change: (label: number, index: number) => number) {
  const files = barsIdx(count)
  return async () => {
    const labels = files.get(LABELS)!
    const bytes = await labels.read(0, labels.sizeBytes)
    for (let i = 8; i < bytes.length; i++) bytes[i] = change(bytes[i]!, i - 8)
    return sampleFilesOf('bars', new Map([...files, [LABELS, memorySource(bytes, LABELS)]]))
  }
}

const run = (files: TrainRequest['files'], settings: Partial<TrainSettings> = {}, more: Partial<TrainRequest> = {}) =>
  runTraining({ ...trainingRequest(files, { epochs: 1, ...settings }).request, ...more }, trainPorts())

const modelFile = async (bytes: Promise<Bytes>) => singleFile(memorySource(await bytes, 'given.onnx'))
const ships = tableFiles('ships.csv', shipsCsv(60))

describe('pictures that cannot be trained on', () => {
  test('without labels', async () => {
    const files = barsIdx(20)
    files.delete(LABELS)
    await expect(run(sampleFilesOf('bars', files))).rejects.toThrow(
      'train-images-idx3-ubyte has no labels to learn: they are a file beside the pictures (idx), labels.csv, one folder per class, or an array "labels" (.npz).',
    )
  })

  test('of one class', async () => {
    await expect(run(await bars(20, () => 1)())).rejects.toThrow('all samples are of one class (1); two are needed.')
  })

  test('arrays without labels', async () => {
    const floats = new Uint8Array(16 + 2 * 3 * 4)
    floats.set([0, 0, 0x0d, 2, 0, 0, 0, 2, 0, 0, 0, 3])
    const files = sampleFilesOf('floats', new Map([['a-idx2', memorySource(floats.slice(0, 12 + 24), 'a-idx2')]]))
    await expect(run(files)).rejects.toThrow('a-idx2 has no labels to learn')
  })
})

describe('settings that do not fit the data', () => {
  test('rows of a table are not augmented', async () => {
    await expect(run(ships, { augment: ['flip', 'crop'] })).rejects.toThrow(
      'Only pictures can be changed at random while training (flip, crop).',
    )
  })

  test('a share that leaves no sample', async () => {
    await expect(run(ships, { testShare: 0.001 })).rejects.toThrow('60 samples are too few')
  })

  test('a name that nothing writes', async () => {
    await expect(run(ships, {}, { outputName: 'm.txt' })).rejects.toThrow('m.txt: Plume cannot write this kind of file')
  })

  test('a number of epochs below one', async () => {
    await expect(run(ships, { epochs: 0 })).rejects.toThrow('The number of epochs should be at least 1 and is 0.')
    await expect(run(ships, { batchSize: 0 })).rejects.toThrow('The batch size should be at least 1 and is 0.')
  })
})

describe('models that do not fit the data', () => {
  test('weights without a graph', async () => {
    const from = await modelFile(encodeOnnx(buildModel({ inputs: {}, outputs: {}, nodes: [] })))
    await expect(run(ships, {}, { from })).rejects.toThrow('given.onnx has no graph to train; it holds 0 weights only.')
  })

  test('rows for a model of pictures, pictures for a model of rows', async () => {
    const rows = await modelFile(encodeOnnx(mlp({ inputs: 3, layers: [], outputs: 3 }, 0)))
    const preprocess = 'zero-one'
    await expect(run(sampleFilesOf('bars', barsIdx(20)), { preprocess }, { from: rows })).rejects.toThrow(
      'given.onnx: pictures need a model with one input such as [n, 3, height, width].',
    )
    await expect(run(tableFiles('houses.csv', housesCsv(40)), {}, { from: rows })).rejects.toThrow(
      /given.onnx has no input garden; it takes features/,
    )
  })
})
