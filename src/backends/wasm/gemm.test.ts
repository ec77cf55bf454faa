import { readFile } from 'node:fs/promises'
import { beforeAll, describe, expect, it } from 'vitest'
import relaxedUrl from '../../../build/wasm/engine-relaxed.wasm?url'
import plainUrl from '../../../build/wasm/engine.wasm?url'
import { hostArray, type HostArray } from '../../core/host-array'
import { operand, runCall } from '../../testing/one-call'
import { planMachine } from '../../testing/plan-machine'
import type { Activation, GemmCall } from '../kernel-calls'
import type { Machine } from '../machine'
import { hasRelaxedSimd } from './engine-module'
import { createWasmMachine } from './machine'

/** In about [-1, 1], asymmetric. */
const values = (shape: readonly number[], seed: number): HostArray => {
  const count = shape.reduce((product, size) => product * size, 1)
  return hostArray(
    'float32',
    shape,
    Array.from({ length: count }, (_, i) => Math.sin(i * 1.3 + seed) * 0.9 + 0.1),
  )
}

interface Case extends Partial<Omit<GemmCall, 'bias' | 'activation'>> {
  readonly m: number
  readonly n: number
  readonly k: number
  readonly batch?: number
  readonly along?: 'n' | 'm' | 'mn' | 'scalar'
  readonly activation?: Activation
}

function callOf(one: Case) {
  const { m, n, k, batch = 1, along } = one
  const a = operand([batch, m, k])
  const b = operand([k, n])
  const biasShape = along && { n: [n], m: [m], mn: [m, n], scalar: [] }[along]
  const bias = biasShape && along ? { operand: operand(biasShape), along } : undefined
  const call: GemmCall = {
    kernel: 'gemm',
    a,
    b,
    output: operand([batch, m, n]),
    m,
    n,
    k,
    transposeA: one.transposeA ?? false,
    transposeB: one.transposeB ?? false,
    alpha: one.alpha ?? 1,
    batches: Array.from({ length: batch }, (_, i) => ({ a: i * m * k, b: 0 })),
    ...(bias && { bias }),
    ...(one.activation && { activation: one.activation }),
  }
  const inputs = new Map([
    [a, values([batch, m, k], 1)],
    [b, values([k, n], 2)],
    ...(bias ? ([[bias.operand, values(bias.operand.shape, 3)]] as const) : []),
  ])
  return { call, inputs }
}

const SIZES = [
  [1, 1, 1],
  [1, 5, 3],
  [1, 37, 19],
  [2, 9, 33],
  [3, 8, 8],
  [4, 8, 16],
  [5, 7, 3],
  [7, 17, 31],
  [8, 10, 257],
  [13, 300, 5],
  [33, 20, 600],
  [64, 259, 40],
  [1, 64, 1000],
  [6, 1, 12],
  [9, 16, 20],
  [70, 33, 300],
  [2, 4101, 11],
  [300, 1, 37],
  [31, 64, 40],
  [12, 256, 9],
] as const
const cases: Case[] = SIZES.flatMap(([m, n, k]) => [
  { m, n, k },
  { m, n, k, transposeA: true, along: 'n' as const },
  { m, n, k, transposeB: true, along: 'm' as const, activation: { type: 'relu' as const } },
  { m, n, k, transposeA: true, transposeB: true, along: 'mn' as const, alpha: 0.5 },
])
const more: Case[] = [
  // cut into rows and columns
  { m: 70, n: 300, k: 4096, along: 'n', activation: { type: 'relu' } },
  { m: 1, n: 700, k: 100_000, along: 'mn' },
  { m: 5, n: 6, k: 7, batch: 3, along: 'scalar' },
  { m: 5, n: 6, k: 0, along: 'n' },
  { m: 2, n: 6, k: 9, alpha: -2 },
  { m: 9, n: 11, k: 4, activation: { type: 'clip', low: -0.25, high: 0.5 } },
  { m: 9, n: 11, k: 4, activation: { type: 'leakyRelu', alpha: 0.1 } },
  { m: 9, n: 11, k: 4, activation: { type: 'hardSigmoid', alpha: 0.3, beta: 0.4 } },
  { m: 9, n: 11, k: 4, activation: { type: 'sigmoid' } },
  { m: 9, n: 11, k: 4, activation: { type: 'tanh' } },
  { m: 9, n: 11, k: 4, activation: { type: 'silu' } },
  { m: 9, n: 11, k: 4, activation: { type: 'hardSwish' } },
]

for (const [level, url] of [['SIMD', plainUrl], ...(hasRelaxedSimd() ? [['relaxed SIMD', relaxedUrl]] : [])] as const) {
  describe(`matrix products with ${level}`, () => {
    let machine: Machine
    beforeAll(async () => {
      machine = await createWasmMachine(new Uint8Array(await readFile(new URL(url as string))))
    })

    it.each([...cases, ...more].map((one) => [JSON.stringify(one), one] as const))('%s', async (_, one) => {
      const { call, inputs } = callOf(one)
      expect(machine.supports(call)).toBe(true)
      const [found] = await runCall(machine, call, inputs)
      const [expected] = await runCall(planMachine, call, inputs)
      const error = [...(found!.values as Float32Array)].map((value, i) =>
        Math.abs(value - (expected!.values[i] as number)),
      )
      expect(Math.max(...error)).toBeLessThan(1e-6 * (8 + one.k))
    })
  })
}
