import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hostArray, type HostArray } from '../../core/host-array'
import { indexFault, operand, runCall } from '../../testing/one-call'
import { planMachine } from '../../testing/plan-machine'
import { testGpu } from '../../testing/webgpu-device'
import { readsOf, writesOf } from '../call-operands'
import type { Activation, GemmCall, Operand } from '../kernel-calls'
import type { Machine, Program } from '../machine'
import { requestGpu, type Gpu } from './device'
import type { DeviceFacts } from './dispatch'
import { createWebgpuMachine } from './machine'

/** In about [-1, 1], asymmetric. */
const values = (shape: readonly number[], seed: number): HostArray => {
  const count = shape.reduce((product, size) => product * size, 1)
  return hostArray(
    'float32',
    shape,
    Array.from({ length: count }, (_, i) => Math.sin(i * 1.3 + seed) * 0.9 + 0.1),
  )
}

interface Case {
  readonly m: number
  readonly n: number
  readonly k: number
  readonly transposeA?: boolean
  readonly transposeB?: boolean
  readonly alpha?: number
  /** Starts of the matrices, in whole matrices of A and of B. */
  readonly batches?: readonly (readonly [number, number])[]
  readonly along?: 'n' | 'm' | 'mn' | 'scalar'
  readonly activation?: Activation
}

function callOf(one: Case): { call: GemmCall; inputs: Map<Operand, HostArray> } {
  const { m, n, k, batches = [[0, 0]], along } = one
  const count = (side: 0 | 1) => 1 + Math.max(...batches.map((entry) => entry[side]))
  const [a, b] = [operand([count(0), m, k]), operand([count(1), k, n])]
  const biasShape = along && { n: [n], m: [m], mn: [m, n], scalar: [] }[along]
  const bias = biasShape && along ? { operand: operand(biasShape), along } : undefined
  const call: GemmCall = {
    ...{ kernel: 'gemm', a, b, output: operand([batches.length, m, n]), m, n, k, alpha: one.alpha ?? 1 },
    ...{ transposeA: one.transposeA ?? false, transposeB: one.transposeB ?? false },
    batches: batches.map(([left, right]) => ({ a: left * m * k, b: right * k * n })),
    ...(bias && { bias }),
    ...(one.activation && { activation: one.activation }),
  }
  const operands = [a, b, ...(bias ? [bias.operand] : [])]
  return { call, inputs: new Map(operands.map((each, i) => [each, values(each.shape, i + 1)])) }
}

const SIZES = [
  [1, 1, 1],
  [1, 5, 3],
  [1, 37, 19],
  [1, 300, 64],
  [37, 1, 20],
  [3, 8, 8],
  [5, 7, 3],
  [7, 17, 31],
  [8, 12, 257],
  [33, 20, 60],
  [70, 33, 100],
  [64, 64, 64],
  [66, 68, 20],
  [9, 130, 4],
] as const
const forms: Case[] = SIZES.flatMap(([m, n, k]) => [
  { m, n, k },
  { m, n, k, transposeA: true, along: 'n' as const },
  { m, n, k, transposeB: true, along: 'm' as const, activation: { type: 'relu' as const } },
  { m, n, k, transposeA: true, transposeB: true, along: 'mn' as const, alpha: 0.5 },
])
const batched: Case[] = [
  {
    m: 5,
    n: 6,
    k: 7,
    batches: [
      [0, 0],
      [1, 0],
      [2, 0],
    ],
    along: 'scalar',
  },
  {
    m: 1,
    n: 6,
    k: 7,
    batches: [
      [0, 0],
      [1, 1],
      [2, 2],
    ],
    along: 'n',
  },
  {
    m: 12,
    n: 16,
    k: 8,
    batches: [
      [0, 1],
      [1, 0],
      [1, 1],
      [0, 0],
      [0, 1],
    ],
    along: 'm',
  },
  {
    m: 40,
    n: 36,
    k: 24,
    batches: [
      [2, 0],
      [1, 1],
      [0, 2],
    ],
    along: 'mn',
  },
]
const activations: Case[] = (
  [
    { type: 'clip', low: -0.25, high: 0.5 },
    { type: 'leakyRelu', alpha: 0.1 },
    { type: 'hardSigmoid', alpha: 0.3, beta: 0.4 },
    { type: 'sigmoid' },
    { type: 'tanh' },
    { type: 'silu' },
    { type: 'hardSwish' },
  ] as const
).map((activation) => ({ m: 9, n: 11, k: 4, activation }))
const all = [...forms, ...batched, ...activations]

let gpu: Gpu
beforeAll(async () => {
  gpu = await testGpu()
})
afterAll(() => gpu.dispose())

/** Dawn without any GPU: it validates shaders as for one that has all features. */
async function nullGpu(): Promise<Gpu> {
  const dawn = (await import('webgpu')) as unknown as { create(options: string[]): GPU }
  const answer = await requestGpu(dawn.create(['backend=null', 'enable-dawn-features=allow_unsafe_apis']), {
    allowSoftware: true,
  })
  if ('missing' in answer) throw new Error(answer.missing.text)
  return answer.gpu
}

function programOf(call: GemmCall): Program {
  const operands = [...readsOf(call), ...writesOf(call)]
  return {
    ...{ arenaBytes: 2 ** 20, inputs: [], outputs: [] },
    places: new Map(operands.map((one, i) => [one, { in: 'arena', offset: i * 2 ** 18 }])),
    steps: [{ type: 'call', call, title: 'Gemm', cost: 1, indexError: indexFault }],
  }
}

interface Change extends Partial<Pick<DeviceFacts, 'isSoftware' | 'tiles'>> {
  readonly bindingBytes?: number
}

const machines = new Map<string, Machine>()

function machineWith({ bindingBytes, ...change }: Change): Machine {
  const key = JSON.stringify([bindingBytes, change])
  const { limits } = gpu.facts
  const own = bindingBytes === undefined ? {} : { limits: { ...limits, maxStorageBufferBindingSize: bindingBytes } }
  const machine = machines.get(key) ?? createWebgpuMachine(gpu.device, { ...gpu.facts, ...own, ...change })
  machines.set(key, machine)
  return machine
}

async function errorOf(change: Change, { call, inputs }: ReturnType<typeof callOf>): Promise<number> {
  const machine = machineWith(change)
  expect(machine.supports(call)).toBe(true)
  const [found] = await runCall(machine, call, inputs)
  const [expected] = await runCall(planMachine, call, inputs)
  return Math.max(
    ...[...(found!.values as Float32Array)].map((value, i) => Math.abs(value - (expected!.values[i] as number))),
  )
}

const named = (cases: readonly Case[]) => cases.map((one) => [JSON.stringify(one), one] as const)
const gpuWith = (gemm: string): Change => ({ isSoftware: false, tiles: { gemm } })

/** Each is a shader that takes seconds to compile on SwiftShader. */
const onGpus: Case[] = [
  { m: 66, n: 68, k: 20 },
  { m: 68, n: 33, k: 100, transposeA: true, along: 'n' },
  { m: 66, n: 33, k: 24, transposeB: true, along: 'm', activation: { type: 'relu' } },
  { m: 40, n: 36, k: 23, batches: batched[3]!.batches!, along: 'mn' },
  {
    m: 1,
    n: 300,
    k: 130,
    batches: [
      [0, 0],
      [1, 1],
    ],
  },
  { m: 1, n: 37, k: 100, transposeB: true, along: 'n' },
]

describe.each([
  ['in registers', {}, all],
  ['element by element', { tiles: { gemm: 'plain' } }, [...forms.slice(4, 16), ...batched, ...activations.slice(0, 2)]],
  ['as a GPU computes them', gpuWith('shared-64x64'), onGpus],
  ['of tall tiles', gpuWith('shared-128x64'), [{ m: 150, n: 68, k: 36 }]],
  ['of large tiles', gpuWith('shared-128x128'), [{ m: 131, n: 140, k: 36 }]],
] as const)('products %s', (_, change: Change, cases: readonly Case[]) => {
  it.each(named(cases))('%s', async (_name, one) => {
    expect(await errorOf(change, callOf(one))).toBeLessThan(1e-6 * (8 + one.k))
  })
})

describe('products of operands that are larger than a binding', () => {
  const large: Case[] = [
    // rows of A and y; k of B; columns of Bᵀ; k of Aᵀ; bias and y; matrices of a batch
    { m: 301, n: 20, k: 31 },
    { m: 3, n: 70, k: 131, along: 'n', alpha: 0.5, activation: { type: 'relu' } },
    { m: 5, n: 301, k: 36, transposeB: true, along: 'mn' },
    { m: 70, n: 9, k: 133, transposeA: true, along: 'm' },
    { m: 130, n: 68, k: 4, along: 'mn' },
    { m: 1, n: 301, k: 64, transposeB: true, along: 'n' },
    {
      m: 20,
      n: 24,
      k: 28,
      batches: [
        [0, 1],
        [1, 0],
        [3, 2],
        [2, 2],
      ],
      along: 'scalar',
    },
  ]
  it.each(named(large))('%s', async (_, one) => {
    expect(await errorOf({ bindingBytes: 8192 }, callOf(one))).toBeLessThan(1e-6 * (8 + one.k))
  })

  it('leaves to the host what no cut makes small enough', () => {
    const { call } = callOf({ m: 1, n: 1, k: 9 })
    expect(machineWith({ bindingBytes: 256 }).supports(call)).toBe(false)
  })
})

describe('products of other kinds', () => {
  it.each([
    [{ m: 19, n: 19, k: 24, transposeB: true }],
    [{ m: 20, n: 20, k: 20 }],
    [{ m: 32, n: 32, k: 6, transposeB: true }],
  ] as Case[][])('multiplies a matrix with itself: %j', async (one) => {
    const { call } = callOf(one!)
    const x = call.a
    const inputs = new Map([[x, values(x.shape, 1)]])
    expect(await errorOf({}, { call: { ...call, b: x }, inputs })).toBeLessThan(1e-5)
  })

  it('wraps int32 as integers do', async () => {
    const { call } = callOf({ m: 3, n: 5, k: 70 })
    const [a, b] = [operand([3, 70], 'int32'), operand([70, 5], 'int32')]
    const ints = (count: number, factor: number) => Array.from({ length: count }, (_, i) => (i * factor) | 0)
    const inputs = new Map([
      [a, hostArray('int32', a.shape, ints(210, 1e7 + 1))],
      [b, hostArray('int32', b.shape, ints(350, -987_654_321))],
    ])
    const [found] = await runCall(machineWith({}), { ...call, a, b, output: operand([3, 5], 'int32') }, inputs)
    const [left, right] = [...inputs.values()].map(({ values: numbers }) => [...(numbers as Int32Array)])
    const expected = Array.from({ length: 15 }, (_, at) => {
      let sum = 0
      for (let k = 0; k < 70; k++)
        sum = (sum + Math.imul(left![Math.floor(at / 5) * 70 + k]!, right![k * 5 + (at % 5)]!)) | 0
      return sum
    })
    expect([...(found!.values as Int32Array)]).toEqual(expected)
  })

  it('keeps NaN and infinities where they belong', async () => {
    const { call, inputs } = callOf({ m: 9, n: 6, k: 7, activation: { type: 'relu' } })
    const [a] = [...inputs.values()]
    ;(a!.values as Float32Array)[10] = NaN
    ;(a!.values as Float32Array)[20] = Infinity
    const [found] = await runCall(machineWith({}), call, inputs)
    const [expected] = await runCall(planMachine, call, inputs)
    const kinds = (values: ArrayLike<number | bigint>) =>
      [...(values as Float32Array)].map((x) => (Number.isFinite(x) ? 0 : x))
    expect(kinds(found!.values)).toEqual(kinds(expected!.values))
  })
})

describe('shaders that SwiftShader cannot run', () => {
  it.each([
    ['shared-128x128-f16', { m: 130, n: 132, k: 20 }],
    ['matrix-16', { m: 66, n: 68, k: 20 }],
    ['matrix-16', { m: 66, n: 67, k: 21, transposeA: true, along: 'n', activation: { type: 'tanh' } }],
    ['matrix-8', { m: 66, n: 68, k: 20, transposeB: true }],
  ] as [string, Case][])('%s is valid: %j', async (name, one) => {
    const { device, facts } = await nullGpu()
    const machine = createWebgpuMachine(device, {
      ...facts,
      matrixSides: [8, 16],
      isSoftware: false,
      tiles: { gemm: name },
    })
    const { call } = callOf(one)
    expect(machine.supports(call)).toBe(true)
    const session = await machine.open()
    await expect(session.load(programOf(call))).resolves.toBeDefined()
    device.destroy()
  })
})
