import { describe, expect, it } from 'vitest'
import { allCases } from '../testing/all-cases'
import { checkGradientCase, isDifferentiableCase } from '../testing/gradient-cases'
import { plannedOnce, type TestMachine } from '../testing/planned'
import { wasmLevels } from '../testing/wasm-machines'
import { webgpuMachine } from '../testing/webgpu-machine'

const all = allCases().flatMap(({ one }) => (isDifferentiableCase(one) ? [one] : []))

describe('the gradient of every operator, in every case on every machine', async () => {
  const machines: TestMachine[] = [plannedOnce(await webgpuMachine())]
  for (const { make } of wasmLevels) machines.push(plannedOnce(await make()))

  it.each(all.map((one) => [`${one.operator}: ${one.name}`, one] as const))('%s', async (_, one) => {
    expect(await checkGradientCase(one, machines)).toEqual([])
  })
})
