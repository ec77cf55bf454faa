/** Ranges and histograms of inner values that onnxruntime's WebGPU provider computes, found where it leaves them: on its device. */
import type { InferenceSession, Tensor as OrtTensor } from 'onnxruntime-web'
import { observationOf, wordsOf, type Look, type Observation } from '../backends/observe'
import { isSoftwareAdapter } from '../backends/webgpu/device'
import { observeBuffer } from '../backends/webgpu/observe-buffer'
import { elementCount } from '../core/dtypes'
import { ShapeError, throwIfAborted, UnsupportedError } from '../core/errors'
import { toTensor, type HostArray } from '../core/host-array'
import { encodeOnnx } from '../formats/onnx/encode'
import type { Model } from '../graph/model'
import { loadFailure, runFailure } from './failure'
import { configure, signature, SILENT, toOrt, type OnnxRuntimeOptions, type Ort } from './onnxruntime'
import { withOutputs, type ValueTypes } from './observed-model'

export interface ObservedOptions extends Omit<OnnxRuntimeOptions, 'provider'> {
  /** Names of float values in the main graph. */
  readonly values: readonly string[]
  /** Types that are known beyond those in the file, e.g. `inferTypes` of the engine. */
  readonly types?: ValueTypes
}

/** What the engine's `calibrate` needs of a session. */
export interface ObservedSession {
  readonly machine: string
  /**
   * Computes what observers find. Runs of one session take turns; a failed or aborted one leaves it usable.
   * @param feeds one array per input that has no default; only read
   * @param observers by names among `ObservedOptions.values`
   * @throws RuntimeFailure; ShapeError for another name; UnsupportedError, DeviceError, AbortError
   */
  observe(
    feeds: ReadonlyMap<string, HostArray>,
    observers: ReadonlyMap<string, Look | readonly Look[]>,
    options?: { readonly signal?: AbortSignal },
  ): Promise<Map<string, Observation>>
  release(): Promise<void>
}

/**
 * Opens a copy of the model that hands out the values, as buffers of the device that all sessions of `ort` share.
 * @param ort the build with the WebGPU provider
 * @param model stays as it is
 * @throws RuntimeFailure; ShapeError for a value that the graph does not have, UnsupportedError for one that is not of float32,
 *   float16 or bfloat16, or for a model beyond 2 GB
 */
export async function openObserved(ort: Ort, model: Model, options: ObservedOptions): Promise<ObservedSession> {
  configure(ort, options)
  const { model: copy, outputs } = withOutputs(model, options.values, options.types)
  const session = await openOnDevice(ort, copy, [...outputs.values()])
  try {
    checkTypes(session, outputs)
  } catch (error) {
    await session.release()
    throw error
  }
  let last: Promise<unknown> = Promise.resolve()
  return {
    machine: 'onnxruntime-webgpu',
    observe(feeds, observers, { signal } = {}) {
      const run = last.then(() => observe({ ort, session, outputs }, feeds, observers, signal))
      last = run.catch(() => undefined)
      return run
    },
    release: () => session.release(),
  }
}

async function openOnDevice(ort: Ort, model: Model, outputs: readonly string[]): Promise<InferenceSession> {
  const bytes = await encodeOnnx(model)
  try {
    return await ort.InferenceSession.create(bytes, {
      executionProviders: ['webgpu'],
      logSeverityLevel: SILENT,
      preferredOutputLocation: Object.fromEntries(outputs.map((name) => [name, 'gpu-buffer'])),
    })
  } catch (error) {
    throw loadFailure(error)
  }
}

/** Types that the file does not tell are known once onnxruntime has read it. */
function checkTypes(session: InferenceSession, outputs: ReadonlyMap<string, string>): void {
  const dtypes = new Map(session.outputMetadata.map(signature).map(({ name, dtype }) => [name, dtype]))
  for (const [value, output] of outputs) {
    const dtype = dtypes.get(output)
    if (dtype === 'float32') continue
    throw new UnsupportedError(
      `The value ${value} holds ${dtype} values; only those of float32, float16 and bfloat16 can be observed.`,
    )
  }
}

interface Opened {
  readonly ort: Ort
  readonly session: InferenceSession
  /** By names of values. */
  readonly outputs: ReadonlyMap<string, string>
}

async function observe(
  { ort, session, outputs }: Opened,
  feeds: ReadonlyMap<string, HostArray>,
  observers: ReadonlyMap<string, Look | readonly Look[]>,
  signal: AbortSignal | undefined,
): Promise<Map<string, Observation>> {
  const wanted = [...observers].map(([value, looks]) => {
    const output = outputs.get(value)
    if (output === undefined) throw new ShapeError(`The session was not opened to observe the value ${value}.`)
    return { value, output, looks: [looks].flat() }
  })
  throwIfAborted(signal)
  const given = Object.fromEntries([...feeds].map(([name, array]) => [name, toOrt(ort, name, toTensor(array))]))
  const names = wanted.map(({ output }) => output)
  const results = (await session.run(given, names, { logSeverityLevel: SILENT }).catch((error: unknown) => {
    throw runFailure(error)
  })) as Readonly<Record<string, OrtTensor>>
  try {
    const found = new Map<string, Observation>()
    for (const { value, output, looks } of wanted) {
      throwIfAborted(signal)
      for (const look of looks) {
        found.set(value, { ...found.get(value), ...(await lookAt(ort, results[output] as OrtTensor, look)) })
      }
    }
    return found
  } finally {
    for (const result of Object.values(results)) result.dispose()
  }
}

/** Some results come to the host all the same, e.g. those without elements. */
async function lookAt(ort: Ort, result: OrtTensor, observer: Look): Promise<Observation> {
  if (observer.type === 'value') {
    const values = Float32Array.from((await result.getData()) as Float32Array)
    return { value: { dtype: 'float32', shape: result.dims, values } }
  }
  if (result.location !== 'gpu-buffer') {
    return observationOf(observer, wordsOf(observer, (await result.getData()) as Float32Array))
  }
  const device = await ort.env.webgpu.device
  const isSoftware = isSoftwareAdapter(device.adapterInfo)
  return observeBuffer(device, result.gpuBuffer as GPUBuffer, elementCount(result.dims), observer, { isSoftware })
}
