import { readFile } from 'node:fs/promises'
import quantizeWasmUrl from '../../build/wasm/quantize.wasm?url'
import type { Bytes } from '../core/bytes'

/** Bytes of the built kernels; vitest builds them first where they are stale. */
export async function loadQuantizeWasm(): Promise<Bytes> {
  return new Uint8Array(await readFile(new URL(quantizeWasmUrl)))
}
