import { expose, transfer, transferHandlers } from 'comlink'
import { keepErrorClasses } from '../core/error-transfer'
import { runtimeThreads } from '../core/threads'
import { createOnnxRuntime, type OnnxRuntimeOptions, type Ort } from '../runtime/onnxruntime'
import type { Runtime, Session } from '../runtime/runtime'
import type { OrtWorkerApi } from './ort-api'

/** Makes this worker one of onnxruntime, in whichever build it was given. */
export function exposeRuntime(ort: Ort, options: Pick<OnnxRuntimeOptions, 'provider' | 'wasmPaths'>): void {
  keepErrorClasses(transferHandlers)
  const threads = runtimeThreads(navigator.hardwareConcurrency, crossOriginIsolated)
  let runtime: Runtime | undefined
  const sessions = new Map<number, Session>()
  let lastSession = 0

  const find = (session: number): Session => {
    const found = sessions.get(session)
    if (!found) throw new Error(`Bug in Plume: onnxruntime session ${session} is not open`)
    return found
  }

  const api: OrtWorkerApi = {
    async start(most = threads) {
      runtime = createOnnxRuntime(ort, { threads: Math.min(threads, most), ...options })
      return { provider: runtime.provider, version: runtime.version, threads: runtime.threads }
    },
    async open(model, options) {
      if (!runtime) throw new Error('Bug in Plume: onnxruntime was not started')
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
}
