import { afterAll, describe, expect, it } from 'vitest'
import { expectLikeNaive } from '../../testing/like-naive'
import { operand, runCall } from '../../testing/one-call'
import { testGpu } from '../../testing/webgpu-device'
import { webgpuMachine } from '../../testing/webgpu-machine'
import { hostArray } from '../../core/host-array'
import type { Machine } from '../machine'
import type { Gpu } from './device'
import { createWebgpuMachine } from './machine'
import type { NormalizeCall, ReduceCall, SoftmaxCall } from '../kernel-calls'
import { kernelCases, numbers } from '../wasm/kernels-kit'

const FAMILIES = ['reduce', 'argReduce', 'softmax', 'normalize'] as const

let rows: Promise<{ gpu: Gpu; machine: Machine }> | undefined

/** Chooses as on a graphics card: a workgroup per row. */
async function rowMachine(): Promise<Machine> {
  rows ??= testGpu().then((gpu) => ({
    gpu,
    machine: createWebgpuMachine(gpu.device, { ...gpu.facts, isSoftware: false }),
  }))
  return (await rows).machine
}

afterAll(async () => (await rows)?.gpu.dispose())

describe('kernels along rows give what their naive forms give', () => {
  const casesOf = (kernel: string) => kernelCases().filter(({ call }) => call.kernel === kernel)

  it.each(FAMILIES)('%s', async (kernel) => {
    expect(casesOf(kernel).length).toBeGreaterThan(0)
    for (const one of casesOf(kernel)) await expectLikeNaive(await webgpuMachine(), one)
  })

  it.each(FAMILIES)('%s, with a workgroup per row', async (kernel) => {
    const machine = await rowMachine()
    for (const one of casesOf(kernel)) await expectLikeNaive(machine, one)
  })
})

const inf = Infinity
/** Rows in which something is not a number. */
const ROWS: readonly (readonly number[])[] = [
  [1, -2, 3, 0.5, -1],
  [NaN, 2, 3, 1, 0],
  [1, 2, NaN, 1, 9],
  [-inf, -inf, 2, 1, -3],
  [-inf, -inf, -inf, -inf, -inf],
  [2, inf, 1, -inf, 0],
  [inf, 2, NaN, 3, -inf],
]

describe('a workgroup per row', () => {
  it('knows what is not a number', async () => {
    const machine = await rowMachine()
    const rows = ROWS.map((row) => Array.from({ length: 70 }, (_, i) => row[i % 5]!))
    const x = operand([rows.length, 70])
    const inputs = new Map([[x, hostArray('float32', x.shape, rows.flat())]])
    const lines = { outer: rows.length, size: 70, inner: 1 }
    for (const reduction of ['max', 'min', 'sum', 'prod'] as const) {
      const call: ReduceCall = { kernel: 'reduce', reduction, input: x, output: operand([rows.length]), ...lines }
      await expectLikeNaive(machine, { title: reduction, call, inputs, tolerance: 1e-6 })
    }
    const call: SoftmaxCall = { kernel: 'softmax', isLog: false, input: x, output: operand(x.shape), ...lines }
    await expectLikeNaive(machine, { title: 'softmax', call, inputs, tolerance: 2e-6 })
  })

  it.each(['layer', 'rms'] as const)('normalizes %s far from zero', async (type) => {
    const x = operand([2, 1003])
    const inputs = new Map([[x, numbers(x, 1, (i) => 100 + Math.sin(i * 1.7))]])
    const call: NormalizeCall = {
      ...{ kernel: 'normalize', type, input: x, output: operand(x.shape), rows: 2, size: 1003, epsilon: 1e-5 },
      affine: { by: 'element' },
    }
    await expectLikeNaive(await rowMachine(), { title: type, call, inputs, tolerance: 2e-5 })
  })
})

describe('what is not a number', () => {
  const x = operand([ROWS.length, 5])
  const inputs = new Map([[x, hostArray('float32', x.shape, ROWS.flat())]])
  const lines = { outer: ROWS.length, size: 5, inner: 1 }

  it.each(['max', 'min', 'sum', 'mean', 'logSumExp'] as const)('goes through %s', async (reduction) => {
    const output = operand([ROWS.length])
    const call: ReduceCall = { kernel: 'reduce', reduction, input: x, output, ...lines }
    await expectLikeNaive(await webgpuMachine(), { title: reduction, call, inputs, tolerance: 1e-6 })
  })

  it.each([false, true])('goes through softmax, logarithm %s', async (isLog) => {
    const call: SoftmaxCall = { kernel: 'softmax', isLog, input: x, output: operand(x.shape), ...lines }
    await expectLikeNaive(await webgpuMachine(), { title: 'softmax', call, inputs, tolerance: 2e-6 })
  })

  it('is never the place of an extreme, unless it stands first', async () => {
    for (const wants of ['max', 'min'] as const) {
      const output = operand([ROWS.length], 'int64')
      const call = { kernel: 'argReduce', wants, takesLast: false, input: x, output, ...lines } as const
      const [found] = await runCall(await webgpuMachine(), call, inputs)
      const expected = wants === 'max' ? [2, 0, 4, 2, 0, 1, 0] : [1, 0, 0, 0, 0, 3, 4]
      expect([...found!.values].map(Number)).toEqual(expected)
    }
  })
})

describe('few long lines', () => {
  it.each([
    [1, 300_001, 1, 'plain'],
    [1, 30_003, 3, 'plain'],
    [2, 1027, 1, 'plain'],
    [1, 300_001, 1, 'workgroups'],
    [2, 1027, 1, 'workgroups'],
  ] as const)('sums of [%d,%d,%d] keep their precision, %s', async (outer, size, inner, variant) => {
    const machine = await (variant === 'plain' ? webgpuMachine() : rowMachine())
    const x = operand([outer, size, inner])
    // all of one sign: a running sum in float32 would be off by a thousandth
    const inputs = new Map([[x, numbers(x, 1, (i) => 0.1 + (i % 7) * 0.01)]])
    for (const reduction of ['sum', 'mean', 'l2', 'max', 'logSumExp'] as const) {
      const call: ReduceCall = {
        kernel: 'reduce',
        reduction,
        input: x,
        output: operand([outer, inner]),
        outer,
        size,
        inner,
      }
      if (size < 100_000 || reduction === 'sum' || reduction === 'mean') {
        await expectLikeNaive(machine, { title: reduction, call, inputs, tolerance: 1e-6 })
      }
    }
  })

  it.each([
    [1, 20_003, 1],
    [2, 1500, 3],
  ])('softmax and places of [%d,%d,%d]', async (outer, size, inner) => {
    const x = operand([outer, size, inner])
    const lines = { outer, size, inner }
    const inputs = new Map([[x, numbers(x, 1, (i) => Math.round(Math.sin(i * 1.7) * 40) / 8)]])
    const softmax: SoftmaxCall = { kernel: 'softmax', isLog: true, input: x, output: operand(x.shape), ...lines }
    await expectLikeNaive(await webgpuMachine(), { title: 'softmax', call: softmax, inputs, tolerance: 1e-6 })
    for (const takesLast of [false, true]) {
      const output = operand([outer, inner], 'int64')
      const call = { kernel: 'argReduce', wants: 'min', takesLast, input: x, output, ...lines } as const
      await expectLikeNaive(await webgpuMachine(), { title: 'argReduce', call, inputs, tolerance: 0 })
    }
  })

  it.each(['layer', 'rms'] as const)('normalization of %s far from zero', async (type) => {
    const x = operand([2, 5003])
    const inputs = new Map([[x, numbers(x, 1, (i) => 100 + Math.sin(i * 1.7))]])
    const call: NormalizeCall = {
      ...{ kernel: 'normalize', type, input: x, output: operand(x.shape), rows: 2, size: 5003, epsilon: 1e-5 },
      affine: { by: 'element' },
    }
    await expectLikeNaive(await webgpuMachine(), { title: type, call, inputs, tolerance: 2e-5 })
  })
})

const INTEGERS = ['int32', 'uint32', 'int64', 'uint64', 'int16', 'int8', 'uint8', 'bool'] as const

describe('integers', () => {
  const sizes = [
    [3, 7, 1],
    [2, 5, 3],
    [1, 700, 1],
  ] as const

  it.each(INTEGERS)('are reduced exactly: %s', async (dtype) => {
    const all = ['sum', 'mean', 'max', 'min', 'prod', 'sumSquare', 'l1', 'l2'] as const
    for (const [outer, size, inner] of sizes) {
      const x = operand([outer, size, inner], dtype)
      const isSigned = dtype.startsWith('int')
      const inputs = new Map([[x, numbers(x, 1, (i) => ((i * 37) % 11) / 40 - (isSigned ? 0.1 : 0))]])
      for (const reduction of dtype === 'bool' ? (['max', 'min'] as const) : all) {
        // products of many leave 32 bits
        if (reduction === 'prod' && size > 7) continue
        const output = operand([outer, inner], dtype)
        const call: ReduceCall = { kernel: 'reduce', reduction, input: x, output, outer, size, inner }
        await expectLikeNaive(await webgpuMachine(), { title: `${reduction} ${size}`, call, inputs, tolerance: 0 })
      }
    }
  })

  it.each(INTEGERS.filter((dtype) => dtype !== 'bool'))('have places: %s', async (dtype) => {
    for (const [outer, size, inner] of sizes) {
      const x = operand([outer, size, inner], dtype)
      const inputs = new Map([[x, numbers(x, 1, (i) => ((i * 37) % 11) / 40)]])
      for (const takesLast of [false, true]) {
        const output = operand([outer, inner], 'int64')
        const call = { kernel: 'argReduce', wants: 'max', takesLast, input: x, output, outer, size, inner } as const
        await expectLikeNaive(await webgpuMachine(), { title: `${size}`, call, inputs, tolerance: 0 })
      }
    }
  })

  it('of 64 bits that leave 32 end the run; those of 32 bits wrap', async () => {
    for (const [reduction, values] of [
      ['sum', [2 ** 30, 2 ** 30, 1]],
      ['sum', [-(2 ** 31), -1]],
      ['prod', [2 ** 16, 2 ** 15]],
      ['prod', [-(2 ** 31), -1]],
      ['l1', [-(2 ** 31)]],
      ['sumSquare', [46341]],
    ] as const) {
      const size = values.length
      const run = async (dtype: 'int64' | 'int32') => {
        const x = operand([size], dtype)
        const call: ReduceCall = {
          ...{ kernel: 'reduce', reduction, input: x, output: operand([1], dtype), outer: 1, size, inner: 1 },
        }
        const array = hostArray(dtype, [size], values.map(Number))
        return { title: reduction, call, inputs: new Map([[x, array]]), tolerance: 0 }
      }
      const wide = await run('int64')
      await expect(runCall(await webgpuMachine(), wide.call, wide.inputs)).rejects.toThrow('64-bit')
      await expectLikeNaive(await webgpuMachine(), await run('int32'))
    }
  })

  it('of 64 bits that just fit are exact', async () => {
    const x = operand([2], 'int64')
    const call: ReduceCall = {
      ...{ kernel: 'reduce', reduction: 'prod', input: x, output: operand([1], 'int64'), outer: 1, size: 2, inner: 1 },
    }
    const inputs = new Map([[x, hostArray('int64', [2], [2 ** 16, -(2 ** 15)])]])
    await expectLikeNaive(await webgpuMachine(), { title: 'prod', call, inputs, tolerance: 0 })
  })
})

describe('running sums', () => {
  it.each([
    [3, 7, 1],
    [2, 130, 3],
    [1, 4099, 1],
  ])('of [%d,%d,%d]', async (outer, size, inner) => {
    for (const dtype of ['float32', 'int32', 'int64', 'uint32'] as const) {
      for (const flags of [0, 1, 2, 3]) {
        const x = operand([outer, size, inner], dtype)
        const call = {
          ...{ kernel: 'cumulative' as const, input: x, output: operand(x.shape, dtype), outer, size, inner },
          ...{ isExclusive: (flags & 1) > 0, isReverse: (flags & 2) > 0 },
        } as const
        const inputs = new Map([[x, numbers(x, 1, (i) => 0.1 + ((i * 37) % 11) / 40)]])
        await expectLikeNaive(await webgpuMachine(), { title: `${dtype} ${flags}`, call, inputs, tolerance: 1e-6 })
      }
    }
  })

  it('of 64 bits that leave 32 end the run', async () => {
    const x = operand([3], 'int64')
    const call = {
      ...{ kernel: 'cumulative' as const, input: x, output: operand([3], 'int64'), outer: 1, size: 3, inner: 1 },
      ...{ isExclusive: false, isReverse: false },
    } as const
    const inputs = new Map([[x, hostArray('int64', [3], [2 ** 30, 2 ** 30, 0])]])
    await expect(runCall(await webgpuMachine(), call, inputs)).rejects.toThrow('64-bit')
  })
})

describe('determinants', () => {
  it.each([1, 2, 3, 5])('of matrices of %d rows', async (size) => {
    const x = operand([67, size, size])
    const call = { kernel: 'determinant', input: x, output: operand([67]), count: 67, size } as const
    const inputs = new Map([[x, numbers(x)]])
    await expectLikeNaive(await webgpuMachine(), { title: 'determinant', call, inputs, tolerance: 1e-5 })
  })

  it('are 0 where a column is, and turn their sign with rows that are swapped', async () => {
    const x = operand([3, 2, 2])
    const call = { kernel: 'determinant', input: x, output: operand([3]), count: 3, size: 2 } as const
    const inputs = new Map([[x, hostArray('float32', x.shape, [0, 1, 0, 2, 0, 3, 2, 1, 2, 4, 1, 2])]])
    const [found] = await runCall(await webgpuMachine(), call, inputs)
    expect([...found!.values]).toEqual([0, -6, 0])
  })
})

describe('picks by label', () => {
  const [outer, size, inner] = [3, 5, 2]
  const x = operand([outer, size, inner])
  const labels = operand([outer, inner], 'int64')
  const call = {
    ...{ kernel: 'pick' as const, input: x, indices: labels, output: operand([outer, inner]), outer, size, inner },
    ...{ strides: { outer: size * inner, size: inner, inner: 1 }, ignored: -100 },
  } as const

  it('takes one element of each line, and 0 for the ignored label', async () => {
    const inputs = new Map([
      [x, numbers(x)],
      [labels, hostArray('int64', labels.shape, [4, 0, -100, 2, 1, 3])],
    ])
    await expectLikeNaive(await webgpuMachine(), { title: 'pick', call, inputs, tolerance: 0 })
  })

  it('ends the run for any other label outside', async () => {
    for (const wrong of [-1, 5]) {
      const inputs = new Map([
        [x, numbers(x)],
        [labels, hostArray('int64', labels.shape, [4, 0, -100, wrong, 1, 3])],
      ])
      await expect(runCall(await webgpuMachine(), call, inputs)).rejects.toThrow(`index ${wrong}`)
    }
  })
})
