import type { Bytes } from '../core/bytes'
import type { Note } from '../core/progress'
import type { Backend } from './backend'
import { referenceBackend } from './reference/reference'
import { createWasmBackend } from './wasm/wasm'

export type BackendChoice = 'auto' | 'wasm' | 'reference'

/**
 * Makes the backend that was chosen. 'auto' is the SIMD backend, or the reference where that cannot be had; the note
 * then says why.
 * @param loadWasm reads build/wasm/quantize.wasm: a fetch in the page, a file in Node
 * @throws DeviceError when 'wasm' was asked for and cannot be had
 */
export async function createBackend(
  choice: BackendChoice,
  loadWasm: () => Promise<Bytes>,
): Promise<{ backend: Backend; note?: Note }> {
  if (choice === 'reference') return { backend: referenceBackend }
  if (choice === 'wasm') return { backend: await createWasmBackend(await loadWasm()) }
  try {
    return { backend: await createWasmBackend(await loadWasm()) }
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    const text = `Quantizing runs on the slow reference backend; the bytes are the same. ${reason}`
    return { backend: referenceBackend, note: { severity: 'warning', text } }
  }
}
