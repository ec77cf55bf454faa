import { beforeAll, describe, expect, it } from 'vitest'
import { allCases } from '../testing/all-cases'
import {
  checkGradientCase,
  checkOpenGradient,
  checkSecondOrder,
  isDifferentiableCase,
  someOfEach,
} from '../testing/gradient-cases'
import { plannedOnce, type TestMachine } from '../testing/planned'
import { wasmLevels } from '../testing/wasm-machines'
import { webgpuMachine } from '../testing/webgpu-machine'

const all = allCases().flatMap(({ one }) => (isDifferentiableCase(one) ? [one] : []))
/** Their gradients are operators without a derivative of their own; what a Loop carries has no known rank. */
const FIRST_ORDER = [
  ...['DeformConv', 'GridSample', 'MaxRoiPool', 'RoiAlign', 'ai.plume:SampleAt'],
  ...['GRU', 'LSTM', 'RNN', 'Loop'],
]
const onePerOperator = someOfEach(all, 1)
/** gradients.slow.test.ts has all cases on all machines; a GPU compiles kernels for each. */
const onGpu = new Set(onePerOperator)
const onWasm = new Set(someOfEach(all, 3))
const twice = onePerOperator.filter(({ operator }) => !FIRST_ORDER.includes(operator))

describe('the gradient of every operator', () => {
  let wasm: TestMachine
  let webgpu: TestMachine
  beforeAll(async () => {
    wasm = plannedOnce(await wasmLevels[0]!.make())
    webgpu = plannedOnce(await webgpuMachine())
  })

  it.each(all.map((one) => [`${one.operator}: ${one.name}`, one] as const))('%s', async (_, one) => {
    expect(
      await checkGradientCase(one, [...(onWasm.has(one) ? [wasm] : []), ...(onGpu.has(one) ? [webgpu] : [])]),
    ).toEqual([])
  })

  it.each(twice.map((one) => [`${one.operator}: ${one.name}`, one] as const))(
    'has a gradient itself: %s',
    async (_, one) => expect(await checkSecondOrder(one)).toEqual([]),
  )

  it.each(onePerOperator.map((one) => [`${one.operator}: ${one.name}`, one] as const))(
    'knows sizes that are open: %s',
    async (_, one) => expect(await checkOpenGradient(one)).toEqual([]),
  )
})
