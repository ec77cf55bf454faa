import { beforeAll, describe, expect, it } from 'vitest'
import type { KnownDType } from '../../core/dtypes'
import { emptyArray, setValue, type HostArray } from '../../core/host-array'
import { operand, runCall } from '../../testing/one-call'
import { planMachine } from '../../testing/plan-machine'
import { webgpuMachine } from '../../testing/webgpu-machine'
import type { IntegerBinaryName, IntegerExpression, IntegerMapCall, IntegerUnaryName } from '../kernel-calls'
import type { Machine } from '../machine'

let machine: Machine
beforeAll(async () => (machine = await webgpuMachine()))

const RANGES = {
  int8: [-128, 127],
  uint8: [0, 255],
  int16: [-32768, 32767],
  uint16: [0, 65535],
  int32: [-(2 ** 31), 2 ** 31 - 1],
  uint32: [0, 2 ** 32 - 1],
  int64: [-(2 ** 31), 2 ** 31 - 1],
  uint64: [0, 2 ** 32 - 1],
} as const
const TYPES = Object.keys(RANGES) as readonly (keyof typeof RANGES)[]

/** All pairs of numbers that are special for a type, and others. */
function pairs(dtype: keyof typeof RANGES, isFit: (a: number, b: number) => boolean): [HostArray, HostArray] {
  const [low, high] = RANGES[dtype]
  const numbers = [low, low + 1, -7, -2, -1, 0, 1, 2, 3, 7, 31, 32, 33, 100, 46341, 65536, high - 1, high].filter(
    (value) => value >= low && value <= high,
  )
  const all = numbers.flatMap((a) => numbers.map((b) => [a, b] as const)).filter(([a, b]) => isFit(a, b))
  const arrays = [0, 1].map((k) => {
    const array = emptyArray(dtype, [all.length])
    all.forEach((pair, i) => setValue(array, i, pair[k] as number))
    return array
  })
  return arrays as [HostArray, HostArray]
}

async function compare(
  dtype: KnownDType,
  expression: IntegerExpression,
  arrays: readonly HostArray[],
  output: KnownDType = dtype,
  shape = arrays[0]!.shape,
): Promise<void> {
  const inputs = arrays.map((array) => operand(array.shape, array.dtype))
  const call: IntegerMapCall = { kernel: 'integerMap', dtype, expression, inputs, output: operand(shape, output) }
  expect(machine.supports(call)).toBe(true)
  const feeds = new Map(inputs.map((one, i) => [one, arrays[i]!]))
  const [found] = await runCall(machine, call, feeds)
  const [expected] = await runCall(planMachine, call, feeds)
  const at = [...found!.values].findIndex((value, i) => value !== expected!.values[i])
  const given = arrays.map(({ values }) => values[at]).join(', ')
  expect(at < 0 ? '' : `of ${given}: ${found!.values[at]}, expected ${expected!.values[at]}`).toBe('')
}

const [a, b]: IntegerExpression[] = [{ input: 0 }, { input: 1 }]
const binary = (name: IntegerBinaryName): IntegerExpression => ({ binary: name, left: a!, right: b! })
const BINARY = [
  ...(['add', 'sub', 'mul', 'div', 'remainder', 'mod', 'pow', 'min', 'max', 'less', 'lessOrEqual', 'equal'] as const),
  ...(['bitAnd', 'bitOr', 'bitXor', 'shiftLeft', 'shiftRight'] as const),
] satisfies readonly IntegerBinaryName[]
const UNARY = ['neg', 'abs', 'sign', 'not', 'bitNot'] satisfies readonly IntegerUnaryName[]

/** Whether 64-bit integers keep within the 32 bits of the device, and nothing is divided by zero. */
function isFit(dtype: keyof typeof RANGES, name: IntegerBinaryName, x: number, y: number): boolean {
  if (['div', 'remainder', 'mod'].includes(name) && y === 0) return false
  if (name === 'pow' && x === 0 && y < 0) return false
  if (name.startsWith('shift') && y < 0) return false
  if (dtype !== 'int64' && dtype !== 'uint64') return true
  const [low, high] = RANGES[dtype]
  const exact = {
    add: x + y,
    sub: x - y,
    mul: x * y,
    div: Math.trunc(x / y),
    pow: Math.abs(x) < 2 || y < 0 ? 0 : x ** y,
    shiftLeft: y > 63 ? 0 : x * 2 ** y,
  }[name as string]
  return exact === undefined || (exact >= low && exact <= high)
}

describe('on WebGPU integer arithmetic is exact', () => {
  it.each(TYPES.flatMap((dtype) => BINARY.map((name) => [dtype, name] as const)))('%s %s', async (dtype, name) => {
    // BitShift is for unsigned integers only
    if (name.startsWith('shift') && !dtype.startsWith('u')) return
    await compare(
      dtype,
      binary(name),
      pairs(dtype, (x, y) => isFit(dtype, name, x, y)),
    )
  })

  it.each(TYPES.flatMap((dtype) => UNARY.map((name) => [dtype, name] as const)))('%s %s', async (dtype, name) => {
    const isNarrowed = dtype.endsWith('64')
    const [x] = pairs(
      dtype,
      (value) => !isNarrowed || (dtype === 'uint64' ? name !== 'neg' || value === 0 : value > -(2 ** 31)),
    )
    if (dtype === 'uint64' && name === 'bitNot') return
    await compare(dtype, { unary: name, of: a! }, [x])
  })

  it.each(TYPES)('%s compared gives bool, chosen by bool', async (dtype) => {
    const [x, y] = pairs(dtype, () => true)
    await compare(dtype, binary('less'), [x, y], 'bool')
    const condition = emptyArray('bool', x.shape)
    condition.values.fill(1 as never)
    condition.values.set([0, 0, 1, 0] as never, 3)
    await compare(dtype, { select: { input: 2 }, then: a!, otherwise: b! }, [x, y, condition])
  })

  it.each(['int8', 'uint16', 'int32', 'int64'] as const)(
    '%s broadcasts, shares what is one, takes numbers',
    async (dtype) => {
      const made = ([shape, seed]: readonly [readonly number[], number]) => {
        const array = emptyArray(dtype, shape)
        for (let i = 0; i < array.values.length; i++) setValue(array, i, (i * seed) % 90)
        return array
      }
      const arrays = (
        [
          [[3, 1, 37], 5],
          [[4, 1], 7],
          [[], 11],
        ] as const
      ).map(made)
      const sum: IntegerExpression = {
        binary: 'add',
        left: a!,
        right: { binary: 'sub', left: { constant: 99 }, right: b! },
      }
      const expression: IntegerExpression = {
        binary: 'max',
        left: { binary: 'mod', left: sum, right: { constant: 7 } },
        right: { binary: 'min', left: sum, right: { input: 2 } },
      }
      await compare(dtype, expression, arrays, dtype, [3, 4, 37])
    },
  )

  it('exponents may be of another type', async () => {
    const base = emptyArray('int32', [6])
    ;[3, -1, 2, -7, 1, 0].forEach((value, i) => setValue(base, i, value))
    const power = emptyArray('uint32', [6])
    ;[4000000001, 4294967295, 31, 2147483649, 3000000000, 4000000000].forEach((value, i) => setValue(power, i, value))
    await compare('int32', binary('pow'), [base, power])
  })

  it.each([
    ['int64', 'add', 2 ** 31 - 1, 1, 'leaves the 32 bits'],
    ['int64', 'sub', -(2 ** 31), 1, 'leaves the 32 bits'],
    ['int64', 'mul', -65536, 32769, 'leaves the 32 bits'],
    ['int64', 'div', -(2 ** 31), -1, 'leaves the 32 bits'],
    ['int64', 'pow', -2, 32, 'leaves the 32 bits'],
    ['uint64', 'sub', 3, 4, 'leaves the 32 bits'],
    ['uint64', 'mul', 65536, 65536, 'leaves the 32 bits'],
    ['uint64', 'shiftLeft', 3, 31, 'leaves the 32 bits'],
    ['int32', 'div', 5, 0, 'integerMap: an integer is divided by zero'],
    ['uint8', 'mod', 5, 0, 'integerMap: an integer is divided by zero'],
    ['int8', 'pow', 0, -1, 'integerMap: an integer 0 has no negative power'],
  ] as const)('%s %s of %d and %d ends in an error', async (dtype, name, x, y, message) => {
    const arrays = [x, y].map((value) => {
      const array = emptyArray(dtype, [70])
      for (let i = 0; i < 70; i++) setValue(array, i, i === 66 ? value : 1)
      return array
    })
    const inputs = arrays.map((array) => operand(array.shape, dtype))
    const call: IntegerMapCall = {
      kernel: 'integerMap',
      dtype,
      expression: binary(name),
      inputs,
      output: operand([70], dtype),
    }
    const running = runCall(machine, call, new Map(inputs.map((one, i) => [one, arrays[i]!])))
    await expect(running).rejects.toThrow(message)
  })

  it('refuses numbers that the device does not hold', () => {
    const expression: IntegerExpression = { binary: 'min', left: a!, right: { constant: 2 ** 63 } }
    const call = { kernel: 'integerMap', dtype: 'int64', expression, inputs: [operand([3], 'int64')] } as const
    expect(machine.supports({ ...call, output: operand([3], 'int64') })).toBe(false)
  })
})
