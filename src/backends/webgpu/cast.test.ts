import { beforeAll, describe, expect, it } from 'vitest'
import type { KnownDType } from '../../core/dtypes'
import { emptyArray, isFloat, setValue, type HostArray } from '../../core/host-array'
import { isMinifloat } from '../../core/minifloat'
import { operand, runCall } from '../../testing/one-call'
import { planMachine } from '../../testing/plan-machine'
import { webgpuMachine } from '../../testing/webgpu-machine'
import type { CastCall } from '../kernel-calls'
import type { Machine } from '../machine'

let machine: Machine
beforeAll(async () => (machine = await webgpuMachine()))

const INTEGERS = ['int8', 'uint8', 'int16', 'uint16', 'int32', 'uint32', 'int64', 'uint64', 'int4', 'uint4'] as const
const NARROW = [
  ...['float16', 'bfloat16', 'float8e4m3fn', 'float8e4m3fnuz', 'float8e5m2', 'float8e5m2fnuz', 'float8e8m0'],
  'float4e2m1',
] as readonly KnownDType[]
const TYPES: readonly KnownDType[] = [...INTEGERS, 'int2', 'uint2', 'bool', 'float32']

const WHOLE = [
  0, 1, -1, 2, 7, 8, -8, -9, 127, 128, -128, -129, 255, 256, 300, 32767, 32768, -32769, 65535, 65536, 70000,
]
const LARGE = [2 ** 24 + 1, 2 ** 25 + 2, 2 ** 31 - 1, -(2 ** 31), 1e9 + 7, -123456789]
const BROKEN = [0.5, -0.5, 1.5, 2.5, -3.7, 0.99999994, 1e-8, -0, 448.5, 57344, 61440, 2147483520, NaN]
const BEYOND = [2147483648, 3e9, 4294967296, -3e9, 1e20, -1e20, Infinity, -Infinity]

/** Floats of every magnitude and both signs, evenly in their bits, and those halfway between two of a narrow type. */
function manyFloats(): number[] {
  const bits = new Uint32Array(4001).map((_, i) => Math.floor((i * 2 ** 32) / 4001))
  const ties = new Uint32Array(4000).map(
    (_, i) => (0x3f800000 + ((i - 2000) << 17)) | (i % 3 === 0 ? 0x10000 : 0x10001),
  )
  return [...new Float32Array(bits.buffer), ...new Float32Array(ties.buffer), 2 ** -127, 1.4 * 2 ** -127, 2 ** -126]
}

/** What `to` can be made of on the device: 64-bit integers within 32 bits. */
function valuesOf(from: KnownDType, to: KnownDType): HostArray {
  const all = isFloat(from)
    ? [...WHOLE, ...BROKEN, ...LARGE, ...BEYOND, ...(isFloat(to) ? manyFloats() : [])]
    : [...WHOLE, ...LARGE]
  const low = to === 'uint64' && !isFloat(from) ? 0 : -(2 ** 31)
  const high = to === 'uint64' ? 2 ** 32 - 1 : 2 ** 31 - 1
  const isNarrowed = [from, to].some((dtype) => dtype === 'int64' || dtype === 'uint64')
  const slotted = (value: number) => (isFloat(from) ? Math.fround(value) : value)
  const kept = all.filter((value) => !isNarrowed || Number.isNaN(value) || (value >= low && slotted(value) <= high))
  const array = emptyArray(from, [kept.length])
  kept.forEach((value, i) =>
    setValue(array, i, from === 'bool' ? i % 2 : from === 'uint64' ? Math.max(0, value) : value),
  )
  return wrappedInto32(array, to)
}

/** Integers that wrapped into ones that the other 64-bit type does not hold in 32 bits are left out. */
function wrappedInto32(array: HostArray, to: KnownDType): HostArray {
  if (to !== 'int64' && to !== 'uint64') return array
  const kept = [...(array.values as Iterable<number | bigint>)].filter((value) =>
    isFloat(array.dtype) ? true : to === 'int64' ? value < 2 ** 31 : value >= 0,
  )
  const made = emptyArray(array.dtype, [kept.length])
  kept.forEach((value, i) => setValue(made, i, value))
  return made
}

const bitsOf = ({ values }: HostArray) => (values instanceof Float32Array ? new Uint32Array(values.buffer) : values)

async function compare(
  x: HostArray,
  call: Omit<CastCall, 'kernel' | 'input' | 'output'>,
  to: KnownDType,
): Promise<void> {
  const input = operand(x.shape, x.dtype)
  const made: CastCall = { kernel: 'cast', input, output: operand(x.shape, to), ...call }
  expect(machine.supports(made)).toBe(true)
  const [found] = await runCall(machine, made, new Map([[input, x]]))
  const [expected] = await runCall(planMachine, made, new Map([[input, x]]))
  const [a, b] = [bitsOf(found!), bitsOf(expected!)]
  const isNaNBits = (bits: number | bigint) =>
    expected!.values instanceof Float32Array && (Number(bits) & 0x7fffffff) > 0x7f800000
  const at = [...a].findIndex((bits, i) => bits !== b[i] && !(isNaNBits(bits) && isNaNBits(b[i]!)))
  expect(at < 0 ? '' : `${x.values[at]} became ${found!.values[at]}, expected ${expected!.values[at]}`).toBe('')
}

describe('on WebGPU a cast gives the very values of the host', () => {
  it.each(TYPES.flatMap((from) => TYPES.filter((to) => to !== from).map((to) => [from, to] as const)))(
    'from %s to %s',
    async (from, to) => {
      await compare(valuesOf(from, to), {}, to)
    },
  )

  it.each(NARROW)('rounded to %s', async (to) => {
    // values of types that are widened stand in operands of float32
    const slot = isMinifloat(to) ? to : 'float32'
    for (const from of ['float32', 'int32', 'uint8', 'int64', 'bool'] as const) {
      for (const saturates of [true, false]) {
        for (const rounding of to === 'float8e8m0' ? (['up', 'down', 'nearest'] as const) : (['up'] as const)) {
          await compare(valuesOf(from, to), { rounds: { to, saturates, rounding } }, slot)
        }
      }
    }
  })

  it.each(NARROW.filter(isMinifloat))('from %s to float32 and int32', async (from) => {
    await compare(valuesOf(from, 'float32'), {}, 'float32')
    await compare(valuesOf(from, 'int32'), {}, 'int32')
  })

  it.each([
    ['float32', 'int64', 2147483648],
    ['float32', 'int64', -Infinity],
    ['float32', 'uint64', 4294967296],
    ['int32', 'uint64', -1],
    ['uint32', 'int64', 2147483648],
  ] as const)('from %s to %s of %d ends in an error', async (from, to, value) => {
    const x = emptyArray(from, [70])
    setValue(x, 66, value)
    const input = operand([70], from)
    const call: CastCall = { kernel: 'cast', input, output: operand([70], to) }
    await expect(runCall(machine, call, new Map([[input, x]]))).rejects.toThrow('leaves the 32 bits')
  })
})
