/** What acceptance and benchmarks need of the product beside its command line: the very pixels that models are given. */
import { readFile } from 'node:fs/promises'
import { nodeSampleFiles } from '../../../src/cli/files'
import { nodePictureDecoder } from '../../../src/cli/pictures'
import { memorySource, singleFile } from '../../../src/core/bytes'
import { asNumbers } from '../../../src/core/tensor'
import { sampleData } from '../../../src/evaluate/sample-data'
import { openSamples } from '../../../src/formats/samples'
import { readModel } from '../../../src/formats/onnx/read-model'
import { createNodeRuntime } from '../../../src/runtime/onnxruntime-node'

async function open(path: string) {
  const runtime = await createNodeRuntime({ threads: 2 })
  return runtime.open(new Uint8Array(await readFile(path)))
}

/** A model that answers one sample after the other: outputs by name, as numbers. */
export async function runner(path: string) {
  const session = await open(path)
  return {
    inputs: session.inputs,
    async run(feeds: Parameters<typeof session.run>[0]) {
      const { outputs } = await session.run(feeds)
      return new Map([...outputs].map(([name, value]) => [name, { shape: value.shape, values: asNumbers(value) }]))
    },
    release: () => session.release(),
  }
}

/** Inputs of a model, sample by sample, as the product makes them of data. */
export async function* inputsOf(model: string, data: string, preprocess: string) {
  const session = await open(model)
  const read = await readModel(singleFile(memorySource(new Uint8Array(await readFile(model)), 'model.onnx')))
  const samples = await openSamples(await nodeSampleFiles(data), { decoder: nodePictureDecoder })
  const prepared = await sampleData(samples, session, read, { preprocess, maxBatch: 1 })
  for await (const { feeds, start } of prepared.batches()) yield { index: start, feeds }
  await session.release()
}
