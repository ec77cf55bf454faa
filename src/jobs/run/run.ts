import type { FileSet } from '../../core/bytes'
import type { HostArray } from '../../core/host-array'
import type { Note } from '../../core/progress'
import { openInput } from '../input'
import type { JobPorts } from '../ports'
import { feedsFor, type GivenArray } from './feeds'
import { chooseEngine, type EngineChoice, type MachinePorts } from './choose-engine'

export interface RunRequest {
  readonly files: FileSet
  readonly inputs: readonly GivenArray[]
  readonly backend: EngineChoice
  /** Of the random operators that have no seed of their own. */
  readonly seed: number
}

/** `run --json` prints it, with the files written. */
export interface RunReport {
  readonly version: 1
  readonly model: { readonly name: string; readonly format: string; readonly sizeBytes: number }
  /** What computed: 'wasm' or 'reference'. */
  readonly backend: string
  readonly inputs: readonly ArrayRow[]
  readonly outputs: readonly ArrayRow[]
  /** `prepareMs`: reading, lifting and planning; `runMs`: the first run. */
  readonly timing: { readonly prepareMs: number; readonly runMs: number }
  readonly notes: readonly Note[]
}

export interface ArrayRow {
  readonly name: string
  readonly dtype: string
  readonly shape: readonly number[]
}

export type RunPorts = Pick<JobPorts, 'signal' | 'onProgress' | 'now'> & MachinePorts

/**
 * Executes a model once on our own engine.
 * @throws FormatError, UsageError for inputs that do not fit, ShapeError and UnsupportedError naming the node, AbortError
 */
export async function runModel(
  request: RunRequest,
  ports: RunPorts,
): Promise<{ report: RunReport; outputs: ReadonlyMap<string, HostArray> }> {
  const start = ports.now()
  const input = await openInput(request.files, ports.signal)
  const { feeds, notes } = feedsFor(input.model.graph, request.inputs)
  const { session, notes: fallback } = await chooseEngine(input.model, request, ports)
  try {
    const prepared = ports.now()
    const outputs = await session.run(feeds, { signal: ports.signal, onProgress: ports.onProgress })
    const report: RunReport = {
      version: 1,
      model: { name: request.files.main.name, format: input.meta.id, sizeBytes: input.sizeBytes },
      backend: session.machine,
      inputs: rows(feeds),
      outputs: rows(outputs),
      timing: { prepareMs: prepared - start, runMs: ports.now() - prepared },
      notes: [...notes, ...session.notes, ...fallback],
    }
    return { report, outputs }
  } finally {
    session.dispose()
  }
}

const rows = (arrays: ReadonlyMap<string, HostArray>): ArrayRow[] =>
  [...arrays].map(([name, { dtype, shape }]) => ({ name, dtype, shape: [...shape] }))
