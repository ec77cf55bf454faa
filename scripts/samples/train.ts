/** Trains the sample models with Plume's own engine, on the machine whose floats are the same everywhere. */
import { memorySource, MemoryFolder, singleFile, type Bytes } from '../../src/core/bytes'
import { hostArray, type HostArray } from '../../src/core/host-array'
import type { Machine } from '../../src/backends/machine'
import type { Dataset } from '../../src/engine/data/dataset'
import { crossEntropy } from '../../src/engine/losses'
import { adamw, type Schedule } from '../../src/engine/optim'
import { openEngine } from '../../src/engine/session'
import { cnn, FEATURES, LOGITS } from '../../src/engine/train/networks'
import { TARGET } from '../../src/engine/train/step-graph'
import { train } from '../../src/engine/train/train'
import { onnx } from '../../src/formats/onnx/onnx'
import { runTraining } from '../../src/jobs/train/train'
import { wasmLevels } from '../../src/testing/wasm-machines'

const exactMachine = (): Promise<Machine> => {
  const plain = wasmLevels[0]
  if (!plain) throw new Error('the WASM engine is not built: npm run build:wasm')
  return plain.make()
}

interface Pictures {
  readonly pictures: readonly ArrayLike<number>[]
  readonly labels: readonly number[]
}

/** Down to 0; no cosine, whose last bit differs by engine. */
const linear: Schedule = { name: 'linear', rate: (step, { base, totalSteps }) => base * (1 - step / totalSteps) }

export interface PictureNetwork {
  /** Of a side. */
  readonly size: number
  readonly channels: readonly number[]
  readonly hidden: number
  readonly classes: number
  readonly seed: number
  readonly epochs: number
}

export interface TrainedPictures {
  /** conv.0.weight, conv.0.bias, …, layers.1.bias */
  readonly weights: ReadonlyMap<string, Float32Array>
  /** Of the second pictures that are classed right. */
  readonly accuracy: number
}

/** A small network for pictures of one channel. */
export async function trainPictures(
  samples: Pictures,
  test: Pictures,
  { size, channels, hidden, classes, seed, epochs }: PictureNetwork,
): Promise<TrainedPictures> {
  const shape = { channels: 1, height: size, width: size, outputs: classes, widths: channels, hidden }
  const machine = await exactMachine()
  const all = datasetOf(samples, size)
  const trained = await train(
    cnn(shape, seed),
    // the weights of the last epoch are taken: the test has no say
    { train: all, validation: all },
    {
      ...{ machine, loss: crossEntropy(), optimizer: adamw(), schedule: linear },
      ...{ rate: 0.003, weightDecay: 0.01, epochs, batchSize: 32, seed },
    },
  )
  const session = await openEngine(trained.model, { machine })
  const pixels = test.pictures.flatMap((picture) => Array.from(picture))
  const features = hostArray('float32', [test.pictures.length, 1, size, size], pixels)
  const logits = (await session.run(new Map([[FEATURES, features]]))).get(LOGITS)?.values as Float32Array
  session.dispose()
  const best = (row: Float32Array) => row.indexOf(Math.max(...row))
  const right = test.labels.filter((label, i) => best(logits.subarray(i * classes, (i + 1) * classes)) === label)
  return {
    weights: new Map([...trained.parameters].map(([name, { values }]) => [name, values as Float32Array])),
    accuracy: right.length / test.labels.length,
  }
}

function datasetOf({ pictures, labels }: Pictures, size: number): Dataset {
  return {
    length: pictures.length,
    fields: new Map([
      [FEATURES, { dtype: 'float32', shape: [1, size, size] }],
      [TARGET, { dtype: 'int64', shape: [] }],
    ]),
    read(indices, into) {
      const [features, target] = [into.get(FEATURES), into.get(TARGET)] as [HostArray, HostArray]
      for (let i = 0; i < indices.length; i++) {
        const index = indices[i] as number
        ;(features.values as Float32Array).set(pictures[index] as ArrayLike<number>, i * size * size)
        target.values[i] = BigInt(labels[index] as number)
      }
    },
  }
}

/** A table becomes a model as `plume train` makes it; @returns the ONNX file and its accuracy on the test split */
export async function trainTable(
  csv: Bytes,
  name: string,
  seed: number,
): Promise<{ bytes: Bytes; accuracy: number | undefined }> {
  const folder = new MemoryFolder()
  const { metrics } = await runTraining(
    {
      files: { name, paths: [name], open: async () => memorySource(csv, name) },
      ...{ settings: { seed, layers: [32, 16] }, folder, outputName: 'model.onnx' },
    },
    {
      ...{ signal: new AbortController().signal, onProgress: () => undefined, now: () => 0, openMachine: exactMachine },
      openRuntime: () => Promise.reject(new Error('training asks no runtime')),
    },
  )
  const model = await onnx.read(singleFile(memorySource(folder.files.get('model.onnx') as Bytes, 'model.onnx')))
  // the same bytes whatever version made them
  model.producerVersion = ''
  await onnx.write(model, folder, 'sample.onnx', { reencode: true })
  return { bytes: folder.files.get('sample.onnx') as Bytes, accuracy: metrics.test.accuracy }
}
