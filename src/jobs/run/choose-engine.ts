import type { Machine } from '../../backends/machine'
import type { GpuKeeper } from '../../backends/webgpu/keeper'
import { DeviceError } from '../../core/errors'
import type { Note } from '../../core/progress'
import { openOnHosts } from '../../engine/fallback'
import { openEngine, type EngineSession } from '../../engine/session'
import type { Model } from '../../graph/model'

export type EngineChoice = 'auto' | 'webgpu' | 'wasm' | 'reference'

export interface MachinePorts {
  readonly signal: AbortSignal
  /** The WASM machine; absent where there is none. @throws DeviceError where the platform cannot have it */
  openMachine?(): Promise<Machine>
  /** The GPU, where one is wanted; WASM takes its place where it is missing or fails, and its keeper says so. */
  readonly gpu?: GpuKeeper
}

/**
 * Makes a model ready on the backend that was asked for; 'auto' is the GPU where `ports` have one, else WASM, or the
 * references where that cannot be had, with a note.
 * @throws UnsupportedError where the model cannot be lifted or computed; DeviceError
 */
export async function chooseEngine(
  model: Model,
  { backend, seed }: { readonly backend: EngineChoice; readonly seed: number },
  { signal, openMachine, gpu }: MachinePorts,
): Promise<{ session: EngineSession; notes: readonly Note[] }> {
  const reference = async (notes: readonly Note[]) => ({
    session: await openEngine(model, { machine: 'reference', seed, signal }),
    notes,
  })
  if (backend === 'reference') return reference([])
  try {
    if (!openMachine) throw new DeviceError('This build has no WASM kernels for whole models.')
    const hosts = { openMachine, ...(gpu && backend !== 'wasm' && { gpu }) }
    return { session: await openOnHosts(model, hosts, { seed, signal }), notes: [] }
  } catch (error) {
    if (backend !== 'auto' || !(error instanceof DeviceError)) throw error
    const text = `The model ran on the slow reference backend. ${error.message}`
    return reference([{ severity: 'warning', text }])
  }
}
