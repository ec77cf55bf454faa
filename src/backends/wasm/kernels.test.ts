import { beforeAll, describe, expect, it } from 'vitest'
import type { HostArray } from '../../core/host-array'
import { runCall } from '../../testing/one-call'
import { planMachine } from '../../testing/plan-machine'
import { wasmLevels } from '../../testing/wasm-machines'
import type { Machine } from '../machine'
import { kernelCases, type KernelCase } from './kernels-kit'

/** What differs first by more than allowed. */
function difference(
  { values: found }: HostArray,
  { values: expected }: HostArray,
  tolerance: number,
): string | undefined {
  for (let i = 0; i < expected.length; i++) {
    const [a, b] = [found[i] as number | bigint, expected[i] as number | bigint]
    const isSame = a === b || Object.is(a, b)
    if (isSame) continue
    const error = Math.abs(Number(a) - Number(b)) / (1 + Math.abs(Number(b)))
    if (!(error <= tolerance)) return `element ${i} is ${a}, expected ${b}`
  }
  return undefined
}

const byKernel = groups(kernelCases())

function groups(cases: readonly KernelCase[]): Map<string, KernelCase[]> {
  const made = new Map<string, KernelCase[]>()
  for (const one of cases) made.set(one.call.kernel, [...(made.get(one.call.kernel) ?? []), one])
  return made
}

for (const { name, make } of wasmLevels) {
  describe(`kernels with ${name} give what their naive forms give`, () => {
    let machine: Machine
    beforeAll(async () => (machine = await make()))

    it.each([...byKernel])('%s', async (_, cases) => {
      expect(cases.length).toBeGreaterThan(0)
      for (const { title, call, inputs, tolerance } of cases) {
        expect(machine.supports(call), title).toBe(true)
        const [found] = await runCall(machine, call, inputs)
        const [expected] = await runCall(planMachine, call, inputs)
        expect(found!.dtype).toBe(expected!.dtype)
        expect(difference(found!, expected!, tolerance), title).toBeUndefined()
      }
    })
  })
}
