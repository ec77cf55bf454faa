import { expose, transferHandlers } from 'comlink'
import quantizeWasmUrl from '../../build/wasm/quantize.wasm?url&no-inline'
import { createBackend } from '../backends'
import type { Bytes } from '../core/bytes'
import { keepErrorClasses } from '../core/error-transfer'
import { DeviceError } from '../core/errors'
import type { OnProgress } from '../core/progress'
import { openSamples } from '../formats/samples'
import { compress } from '../jobs/compress'
import { inspectModel } from '../jobs/inspect'
import type { JobPorts } from '../jobs/ports'
import { resultName } from './names'
import { fileSet, sampleFiles } from './input-files'
import type { DataFiles, JobWorkerApi } from './job-api'
import { BlobFolder } from './output-folder'
import { workerPictureDecoder } from './pictures'
import { openPrivateFolder } from './private-folder'
import { startRemoteRuntime, type RemoteRuntime } from './remote-runtime'
import { throttleProgress } from './throttle'

keepErrorClasses(transferHandlers)

/** Never aborted: the page cancels by ending this worker, which ends the nested one too. */
const { signal } = new AbortController()

async function fetchKernels(): Promise<Bytes> {
  const response = await fetch(quantizeWasmUrl)
  if (!response.ok)
    throw new DeviceError(`The kernels could not be fetched (status ${response.status}). Reload the page.`)
  return new Uint8Array(await response.arrayBuffer())
}

async function readData(data: DataFiles) {
  const samples = await openSamples(sampleFiles(data), { decoder: workerPictureDecoder, signal })
  return { kind: 'samples' as const, samples, ...(data.preprocess && { preprocess: data.preprocess }) }
}

/** onnxruntime starts when something has to run and ends with the job, which gives its memory back. */
function runtimeOfJob(onProgress: OnProgress) {
  let started: Promise<RemoteRuntime> | undefined
  return {
    open() {
      if (!started) onProgress({ stage: 'load', done: 0, total: 0, unit: 'items' })
      return (started ??= startRemoteRuntime())
    },
    end: () => void started?.then((runtime) => runtime.terminate()).catch(() => undefined),
  }
}

const api: JobWorkerApi = {
  inspect: (files) => inspectModel(fileSet(files), signal),

  async identifyData(data) {
    const { samples } = await readData(data)
    return { sha256: samples.sha256, samples: samples.count }
  },

  async compress({ files, data, recipe }, report) {
    const onProgress: OnProgress = throttleProgress(report)
    const runtime = runtimeOfJob(onProgress)
    try {
      const { backend, note } = await createBackend('auto', fetchKernels)
      const ports: JobPorts = { backend, openRuntime: runtime.open, signal, onProgress, now: () => performance.now() }
      const folder = new BlobFolder(openPrivateFolder)
      const test = data && (await readData(data))
      const outputName = resultName(files[0].path)
      const seed = recipe === 'auto' ? 0 : recipe.seed
      const result = await compress(
        { files: fileSet(files), recipe, seed, folder, outputName, ...(test && { test }) },
        ports,
      )
      return {
        report: note ? { ...result.report, notes: [...result.report.notes, note] } : result.report,
        files: result.files.map(({ name }) => ({ name, blob: folder.take(name) })),
        resultId: null,
      }
    } finally {
      runtime.end()
    }
  },
}

expose(api)
