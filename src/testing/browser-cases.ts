/** The operators' cases in a browser: bundled by e2e/engine.spec.ts. Not part of the product. */
import { hasRelaxedSimd } from '../backends/wasm/engine-module'
import { createWasmMachine } from '../backends/wasm/machine'
import { requestGpu } from '../backends/webgpu/device'
import { createWebgpuMachine } from '../backends/webgpu/machine'
import { Interpreter } from '../engine/interpret'
import { normalize } from '../engine/normalize'
import { allCases } from './all-cases'
import { checkCase } from './check-case'
import { planned, type TestMachine } from './planned'
import { plannedOnGpu } from './planned-on-gpu'

export interface BrowserResult {
  readonly machine: string
  readonly cases: number
  readonly failures: readonly string[]
}

/** On whatever adapter the browser has: here, unlike in Node's tests, bounds are always checked. */
async function webgpu(): Promise<TestMachine> {
  const answer = await requestGpu((navigator as unknown as { gpu: GPU }).gpu, { allowSoftware: true })
  if ('missing' in answer) throw new Error(answer.missing.text)
  return plannedOnGpu(createWebgpuMachine(answer.gpu.device, answer.gpu.facts))
}

/**
 * Runs every case on every machine that the browser has.
 * @param modules addresses of the two builds of the engine's module
 */
export async function runCases(modules: {
  readonly plain: string
  readonly relaxed: string
}): Promise<BrowserResult[]> {
  const wasm = async (url: string, name: string): Promise<TestMachine> => {
    const bytes = new Uint8Array(await (await fetch(url)).arrayBuffer())
    return { ...planned(await createWasmMachine(bytes)), name }
  }
  const machines: TestMachine[] = [
    { name: 'reference', run: async (model, feeds) => new Interpreter(await normalize(model)).run(feeds) },
    await wasm(modules.plain, 'wasm'),
    ...(hasRelaxedSimd() ? [await wasm(modules.relaxed, 'wasm, relaxed SIMD')] : []),
    await webgpu(),
  ]
  const results: BrowserResult[] = []
  for (const machine of machines) {
    const failures: string[] = []
    const cases = allCases()
    for (const { one, frozen } of cases) {
      await checkCase(machine, one, frozen).catch((error: unknown) => {
        failures.push(`${one.operator}: ${one.name}: ${String(error)}`)
      })
    }
    results.push({ machine: machine.name, cases: cases.length, failures })
  }
  return results
}
