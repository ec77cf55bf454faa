import type { InferenceSession, OnnxValue, Tensor as OrtTensor } from 'onnxruntime-web'
import { isKnownDType, storageBytes, type DType } from '../core/dtypes'
import { UnsupportedError } from '../core/errors'
import type { Tensor } from '../core/tensor'
import type { Bytes } from '../core/bytes'
import { assert } from '../core/errors'
import { loadFailure, runFailure } from './failure'
import type { Runtime, Session, SessionOptions, ValueSignature } from './runtime'

/** The parts of the package that are used; the page's worker and Node load different builds of it. */
export type Ort = Pick<typeof import('onnxruntime-web'), 'env' | 'InferenceSession' | 'Tensor'>

export interface OnnxRuntimeOptions {
  /** Execution provider; 'webgpu' is in its own build of the package. Default 'wasm'. */
  readonly provider?: 'wasm' | 'webgpu'
  /** 1 where memory cannot be shared. Fixed by the first session of the process. */
  readonly threads: number
  /** Where the browser finds onnxruntime's WASM and its loader; Node finds its own. */
  readonly wasmPaths?: { readonly wasm: string; readonly mjs: string }
}

/** Level 4 (fatal): everything else comes back as an exception, and would be printed a second time on stderr. */
export const SILENT = 4

/** Takes effect before the first session of the process. */
export function configure(ort: Ort, { threads, wasmPaths }: Omit<OnnxRuntimeOptions, 'provider'>): void {
  ort.env.logLevel = 'fatal'
  ort.env.wasm.numThreads = threads
  if (wasmPaths) ort.env.wasm.wasmPaths = { ...wasmPaths }
}

/**
 * onnxruntime-web as a `Runtime`.
 * @param ort the build of the package for this platform, loaded by the caller
 */
export function createOnnxRuntime(ort: Ort, options: OnnxRuntimeOptions): Runtime {
  configure(ort, options)
  // External data goes through one table of the module while a session is made, so only one is made at a time.
  let lastOpen: Promise<unknown> = Promise.resolve()
  const { provider = 'wasm' } = options
  return {
    provider,
    ...(provider === 'wasm' && { threads: options.threads }),
    version: ort.env.versions.web ?? ort.env.versions.common,
    open(model, sessionOptions = {}) {
      const opened = lastOpen.then(() => openSession(ort, model, { ...sessionOptions, provider }))
      lastOpen = opened.catch(() => undefined)
      return opened
    },
  }
}

type OpenOptions = SessionOptions & { readonly provider: 'wasm' | 'webgpu' }

async function openSession(ort: Ort, model: Bytes, options: OpenOptions): Promise<Session> {
  let session: InferenceSession
  try {
    session = await ort.InferenceSession.create(model, {
      executionProviders: [options.provider],
      graphOptimizationLevel: options.optimize === 'none' ? 'disabled' : 'all',
      logSeverityLevel: SILENT,
      externalData: [...(options.externalData ?? [])].map(([path, data]) => ({ path, data })),
    })
  } catch (error) {
    throw loadFailure(error)
  }
  return {
    inputs: session.inputMetadata.map(signature),
    outputs: session.outputMetadata.map(signature),
    run: (feeds) => run(ort, session, feeds),
    release: () => session.release(),
  }
}

async function run(ort: Ort, session: InferenceSession, feeds: ReadonlyMap<string, Tensor>) {
  const given = Object.create(null) as Record<string, OrtTensor>
  for (const [name, value] of feeds) given[name] = toOrt(ort, name, value)
  let results: Readonly<Record<string, OnnxValue>>
  const start = performance.now()
  try {
    results = await session.run(given, { logSeverityLevel: SILENT })
  } catch (error) {
    throw runFailure(error)
  }
  const ms = performance.now() - start
  const outputs = new Map<string, Tensor>()
  for (const name of session.outputNames) {
    const value = results[name]
    if (value) outputs.set(name, fromOrt(name, value as OrtTensor))
  }
  return { outputs, ms }
}

/** onnxruntime reports a size of -1, "unknown", as an unsigned number. */
const UNKNOWN_SIZE = 0xffffffff

export function signature(metadata: InferenceSession.ValueMetadata): ValueSignature {
  if (!metadata.isTensor) {
    throw new UnsupportedError(
      `"${metadata.name}" is not a tensor but a sequence, map or optional, which onnxruntime-web cannot exchange. ` +
        'Export the model with tensors only as inputs and outputs.',
    )
  }
  // onnxruntime's JavaScript keeps values in plain objects, where this name means something else
  if (metadata.name === '__proto__') {
    throw new UnsupportedError(
      'onnxruntime-web cannot exchange an input or output with the name "__proto__". Export the model with another name.',
    )
  }
  return {
    name: metadata.name,
    dtype: metadata.type,
    shape: metadata.shape.map((size) => (size === '' || size === UNKNOWN_SIZE || size === -1 ? null : size)),
  }
}

/** Views of little-endian bytes as onnxruntime's JavaScript takes them, float16 by its bits. Narrower types stay inside. */
const ARRAYS = {
  float32: Float32Array,
  float64: Float64Array,
  float16: Uint16Array,
  int8: Int8Array,
  uint8: Uint8Array,
  bool: Uint8Array,
  int16: Int16Array,
  uint16: Uint16Array,
  int32: Int32Array,
  uint32: Uint32Array,
  int64: BigInt64Array,
  uint64: BigUint64Array,
} as const

type Exchangeable = keyof typeof ARRAYS

/** Whether onnxruntime's JavaScript can take and give tensors of `dtype`. */
export function isExchangeable(dtype: DType): boolean {
  return dtype === 'string' || Object.hasOwn(ARRAYS, dtype)
}

export function toOrt(ort: Ort, name: string, value: Tensor): OrtTensor {
  const { dtype, shape, data } = value
  if (dtype === 'string') return new ort.Tensor('string', [...(value.strings ?? [])], [...shape])
  if (!isExchangeable(dtype)) {
    throw new UnsupportedError(
      `Input "${name}": onnxruntime-web cannot take ${dtype} values. It takes string, ${Object.keys(ARRAYS).join(', ')}.`,
    )
  }
  const type = dtype as Exchangeable
  const ArrayType = ARRAYS[type]
  const isAligned = data.byteOffset % ArrayType.BYTES_PER_ELEMENT === 0
  const { buffer, byteOffset } = isAligned ? data : data.slice()
  const view = new ArrayType(buffer, byteOffset, data.byteLength / ArrayType.BYTES_PER_ELEMENT)
  return new ort.Tensor(type, view as Float32Array, [...shape])
}

/** onnxruntime-web has copied the data out of its heap, so the buffer is ours. */
function fromOrt(name: string, value: OrtTensor): Tensor {
  const shape = [...value.dims]
  if (value.type === 'string')
    return { dtype: 'string', shape, data: new Uint8Array(0), strings: value.data as string[] }
  const { buffer, byteOffset, byteLength } = value.data as Uint8Array<ArrayBuffer>
  const count = shape.reduce((product, size) => product * size, 1)
  assert(isKnownDType(value.type) && storageBytes(value.type, count) === byteLength, `output ${name} has odd bytes`)
  return { dtype: value.type, shape, data: new Uint8Array(buffer, byteOffset, byteLength) }
}
