import { describe, expect, it } from 'vitest'
import { hostArray } from '../../core/host-array'
import type { KnownDType } from '../../core/dtypes'
import { expectLikeNaive } from '../../testing/like-naive'
import { operand, runCall } from '../../testing/one-call'
import { webgpuMachine } from '../../testing/webgpu-machine'
import type { TopKCall } from '../row-calls'
import { numbers } from '../wasm/kernels-kit'

/** Few values, so that many are equal. */
const coarse = (i: number): number => Math.round(Math.sin(i * 1.7) * 30) / 10

describe('the first of sorted lines', () => {
  it.each([
    [1, 1, 1, 1],
    [3, 7, 1, 4],
    [2, 255, 2, 255],
    [1, 257, 1, 3],
    [2, 1000, 3, 300],
    [1, 5003, 1, 5003],
    [1, 2304, 1, 40],
  ])('[%d,%d,%d], %d of them', async (outer, size, inner, count) => {
    for (const dtype of ['float32', 'int64', 'int8', 'uint8'] as const satisfies readonly KnownDType[]) {
      for (const isLargest of [true, false]) {
        const x = operand([outer, size, inner], dtype)
        const [values, indices] = [operand([outer, count, inner], dtype), operand([outer, count, inner], 'int64')]
        const call: TopKCall = {
          ...{ kernel: 'topK', isLargest, input: x, values, indices },
          ...{ outer, size, inner, count },
        }
        const inputs = new Map([[x, numbers(x, 1, (i) => Math.abs(coarse(i)))]])
        await expectLikeNaive(await webgpuMachine(), { title: `${dtype} ${isLargest}`, call, inputs, tolerance: 0 })
      }
    }
  })

  it('holds NaN for larger than all, and zeros of both signs for equal', async () => {
    const x = operand([8])
    const inputs = new Map([[x, hostArray('float32', [8], [1, NaN, -0, Infinity, 0, -Infinity, NaN, 1])]])
    const places = async (isLargest: boolean) => {
      const [values, indices] = [operand([8]), operand([8], 'int64')]
      const call: TopKCall = {
        ...{ kernel: 'topK', isLargest, input: x, values, indices },
        ...{ outer: 1, size: 8, inner: 1, count: 8 },
      }
      return [...(await runCall(await webgpuMachine(), call, inputs))[1]!.values].map(Number)
    }
    expect(await places(true)).toEqual([1, 6, 3, 0, 7, 2, 4, 5])
    expect(await places(false)).toEqual([5, 2, 4, 0, 7, 3, 1, 6])
  })
})
