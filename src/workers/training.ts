import type { Machine } from '../backends/machine'
import type { OnProgress } from '../core/progress'
import type { TrainingCheckpoints } from '../engine/train/trainer'
import type { Runtime } from '../runtime/runtime'
import { canonicalJson } from '../jobs/store/keys'
import type { TrainingEvent, TrainPorts, TrainSettings } from '../jobs/train/request'
import { Helm } from './helm'
import { fileSet, sampleFiles } from './input-files'
import type { DataFiles, OutputFile } from './job-api'
import { BlobFolder } from './output-folder'
import { workerPictureDecoder } from './pictures'
import { openPrivateFolder } from './private-folder'
import { openCheckpoints, type StoreCheckpoints } from './store/checkpoints'
import { throttleProgress, throttleTraining } from './throttle'
import type { TrainAsk, TrainedFormat, TrainJob, TrainNews, TrainResult } from './train-api'

/** Training as the page asks for it; loaded with the first table. */

export interface TrainDevices {
  openMachine(): Promise<Machine>
  openRuntime(): Promise<Runtime>
  readonly signal: AbortSignal
}

const options = (signal: AbortSignal) => ({ signal, decoder: workerPictureDecoder })

export async function previewFor({ data, settings }: TrainAsk, signal: AbortSignal) {
  const { previewData } = await import('../jobs/train/preview')
  return previewData(sampleFiles(data), settings, options(signal))
}

/** The samples that a training held back, as data to measure with. */
export async function splitOf(data: DataFiles, split: NonNullable<DataFiles['split']>, signal: AbortSignal) {
  const { openSplit } = await import('../jobs/train/preview')
  return openSplit(sampleFiles(data), split.settings, split.part, options(signal))
}

/** @param takeHelm receives what a person steers this training with */
export async function train(
  { data, settings, jobId }: TrainJob,
  devices: TrainDevices,
  { onNews, takeHelm }: { onNews: (news: TrainNews) => void; takeHelm: (helm: Helm) => void },
): Promise<TrainResult> {
  const { runTraining } = await import('../jobs/train/train')
  const kept = openCheckpoints(jobId)
  const checkpoints = keptCheckpoints(kept, settings)
  const helm = new Helm(() => checkpoints.flush())
  takeHelm(helm)
  const onProgress: OnProgress = throttleProgress((progress) => onNews({ kind: 'stage', progress }))
  const curves = throttleTraining((event: TrainingEvent) => onNews({ kind: 'curves', event }))
  const ports: TrainPorts = {
    ...devices,
    ...{ decoder: workerPictureDecoder, checkpoints, onProgress },
    onTraining: curves.report,
    checkIn: () => helm.checkIn(),
    now: () => performance.now(),
  }
  const folder = new BlobFolder(openPrivateFolder)
  const outputName = modelName(data.name)
  const report = await runTraining({ files: sampleFiles(data), settings, folder, outputName }, ports)
  curves.flush()
  const result = { report, settings, model: { name: outputName, blob: folder.take(outputName) } }
  await keepResult(kept, result)
  await checkpoints.clear()
  return result
}

/** "iris.csv" → "iris.onnx"; a folder's name stays whole. */
function modelName(dataName: string): string {
  const name = dataName.slice(dataName.lastIndexOf('/') + 1)
  return `${name.replace(/(\.(csv|tsv|data|txt|npz|npy|zip|gz|idx\d?-ubyte|idx))+( \+ .*)?$/i, '') || 'model'}.onnx`
}

/** Written by turns: one that a killed tab left half written does not cost the one before. */
const PLACES = ['training-a', 'training-b'] as const
/** Writing one takes some milliseconds, and an epoch of a small table no longer than that. */
const BETWEEN_MS = 1000

interface KeptCheckpoints extends TrainingCheckpoints {
  /** Writes the newest one now. */
  flush(): Promise<void>
  /** Forgets them. */
  clear(): Promise<void>
}

/** The newest checkpoint, at most once a second: one that is a second old only costs that second. */
export function keptCheckpoints(
  store: StoreCheckpoints,
  settings: TrainSettings,
  now = () => performance.now(),
): KeptCheckpoints {
  const asked = canonicalJson(settings)
  let pending: Parameters<TrainingCheckpoints['save']>[0] | null = null
  let lastMs = now()
  let written = 0
  async function flush(): Promise<void> {
    const bytes = pending
    pending = null
    lastMs = now()
    if (bytes) await store.save(PLACES[++written % 2] as string, { asked, written }, bytes)
  }
  return {
    flush,
    async load() {
      const found = (await Promise.all(PLACES.map((key) => store.load(key)))).flatMap((one) => {
        const { asked: before, written: at } = (one?.json ?? {}) as { asked?: unknown; written?: unknown }
        return one?.bytes && before === asked && typeof at === 'number' ? { bytes: one.bytes, at } : []
      })
      const newest = found.sort((a, b) => b.at - a.at)[0]
      written = newest?.at ?? 0
      return newest?.bytes ?? null
    },
    async save(bytes) {
      pending = bytes
      if (now() - lastMs >= BETWEEN_MS) await flush()
    },
    async clear() {
      pending = null
      for (const key of PLACES) await store.remove(key)
    },
  }
}

const resultKey = (index: number) => `trained-${index}`

async function keepResult(store: StoreCheckpoints, { report, settings, model }: TrainResult): Promise<void> {
  let index = 0
  while (await store.load(resultKey(index))) index++
  const bytes = new Uint8Array(await model.blob.arrayBuffer())
  await store.save(resultKey(index), { report, settings, name: model.name }, bytes)
}

/** Results that are kept of a card; one that another version wrote is left out. */
export async function trainedOf(jobId: string): Promise<TrainResult[]> {
  const store = openCheckpoints(jobId)
  const { readKeptTraining } = await import('../jobs/train/kept')
  const results: TrainResult[] = []
  for (let index = 0; ; index++) {
    const found = await store.load(resultKey(index))
    if (!found) return results
    const kept = readKeptTraining(found.json)
    if (!kept || !found.bytes) continue
    const { name, report, settings } = kept
    results.push({ report, settings, model: { name, blob: new Blob([found.bytes]) } })
  }
}

const ENDINGS: Readonly<Record<TrainedFormat, string>> = { safetensors: '.safetensors', javascript: '.mjs' }

/** @throws UnsupportedError for a model that the format cannot hold */
export async function exportTrained(model: OutputFile, format: TrainedFormat, signal: AbortSignal) {
  const { convertModel } = await import('../jobs/convert')
  const folder = new BlobFolder(openPrivateFolder)
  const outputName = model.name.replace(/\.onnx$/i, '') + ENDINGS[format]
  const files = fileSet([{ path: model.name, file: new File([model.blob], model.name) }])
  const request = { files, folder, outputName, externalData: 'auto' } as const
  const made = await convertModel(request, { signal, onProgress: () => undefined })
  return made.files.map(({ name }) => ({ name, blob: folder.take(name) }))
}
