import type { Machine } from '../../backends/machine'
import { DeviceError } from '../../core/errors'
import type { Note } from '../../core/progress'
import { openEngine, type EngineSession } from '../../engine/session'
import type { Model } from '../../graph/model'

export type EngineChoice = 'auto' | 'wasm' | 'reference'

export interface MachinePorts {
  readonly signal: AbortSignal
  /** The WASM machine; absent where there is none. @throws DeviceError where the platform cannot have it */
  openMachine?(): Promise<Machine>
}

/**
 * Makes a model ready on the backend that was asked for; 'auto' is WASM, or the references where that cannot be had, with
 * a note.
 * @throws UnsupportedError where the model cannot be lifted or computed; DeviceError
 */
export async function chooseEngine(
  model: Model,
  { backend, seed }: { readonly backend: EngineChoice; readonly seed: number },
  { signal, openMachine }: MachinePorts,
): Promise<{ session: EngineSession; notes: readonly Note[] }> {
  const reference = async (notes: readonly Note[]) => ({
    session: await openEngine(model, { machine: 'reference', seed, signal }),
    notes,
  })
  if (backend === 'reference') return reference([])
  try {
    if (!openMachine) throw new DeviceError('This build has no WASM kernels for whole models.')
    const machine = await openMachine()
    return { session: await openEngine(model, { machine, seed, signal }), notes: [] }
  } catch (error) {
    if (backend === 'wasm' || !(error instanceof DeviceError)) throw error
    const text = `The model ran on the slow reference backend. ${error.message}`
    return reference([{ severity: 'warning', text }])
  }
}
