/** The WASM machine of both SIMD levels, for tests of kernels. Not part of the product. */
import { readFile } from 'node:fs/promises'
import relaxedUrl from '../../build/wasm/engine-relaxed.wasm?url'
import plainUrl from '../../build/wasm/engine.wasm?url'
import type { Machine } from '../backends/machine'
import { hasRelaxedSimd } from '../backends/wasm/engine-module'
import { createWasmMachine, type WasmMachineOptions } from '../backends/wasm/machine'

export interface WasmLevel {
  readonly name: string
  make(options?: WasmMachineOptions): Promise<Machine>
}

const level = (name: string, url: string): WasmLevel => ({
  name,
  make: async (options) => createWasmMachine(new Uint8Array(await readFile(new URL(url))), options),
})

/** Those that this runtime can load: Node 20 has relaxed SIMD only with --experimental-wasm-relaxed-simd. */
export const wasmLevels: readonly WasmLevel[] = [
  level('SIMD', plainUrl),
  ...(hasRelaxedSimd() ? [level('relaxed SIMD', relaxedUrl)] : []),
]
