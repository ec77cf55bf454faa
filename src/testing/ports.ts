import { readFile } from 'node:fs/promises'
import { createBackend, type BackendChoice } from '../backends'
import engineWasmUrl from '../../build/wasm/engine.wasm?url'
import quantizeWasmUrl from '../../build/wasm/quantize.wasm?url'
import { createWasmMachine } from '../backends/wasm/machine'
import type { Progress } from '../core/progress'
import type { JobPorts } from '../jobs/ports'
import { testRuntime } from './runtime'

/** Real parts behind a job's ports, with progress recorded. */
export async function testPorts(choice: BackendChoice = 'wasm', signal?: AbortSignal) {
  const progress: Progress[] = []
  const { backend } = await createBackend(choice, async () => new Uint8Array(await readFile(new URL(quantizeWasmUrl))))
  const ports: JobPorts = {
    backend,
    openRuntime: testRuntime,
    openExactMachine: async () => createWasmMachine(new Uint8Array(await readFile(new URL(engineWasmUrl)))),
    signal: signal ?? new AbortController().signal,
    onProgress: (step) => void progress.push(step),
    now: () => performance.now(),
  }
  return { ports, progress }
}
