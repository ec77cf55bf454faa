import { beforeAll, describe, expect, it } from 'vitest'
import type { HostArray } from '../../core/host-array'
import { operand, runCall } from '../../testing/one-call'
import { planMachine } from '../../testing/plan-machine'
import { wasmLevels } from '../../testing/wasm-machines'
import type { Machine } from '../machine'
import { kernelCases, numbers, type KernelCase } from './kernels-kit'

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

    it.each([
      [1, 300_001, 1],
      [1, 100_003, 3],
    ])('sums of [%d,%d,%d] keep their precision', async (outer, size, inner) => {
      const x = operand([outer, size, inner])
      // all of one sign: a running sum in float32 would be off by a thousandth
      const values = numbers(x, 1, (i) => 0.1 + (i % 7) * 0.01)
      const sums = Array.from({ length: inner }, (_, j) => {
        let sum = 0
        for (let i = 0; i < size; i++) sum += values.values[i * inner + j] as number
        return sum
      })
      for (const reduction of ['sum', 'mean'] as const) {
        const output = operand([outer, inner])
        const call = { kernel: 'reduce' as const, reduction, input: x, output, outer, size, inner }
        const [found] = await runCall(machine, call, new Map([[x, values]]))
        const expected = sums.map((sum) => (reduction === 'mean' ? sum / size : sum))
        expected.forEach((sum, j) => expect(Math.abs((found!.values[j] as number) / sum - 1)).toBeLessThan(2e-7))
      }
    })
  })
}
