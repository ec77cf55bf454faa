import type { HostArray } from '../../core/host-array'
import type { Note, OnProgress } from '../../core/progress'
import { Interpreter } from '../../engine/interpret'
import { normalize } from '../../engine/normalize'
import type { Model } from '../../graph/model'

export type EngineChoice = 'auto' | 'wasm' | 'reference'

export interface MachinePorts {
  readonly signal: AbortSignal
  readonly onProgress: OnProgress
}

/** A model made ready to be run by our own engine. */
export interface OpenGraph {
  readonly backend: string
  readonly notes: readonly Note[]
  /** @throws ShapeError, UnsupportedError, AbortError */
  run(feeds: ReadonlyMap<string, HostArray>): Promise<Map<string, HostArray>>
  dispose(): void
}

/** @throws UnsupportedError where the model cannot be lifted or computed; DeviceError */
export async function openGraph(
  model: Model,
  options: { readonly backend: EngineChoice; readonly seed: number },
  ports: MachinePorts,
): Promise<OpenGraph> {
  const { signal, onProgress } = ports
  const normalized = await normalize(model, signal)
  const total = normalized.model.graph.nodes.length
  return {
    backend: 'reference',
    notes: normalized.notes,
    run: (feeds) => {
      const onNode = (_: unknown, done: number) =>
        onProgress({ stage: 'run', done: Math.min(done, total), total, unit: 'items' })
      return new Interpreter(normalized, { signal, seed: options.seed, onNode }).run(feeds)
    },
    dispose: () => undefined,
  }
}
