import { expose, transferHandlers } from 'comlink'
import engineWasmUrl from '../../build/wasm/engine.wasm?url&no-inline'
import engineRelaxedWasmUrl from '../../build/wasm/engine-relaxed.wasm?url&no-inline'
import pairSumsWasmUrl from '../../build/wasm/pair-sums.wasm?url&no-inline'
import quantizeWasmUrl from '../../build/wasm/quantize.wasm?url&no-inline'
import { createBackend } from '../backends'
import type { GpuKeeper } from '../backends/webgpu/keeper'
import { steadyBackend } from '../backends/webgpu/steady-backend'
import type { Bytes } from '../core/bytes'
import { keepErrorClasses } from '../core/error-transfer'
import { DeviceError } from '../core/errors'
import { sha256Of } from '../core/hash'
import type { OnProgress } from '../core/progress'
import { openSamples } from '../formats/samples'
import { parseState } from '../evaluate/state-link'
import { compressIdentified, identify } from '../jobs/compress'
import type { Checkpoints } from '../jobs/checkpoints'
import { identityOf } from '../jobs/identity'
import type { AnswerIdentity } from '../jobs/store/keys'
import { openInput } from '../jobs/input'
import { inspectModel } from '../jobs/inspect'
import { neverFalling } from '../jobs/phases'
import type { JobPorts } from '../jobs/ports'
import { gpuOfJob } from './gpu'
import type { Helm } from './helm'
import { resultName } from './names'
import { fileSet, sampleFiles } from './input-files'
import type { CompressRequest, CompressResult, DataFiles, JobWorkerApi } from './job-api'
import { BlobFolder } from './output-folder'
import { workerPictureDecoder } from './pictures'
import { openPrivateFolder } from './private-folder'
import { startGpuWorker, startRemoteRuntime, startRemoteRuntimes, type RemoteRuntime } from './remote-runtime'
import { findAnswer, saveAnswer, type Answer, type Saved } from './store/answers'
import { openCheckpoints } from './store/checkpoints'
import { storedResult } from './stored-result'
import { throttleProgress } from './throttle'

keepErrorClasses(transferHandlers)

/** Never aborted: the page cancels by ending this worker, which ends the nested one too. */
const { signal } = new AbortController()

async function fetchKernels(url: string): Promise<Bytes> {
  const response = await fetch(url)
  if (!response.ok)
    throw new DeviceError(`The kernels could not be fetched (status ${response.status}). Reload the page.`)
  return new Uint8Array(await response.arrayBuffer())
}

const loadEngine = () => Promise.all([import('../backends/wasm/engine-module'), import('../backends/wasm/machine')])

/** In the build whose floats are the same on every computer. */
async function openExactMachine() {
  const [, { createWasmMachine }] = await loadEngine()
  return createWasmMachine(await fetchKernels(engineWasmUrl))
}

/** For the simulated provider. */
async function openPairSums() {
  const { createWasmPairSums } = await import('../backends/wasm/pair-sums')
  return createWasmPairSums(await fetchKernels(pairSumsWasmUrl))
}

/** Our own engine, fetched when a result is to be run on it. */
async function openMachine() {
  const [{ chooseEngine }, { createWasmMachine }] = await loadEngine()
  const plain = () => fetchKernels(engineWasmUrl)
  const relaxed = () => fetchKernels(engineRelaxedWasmUrl)
  return createWasmMachine(await chooseEngine({ plain, relaxed }))
}

/** Training is fetched when someone trains. */
const training = () => import('./training')

async function readData(data: DataFiles) {
  const samples = data.split
    ? await (await training()).splitOf(data, data.split, signal)
    : await openSamples(sampleFiles(data), {
        ...{ decoder: workerPictureDecoder, signal },
        ...(data.target !== undefined && { target: data.target }),
      })
  return {
    kind: 'samples' as const,
    samples,
    ...(data.preprocess && { preprocess: data.preprocess }),
    ...(data.state && data.state.length > 0 && { state: data.state.map(parseState) }),
  }
}

type JobRuntime = ReturnType<typeof runtimeOfJob>

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

/** What was asked for is kept in any case; a store that fails takes no result away. */
async function keep(identity: AnswerIdentity, answer: Answer): Promise<Saved> {
  try {
    return await saveAnswer(identity, answer)
  } catch (error) {
    return { id: null, trouble: { kind: 'refused', detail: error instanceof Error ? error.message : String(error) } }
  }
}

/** The place for finished trials; "again" means all of them. */
async function checkpointsOf({ jobId, isFresh }: CompressRequest): Promise<Checkpoints | null> {
  if (jobId === undefined) return null
  const checkpoints = openCheckpoints(jobId)
  if (isFresh) await checkpoints.clear()
  return checkpoints
}

/** What a job starts and ends. */
interface JobDevices {
  readonly runtime: JobRuntime
  readonly gpu: GpuKeeper | undefined
}

/** @returns a note where the backend that was chosen could not be had */
async function openPorts({ runtime, gpu }: JobDevices, onProgress: OnProgress) {
  const { backend, note } = await createBackend('auto', () => fetchKernels(quantizeWasmUrl))
  const ports: JobPorts = {
    backend: gpu ? steadyBackend(gpu, backend) : backend,
    ...(gpu && { gpu }),
    openRuntime: runtime.open,
    openRuntimes: startRemoteRuntimes,
    openMachine,
    openExactMachine,
    openPairSums,
    signal,
    onProgress,
    now: () => performance.now(),
  }
  return { ports, note }
}

async function compress(
  request: CompressRequest,
  devices: JobDevices,
  onProgress: OnProgress,
): Promise<CompressResult> {
  const { files, data, calibrate, budget, maxTrials, recipe } = request
  const outputName = resultName(files[0].path)
  const checkpoints = await checkpointsOf(request)
  const { ports: plain, note } = await openPorts(devices, onProgress)
  const ports: JobPorts = {
    ...plain,
    ...(request.gpu.asksRuntime && { openGpuRuntime: () => startRemoteRuntime(startGpuWorker) }),
    ...(checkpoints && { checkpoints }),
  }
  const input = await identify(fileSet(files), ports)
  const test = data && (await readData(data))
  const ranges = calibrate && (await readData(calibrate))
  const identity = identityOf(input.sha256, data && test ? { ...data, sha256: test.samples.sha256 } : null, recipe, {
    ...(calibrate && ranges && { calibrate: { ...calibrate, sha256: ranges.samples.sha256 } }),
    budget,
    maxTrials,
  })
  const known = request.isFresh ? null : await findAnswer(identity).catch(() => null)
  if (known) return storedResult(known, files[0].path)

  const folder = new BlobFolder(openPrivateFolder)
  const seed = recipe === 'auto' ? 0 : recipe.seed
  const job = {
    ...{ files: fileSet(files), recipe, seed, folder, outputName },
    ...(test && { test }),
    ...(ranges && { calibrate: ranges }),
    ...(budget && { budget }),
    ...(maxTrials !== undefined && { maxTrials }),
  }
  const made = await compressIdentified(input, job, ports)
  const report = {
    ...made.report,
    notes: [...made.report.notes, ...(note ? [note] : []), ...(devices.gpu?.notes ?? [])],
  }
  const written = [...made.files, ...(report.extras ?? [])].map(({ name }) => ({ name, blob: folder.take(name) }))
  const { id, trouble } = await keep(identity, { report, files: written, dataName: data?.name ?? null })
  // only now: a job that is killed before its answer is kept goes on from them
  await checkpoints?.clear().catch(() => undefined)
  return { report, files: written, resultId: id, ...(trouble && { trouble }) }
}

const api: JobWorkerApi = {
  inspect: (files) => inspectModel(fileSet(files), signal),

  async identifyModel(files) {
    const { sources } = await openInput(fileSet(files), signal)
    return sha256Of(sources, { signal })
  },

  async identifyData(data) {
    const { samples } = await readData(data)
    return { sha256: samples.sha256, samples: samples.count }
  },

  async compress(request, report) {
    const onProgress = neverFalling(throttleProgress(report))
    const [runtime, gpu] = [runtimeOfJob(onProgress), gpuOfJob(request.gpu)]
    try {
      return await compress(request, { runtime, gpu }, onProgress)
    } finally {
      runtime.end()
      gpu?.dispose()
    }
  },

  async sensitivity({ files, data, calibrate, recipe }, report) {
    const onProgress = neverFalling(throttleProgress(report))
    const runtime = runtimeOfJob(onProgress)
    try {
      const { sensitivity } = await import('../jobs/sensitivity/sensitivity')
      const { ports } = await openPorts({ runtime, gpu: undefined }, onProgress)
      const [test, ranges] = [data && (await readData(data)), calibrate && (await readData(calibrate))]
      const request = {
        ...{ files: fileSet(files), recipe },
        ...(test && { test }),
        ...(ranges && { calibrate: ranges }),
      }
      return await sensitivity(request, ports)
    } finally {
      runtime.end()
    }
  },

  preview: async (ask) => (await training()).previewFor(ask, signal),

  async train(job, report) {
    const runtime = runtimeOfJob(() => undefined)
    try {
      const devices = { openMachine: openExactMachine, openRuntime: runtime.open, signal }
      const takeHelm = (taken: Helm) => (helm = taken)
      return await (await training()).train(job, devices, { onNews: report, takeHelm })
    } finally {
      helm = null
      runtime.end()
    }
  },

  async steer(decision) {
    helm?.steer(decision)
  },

  trained: async (jobId) => (await training()).trainedOf(jobId),

  exportTrained: async (model, format) => (await training()).exportTrained(model, format, signal),
}

/** Of the training that runs. */
let helm: Helm | null = null

expose(api)
