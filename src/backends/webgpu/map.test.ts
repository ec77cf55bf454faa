import { beforeAll, describe, expect, it } from 'vitest'
import type { HostArray } from '../../core/host-array'
import { runCall } from '../../testing/one-call'
import { planMachine } from '../../testing/plan-machine'
import { webgpuMachine } from '../../testing/webgpu-machine'
import type { Machine } from '../machine'
import { writesOf } from '../call-operands'
import type { KernelCall } from '../kernel-calls'
import { kernelCases } from '../wasm/kernels-kit'

let machine: Machine
beforeAll(async () => (machine = await webgpuMachine()))

/** What differs first by more than allowed. */
function difference(
  { values: found }: HostArray,
  { values: expected }: HostArray,
  tolerance: number,
): string | undefined {
  for (let i = 0; i < expected.length; i++) {
    const [a, b] = [found[i] as number | bigint, expected[i] as number | bigint]
    if (a === b || Object.is(a, b)) continue
    const error = Math.abs(Number(a) - Number(b)) / (1 + Math.abs(Number(b)))
    if (!(error <= tolerance)) return `element ${i} is ${a}, expected ${b}`
  }
  return undefined
}

const isHeld = (call: KernelCall) => writesOf(call).every(({ dtype }) => machine.bytesPerElement(dtype) !== undefined)

describe('on WebGPU kernels give what their naive forms give', () => {
  it.each(['map', 'fill', 'cast'] as const)('%s', async (kernel) => {
    const cases = kernelCases().filter(({ call }) => call.kernel === kernel && isHeld(call))
    expect(cases.length).toBeGreaterThan(10)
    for (const { title, call, inputs, tolerance } of cases) {
      expect(machine.supports(call), title).toBe(true)
      const [found] = await runCall(machine, call, inputs)
      const [expected] = await runCall(planMachine, call, inputs)
      expect(found!.dtype).toBe(expected!.dtype)
      expect(difference(found!, expected!, tolerance), title).toBeUndefined()
    }
  })
})
