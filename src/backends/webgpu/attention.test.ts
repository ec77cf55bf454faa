import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { elementCount } from '../../core/dtypes'
import { hostArray, type HostArray } from '../../core/host-array'
import { stridesOf } from '../../ops/shapes'
import { operand, runCall } from '../../testing/one-call'
import { planMachine } from '../../testing/plan-machine'
import { testGpu } from '../../testing/webgpu-device'
import type { AttentionCall, HeadStrides } from '../attention-call'
import type { Operand } from '../kernel-calls'
import type { Machine } from '../machine'
import type { Gpu } from './device'
import { createWebgpuMachine } from './machine'

const values = (shape: readonly number[], seed: number): HostArray =>
  hostArray(
    'float32',
    shape,
    Array.from({ length: elementCount(shape) }, (_, i) => Math.sin(i * 1.7 + seed) * 1.5 + 0.2),
  )

interface Case extends Partial<
  Pick<AttentionCall, 'isCausal' | 'left' | 'right' | 'softcap' | 'scale' | 'past' | 'keyHeads'>
> {
  readonly name: string
  readonly batch?: number
  readonly heads?: number
  readonly queries: number
  readonly keys: number
  readonly size: number
  readonly valueSize: number
  readonly mask?: HostArray
  readonly valid?: readonly number[]
  /** [batch, length, heads · size] instead of [batch, heads, length, size]. */
  readonly isFlat?: boolean
}

function layoutOf(isFlat: boolean, [batch, heads, length, size]: readonly [number, number, number, number]) {
  const shape = isFlat ? [batch, length, heads * size] : [batch, heads, length, size]
  const [outer, middle, inner] = stridesOf(shape) as [number, number, number]
  const strides: HeadStrides = isFlat
    ? { batch: outer, head: size, row: middle }
    : { batch: outer, head: middle, row: inner }
  return { operand: operand(shape), strides }
}

function callOf(one: Case): { call: AttentionCall; inputs: Map<Operand, HostArray> } {
  const { batch = 2, heads = 2, keyHeads = heads, queries, keys, size, valueSize, isFlat = false } = one
  const query = layoutOf(isFlat, [batch, heads, queries, size])
  const key = layoutOf(isFlat, [batch, keyHeads, keys, size])
  const value = layoutOf(isFlat, [batch, keyHeads, keys, valueSize])
  const output = layoutOf(isFlat, [batch, heads, queries, valueSize])
  const mask = one.mask && operand(one.mask.shape, one.mask.dtype)
  const valid = one.valid && operand([batch], 'int64')
  const inputs = new Map<Operand, HostArray>(
    [query, key, value].map((each, i) => [each.operand, values(each.operand.shape, i + 1)]),
  )
  if (mask) inputs.set(mask, one.mask!)
  if (valid) inputs.set(valid, hostArray('int64', [batch], one.valid!.map(BigInt)))
  const call: AttentionCall = {
    ...{ kernel: 'attention', batch, heads, keyHeads, queries, keys, size, valueSize, past: one.past ?? 0 },
    ...{ query: query.operand, key: key.operand, value: value.operand, output: output.operand },
    strides: { query: query.strides, key: key.strides, value: value.strides, output: output.strides },
    ...{ isCausal: one.isCausal ?? false, left: one.left ?? -1, right: one.right ?? -1 },
    ...{ scale: one.scale ?? 1 / Math.sqrt(size), softcap: one.softcap ?? 0 },
    ...(mask && { mask }),
    ...(valid && { valid }),
  }
  return { call, inputs }
}

const LOWEST = -3.4028234663852886e38
const small = { queries: 5, keys: 7, size: 6, valueSize: 3 }
const large = { queries: 9, keys: 150, size: 8, valueSize: 12 }
const bools = (shape: readonly number[], isOn: (i: number) => boolean): HostArray =>
  hostArray(
    'bool',
    shape,
    Array.from({ length: elementCount(shape) }, (_, i) => Number(isOn(i))),
  )

const cases: Case[] = [
  { name: 'one key', ...small, keys: 1 },
  { name: 'one query', ...large, queries: 1 },
  { name: 'odd sizes', ...small },
  { name: 'whole vectors', ...large },
  { name: 'heads beside each other', ...large, isFlat: true },
  { name: 'heads beside each other, odd sizes', ...small, isFlat: true },
  { name: 'shared heads of keys', ...large, heads: 6, keyHeads: 2 },
  { name: 'causal, with a past', ...large, isCausal: true, past: 141 },
  { name: 'causal from the start', ...large, isCausal: true, scale: 0.3 },
  { name: 'windows', ...large, left: 3, right: 2, past: 70 },
  { name: 'a soft cap', ...large, softcap: 1.5 },
  { name: 'an added mask for each head', ...large, mask: values([2, 1, 150], 9) },
  { name: 'an added mask for each batch entry', ...small, mask: values([2, 1, 5, 7], 9) },
  { name: 'a mask of truth values, with blind rows', ...small, mask: bools([5, 7], (i) => i > 13 && i % 3 === 0) },
  { name: 'a short mask', ...small, mask: bools([1, 4], (i) => i !== 1) },
  { name: 'padding', ...large, valid: [150, 77] },
  { name: 'padding, causal, one entry without keys', ...large, valid: [0, 31], isCausal: true },
  { name: 'wide values', ...small, valueSize: 201 },
  {
    name: 'infinities and the lowest number in the mask',
    ...small,
    mask: hostArray('float32', [5, 1], [0, 0, 0, 0, 0]),
    ...{ keys: 1 },
  },
  {
    name: 'a row of the lowest number, a row of −∞',
    ...small,
    mask: hostArray(
      'float32',
      [5, 7],
      Array.from({ length: 35 }, (_, i) => (i < 7 ? LOWEST : i < 14 ? -Infinity : 0)),
    ),
  },
]

let gpu: Gpu
beforeAll(async () => {
  gpu = await testGpu()
})
afterAll(() => gpu.dispose())

const machines = new Map<boolean, Machine>()
function machineOf(isSoftware: boolean): Machine {
  const machine = machines.get(isSoftware) ?? createWebgpuMachine(gpu.device, { ...gpu.facts, isSoftware })
  machines.set(isSoftware, machine)
  return machine
}

async function check(isSoftware: boolean, { call, inputs }: ReturnType<typeof callOf>): Promise<void> {
  const machine = machineOf(isSoftware)
  expect(machine.supports(call)).toBe(true)
  const [found] = await runCall(machine, call, inputs)
  const [expected] = await runCall(planMachine, call, inputs)
  const errors = [...(found!.values as Float32Array)].map((value, i) =>
    Object.is(value, expected!.values[i]) ? 0 : Math.abs(value - (expected!.values[i] as number)),
  )
  expect(Math.max(...errors)).toBeLessThan(3e-6)
}

describe.each([
  ['without workgroup memory', true],
  ['as a GPU computes it', false],
] as const)('attention %s', (_, isSoftware) => {
  it.each(cases.map((one) => [one.name, one] as const))('%s', async (_name, one) => {
    await check(isSoftware, callOf(one))
  })

  it('reads one operand as query, key and value', async () => {
    const { call } = callOf({ name: 'self', queries: 9, keys: 9, size: 8, valueSize: 8 })
    const { query } = call
    await check(isSoftware, {
      call: { ...call, key: query, value: query },
      inputs: new Map([[query, values(query.shape, 1)]]),
    })
  })

  it('gives NaN to the queries that see NaN, to no other', async () => {
    const { call, inputs } = callOf({ name: 'NaN', ...small, isCausal: true })
    const [, key] = [...inputs.values()]
    ;(key!.values as Float32Array)[3 * 6 + 1] = NaN
    const [found] = await runCall(machineOf(isSoftware), call, inputs)
    const rows = Array.from({ length: 20 }, (_unused, row) => Number.isNaN(Number(found!.values[row * 3])))
    expect(rows.flatMap((isNaN, row) => (isNaN ? [row] : []))).toEqual([3, 4])
  })
})
