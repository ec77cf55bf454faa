import type { Machine } from '../backends/machine'
import { fromTensor, toTensor } from '../core/host-array'
import { openEngine, type EngineSession } from '../engine/session'
import type { Model, ValueInfo } from '../graph/model'
import type { Session, ValueSignature } from '../runtime/runtime'

/**
 * Our own engine in the place of onnxruntime.
 * @throws UnsupportedError naming what the engine does not compute; DeviceError, AbortError
 */
export async function openOnEngine(
  model: Model,
  machine: Machine | 'reference',
  signal?: AbortSignal,
): Promise<Session> {
  return asRuntimeSession(await openEngine(model, { machine, ...(signal && { signal }) }), model, signal)
}

/** An open session of our engine, in the words of the runtime's. */
export function asRuntimeSession(engine: EngineSession, model: Model, signal?: AbortSignal): Session {
  const { initializers } = model.graph
  return {
    inputs: engine.inputs.filter(({ name }) => !initializers.has(name)).map(signatureOf),
    outputs: engine.outputs.map(signatureOf),
    async run(feeds) {
      const arrays = new Map([...feeds].map(([name, value]) => [name, fromTensor(value)]))
      const start = performance.now()
      const outputs = await engine.run(arrays, signal && { signal })
      const ms = performance.now() - start
      return { outputs: new Map([...outputs].map(([name, value]) => [name, toTensor(value)])), ms }
    },
    release: async () => engine.dispose(),
  }
}

function signatureOf({ name, type }: ValueInfo): ValueSignature {
  return type?.kind === 'tensor'
    ? { name, dtype: type.dtype, shape: type.shape ?? [] }
    : { name, dtype: 'undefined', shape: [] }
}
