import { expose, transfer, transferHandlers } from 'comlink'
import * as ort from 'onnxruntime-web/wasm'
import mjs from 'onnxruntime-web/ort-wasm-simd-threaded.mjs?url'
import wasm from 'onnxruntime-web/ort-wasm-simd-threaded.wasm?url'
import { keepErrorClasses } from '../core/error-transfer'
import { createOnnxRuntime } from '../runtime/onnxruntime'
import type { Session } from '../runtime/runtime'
import type { OrtWorkerApi } from './ort-api'

keepErrorClasses(transferHandlers)

/**
 * One core stays with the job worker where there are three or more; of two both are used, since the job worker mostly
 * waits. More than four bring little on the models that fit a browser.
 */
const threads = crossOriginIsolated
  ? Math.min(4, navigator.hardwareConcurrency, Math.max(2, navigator.hardwareConcurrency - 1))
  : 1

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
