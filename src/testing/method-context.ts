import { referenceBackend } from '../backends/reference/reference'
import type { Backend } from '../backends/backend'
import type { Note } from '../core/progress'
import type { Tensor } from '../core/tensor'
import { encodeOnnx } from '../formats/onnx/encode'
import type { Model } from '../graph/model'
import type { MethodContext } from '../methods/method'
import { testRuntime } from './runtime'

/** A context for running one method in a test; `notes` collects what it says. */
export function methodContext(backend: Backend = referenceBackend, signal?: AbortSignal) {
  const notes: Note[] = []
  const context: MethodContext = {
    backend,
    signal: signal ?? new AbortController().signal,
    seed: 0,
    run: (model, feeds) => runModel(model, feeds, 'none'),
    note: (note) => void notes.push(note),
    progress: () => undefined,
  }
  return { context, notes }
}

/** Runs a model once in onnxruntime, through the bytes of its file. */
export async function runModel(
  model: Model,
  feeds: ReadonlyMap<string, Tensor>,
  optimize: 'all' | 'none' = 'all',
): Promise<Map<string, Tensor>> {
  const runtime = await testRuntime()
  const session = await runtime.open(await encodeOnnx(model), { optimize })
  try {
    return (await session.run(feeds)).outputs
  } finally {
    await session.release()
  }
}
