import { beforeAll, describe, expect, it } from 'vitest'
import type { HostArray } from '../../core/host-array'
import { indexFault, operand, runCall } from '../../testing/one-call'
import { planMachine } from '../../testing/plan-machine'
import { webgpuMachine } from '../../testing/webgpu-machine'
import type { Machine, Place } from '../machine'
import { writesOf } from '../call-operands'
import type { Expression, KernelCall, MapCall, Operand } from '../kernel-calls'
import { kernelCases, numbers } from '../wasm/kernels-kit'

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

const sum = (count: number): Expression =>
  Array.from({ length: count }, (_, i): Expression => ({ input: i })).reduce((left, right) => ({
    binary: 'add',
    left,
    right,
  }))

/** y lies where the last input lies. */
async function runInPlace(call: MapCall, arrays: readonly HostArray[]): Promise<HostArray> {
  const places = new Map<Operand, Place>(call.inputs.map((one, i) => [one, { in: 'arena', offset: i * 65536 }]))
  places.set(call.output, places.get(call.inputs.at(-1)!)!)
  const session = await machine.open()
  const program = await session.load({
    arenaBytes: call.inputs.length * 65536,
    places,
    inputs: call.inputs,
    outputs: [call.output],
    steps: [{ type: 'call', call, title: 'map', cost: 1, indexError: indexFault }],
  })
  const [found] = await program.run(arrays)
  session.dispose()
  return found!
}

describe('formulas on WebGPU', () => {
  it.each([
    ['by vectors', [3, 36], 'float32', 'float32'],
    ['by elements', [5, 7], 'float32', 'float32'],
    ['from bool to float32', [3, 36], 'bool', 'float32'],
    ['from float32 to bool', [5, 64], 'float32', 'bool'],
  ] as const)('may write where an input lies: %s', async (_, shape, last, result) => {
    const inputs = [operand(shape), operand([shape[1]]), operand(shape, last)]
    const expression: Expression = { binary: 'sub', left: sum(3), right: { constant: 1 } }
    const call: MapCall = { kernel: 'map', expression, inputs, output: operand(shape, result) }
    const arrays = inputs.map((one, i) => numbers(one, i + 1))
    const found = await runInPlace(call, arrays)
    const [expected] = await runCall(planMachine, call, new Map(inputs.map((one, i) => [one, arrays[i]!])))
    expect(difference(found, expected!, 1e-6)).toBeUndefined()
  })

  it('read as many inputs as the device binds, each once', async () => {
    const inputs = Array.from({ length: 7 }, (_, i) => operand(i % 2 ? [65] : [3, 65]))
    const feeds = new Map(inputs.map((one, i) => [one, numbers(one, i + 1)]))
    const call: MapCall = {
      kernel: 'map',
      expression: sum(21),
      inputs: [...inputs, ...inputs, ...inputs],
      output: operand([3, 65]),
    }
    const [found] = await runCall(machine, call, feeds)
    const [expected] = await runCall(planMachine, call, feeds)
    expect(difference(found!, expected!, 1e-6)).toBeUndefined()
    const many = Array.from({ length: 70 }, () => operand([3]))
    expect(machine.supports({ kernel: 'map', expression: sum(70), inputs: many, output: operand([3]) })).toBe(false)
  })

  it('take numbers of every kind, also many', async () => {
    const x = operand([67])
    const numbersIn = [
      Infinity,
      -Infinity,
      NaN,
      -0,
      1e-30,
      3.4028234663852886e38,
      ...Array.from({ length: 30 }, (_, i) => 0.1 * i - 1),
    ]
    for (const outer of ['min', 'add'] as const) {
      const expression = numbersIn.reduce(
        (all: Expression, value): Expression => ({
          binary: outer,
          left: all,
          right: {
            select: { binary: 'less', left: { constant: value }, right: { input: 0 } },
            then: { constant: value },
            otherwise: { constant: 0.5 },
          },
        }),
        { input: 0 },
      )
      const call: MapCall = { kernel: 'map', expression, inputs: [x], output: operand([67]) }
      const feeds = new Map([[x, numbers(x, 1)]])
      const [found] = await runCall(machine, call, feeds)
      const [expected] = await runCall(planMachine, call, feeds)
      expect(difference(found!, expected!, 1e-5)).toBeUndefined()
    }
  })
})
