import { expose, transfer, transferHandlers } from 'comlink'
import * as ort from 'onnxruntime-web/wasm'
import mjs from 'onnxruntime-web/ort-wasm-simd-threaded.mjs?url'
import wasm from 'onnxruntime-web/ort-wasm-simd-threaded.wasm?url'
import { keepErrorClasses } from '../core/error-transfer'
import { runtimeThreads } from '../core/threads'
import { createOnnxRuntime } from '../runtime/onnxruntime'
import type { Session } from '../runtime/runtime'
import type { OrtWorkerApi } from './ort-api'

keepErrorClasses(transferHandlers)

const threads = runtimeThreads(navigator.hardwareConcurrency, crossOriginIsolated)

const runtime = createOnnxRuntime(ort, { threads, wasmPaths: { wasm, mjs } })
const sessions = new Map<number, Session>()
let lastSession = 0

function find(session: number): Session {
  const found = sessions.get(session)
  if (!found) throw new Error(`Bug in Plume: onnxruntime session ${session} is not open`)
  return found
}

const api: OrtWorkerApi = {
  start: async () => ({ provider: runtime.provider, version: runtime.version, threads }),
  async open(model, options) {
    const opened = await runtime.open(model, options)
    const session = ++lastSession
    sessions.set(session, opened)
    return { session, inputs: opened.inputs, outputs: opened.outputs }
  },
  async run(session, feeds) {
    const result = await find(session).run(feeds)
    return transfer(
      result,
      [...new Set([...result.outputs.values()].map(({ data }) => data.buffer))].filter(
        (buffer) => buffer.byteLength > 0,
      ),
    )
  },
  async release(session) {
    const opened = find(session)
    sessions.delete(session)
    await opened.release()
  },
}

expose(api)
