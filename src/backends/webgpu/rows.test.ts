import { describe, expect, it } from 'vitest'
import { expectLikeNaive } from '../../testing/like-naive'
import { operand, runCall } from '../../testing/one-call'
import { webgpuMachine } from '../../testing/webgpu-machine'
import { hostArray } from '../../core/host-array'
import type { NormalizeCall, ReduceCall, SoftmaxCall } from '../kernel-calls'
import { kernelCases, numbers } from '../wasm/kernels-kit'

const FAMILIES = ['reduce', 'argReduce', 'softmax', 'normalize'] as const

describe('kernels along rows give what their naive forms give', () => {
  it.each(FAMILIES)('%s', async (kernel) => {
    const cases = kernelCases().filter(({ call }) => call.kernel === kernel)
    expect(cases.length).toBeGreaterThan(0)
    for (const one of cases) await expectLikeNaive(await webgpuMachine(), one)
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
    [1, 300_001, 1],
    [1, 30_003, 3],
    [2, 1027, 1],
  ])('sums of [%d,%d,%d] keep their precision', async (outer, size, inner) => {
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
        await expectLikeNaive(await webgpuMachine(), { title: reduction, call, inputs, tolerance: 1e-6 })
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
