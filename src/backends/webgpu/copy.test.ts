import { describe, expect, it } from 'vitest'
import { planMachine } from '../../testing/plan-machine'
import { operand, runCalls } from '../../testing/one-call'
import { webgpuMachine } from '../../testing/webgpu-machine'
import type { KnownDType } from '../../core/dtypes'
import type { CopyCall } from '../kernel-calls'
import { stridesOf } from '../../ops/shapes'
import { numbers } from '../wasm/kernels-kit'

type Copy = readonly [
  title: string,
  from: readonly number[],
  to: readonly number[],
  sizes: readonly number[],
  inputStrides: readonly number[],
  inputOffset: number,
  outputStrides: readonly number[],
  outputOffset: number,
]

const COPIES: readonly Copy[] = [
  ['a scalar', [], [], [], [], 0, [], 0],
  ['whole words', [64], [64], [64], [1], 0, [1], 0],
  ['a run with a rest', [707], [707], [707], [1], 0, [1], 0],
  ['a run from and to the middle', [83], [91], [60], [1], 13, [1], 17],
  ['a run from and to whole vectors', [83], [91], [60], [1], 12, [1], 16],
  ['backwards', [9], [9], [9], [-1], 8, [1], 0],
  ['written backwards', [9], [9], [9], [1], 0, [-1], 8],
  ['both backwards', [70], [70], [70], [-1], 69, [-1], 69],
  ['transposed', [37, 70], [70, 37], [70, 37], [1, 70], 0, [37, 1], 0],
  ['transposed, read in its order', [37, 70], [70, 37], [37, 70], [70, 1], 0, [1, 37], 0],
  ['transposed in blocks of vectors', [3, 5, 8], [5, 3, 8], [5, 3, 8], [8, 40, 1], 0, [24, 8, 1], 0],
  ['permuted', [2, 3, 4, 5], [2, 4, 5, 3], [2, 4, 5, 3], [60, 5, 1, 20], 0, [60, 15, 3, 1], 0],
  ['five axes', [3, 2, 3, 2, 3], [3, 2, 3, 2, 3], [3, 2, 3, 2, 3], [1, 3, 6, 18, 36], 0, [36, 18, 6, 3, 1], 0],
  ['repeated', [3, 1], [3, 9], [3, 9], [1, 0], 0, [9, 1], 0],
  ['one element everywhere', [1], [3, 7], [3, 7], [0, 0], 0, [7, 1], 0],
  ['a part of the columns', [4, 10], [4, 7], [4, 3], [10, 3], 1, [7, 1], 3],
  ['every third element', [5], [17], [5], [1], 0, [3], 2],
  ['a box in a larger one', [3, 5], [7, 11], [3, 5], [5, 1], 0, [11, 1], 24],
  ['a diagonal', [1], [6, 9], [6], [0], 0, [10], 0],
  ['turned by half', [4, 6], [4, 6], [4, 6], [-6, -1], 23, [6, 1], 0],
]

const DTYPES: readonly KnownDType[] = ['float32', 'uint8', 'int8', 'int16', 'uint16', 'int64', 'bool', 'int32']

/** Over numbers that stay where the copy names nothing. */
async function expectSame(call: CopyCall): Promise<void> {
  const { input, output } = call
  const before = operand(output.shape, output.dtype)
  const strides = stridesOf(output.shape)
  const whole = { inputStrides: strides, inputOffset: 0, outputStrides: strides, outputOffset: 0 }
  const first: CopyCall = { kernel: 'copy', input: before, output, sizes: output.shape, ...whole }
  const inputs = new Map([input, before].map((one, i) => [one, numbers(one, i + 1)]))
  const [expected] = await runCalls(planMachine, [first, call], inputs)
  const machine = await webgpuMachine()
  expect(machine.supports(call)).toBe(true)
  const [found] = await runCalls(machine, [first, call], inputs)
  expect(found!.values).toEqual(expected!.values)
}

const copyOf = (
  [, from, to, sizes, inputStrides, inputOffset, outputStrides, outputOffset]: Copy,
  dtype: KnownDType,
) => {
  const strides = { inputStrides, inputOffset, outputStrides, outputOffset }
  return { kernel: 'copy', input: operand(from, dtype), output: operand(to, dtype), sizes, ...strides } as const
}

describe('copies on webgpu', () => {
  for (const one of COPIES) {
    it(`${one[0]}: ${one[3].join('×')}`, async () => {
      for (const dtype of DTYPES) await expectSame(copyOf(one, dtype))
    })
  }

  it('refuses two elements for one place', async () => {
    const machine = await webgpuMachine()
    const twice = copyOf(['', [6], [2], [3, 2], [2, 1], 0, [0, 1], 0], 'float32')
    const entwined = copyOf(['', [6], [9], [3, 2], [2, 1], 0, [2, 4], 0], 'uint8')
    expect([twice, entwined].map((call) => machine.supports(call))).toEqual([false, false])
  })
})
