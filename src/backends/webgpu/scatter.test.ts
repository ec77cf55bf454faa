import { describe, expect, it } from 'vitest'
import type { KnownDType } from '../../core/dtypes'
import { hostArray, setValue, type HostArray } from '../../core/host-array'
import { stridesOf } from '../../ops/shapes'
import { operand, runCall } from '../../testing/one-call'
import { planMachine } from '../../testing/plan-machine'
import { webgpuMachine } from '../../testing/webgpu-machine'
import type { KernelCall, Operand } from '../kernel-calls'
import type {
  CountCall,
  InsertCall,
  OneHotCall,
  ReverseCall,
  ScatterBlocksCall,
  ScatterReduction,
} from '../place-calls'
import { numbers } from '../wasm/kernels-kit'

type Inputs = Map<Operand, HostArray>

async function expectSame(call: KernelCall, inputs: Inputs): Promise<void> {
  const machine = await webgpuMachine()
  expect(machine.supports(call)).toBe(true)
  const [[expected], [found]] = [await runCall(planMachine, call, inputs), await runCall(machine, call, inputs)]
  expect(found!.values).toEqual(expected!.values)
}

const countOf = (shape: readonly number[]) => shape.reduce((product, size) => product * size, 1)

/** ONNX ScatterND over [rows, block]; many tuples name the same rows. */
function rowsOf(dtype: KnownDType, reduction: ScatterReduction, rows: number, block: number, tuples: number) {
  const blocks = { sizes: [tuples], strides: [0], limits: [rows], steps: [block], block }
  const [input, updates] = [operand([rows, block], dtype), operand([tuples, block], dtype)]
  const [indices, output] = [operand([tuples, 1], 'int64'), operand([rows, block], dtype)]
  const call: ScatterBlocksCall = { kernel: 'scatterBlocks', reduction, input, indices, updates, output, blocks }
  const at = Array.from({ length: tuples }, (_, i) => ((i * i * 3 + i) % Math.min(2 * rows, 9)) - Math.min(rows, 4))
  return { call, inputs: inputsOf(call, at) }
}

/** ONNX ScatterElements. */
function elementsOf(
  dtype: KnownDType,
  reduction: ScatterReduction,
  shape: readonly number[],
  axis: number,
  named: number[],
) {
  const strides = stridesOf(shape)
  const [sizes, limit] = [named, shape[axis]!]
  const blocks = { sizes, strides: strides.with(axis, 0), limits: [limit], steps: [strides[axis]!], block: 1 }
  const [input, updates] = [operand(shape, dtype), operand(named, dtype)]
  const [indices, output] = [operand(named, 'int32'), operand(shape, dtype)]
  const call: ScatterBlocksCall = { kernel: 'scatterBlocks', reduction, input, indices, updates, output, blocks }
  return {
    call,
    inputs: inputsOf(
      call,
      Array.from({ length: countOf(named) }, (_, i) => ((i * 5) % (2 * limit)) - limit),
    ),
  }
}

function inputsOf({ input, indices, updates }: ScatterBlocksCall, at: readonly number[]): Inputs {
  const small = (i: number) => (((i * 37) % 11) - 5) / 40
  return new Map([
    [input, numbers(input, 1)],
    [indices, hostArray(indices.dtype, indices.shape, at)],
    // products of a few of them stay in 32 bits
    [updates, input.dtype === 'float32' ? numbers(updates, 2) : numbers(updates, 2, small)],
  ])
}

const REDUCTIONS: readonly ScatterReduction[] = ['none', 'add', 'mul', 'max', 'min']

describe('scatter on webgpu', () => {
  for (const dtype of ['float32', 'int8', 'uint8', 'int16', 'int32', 'uint32', 'int64', 'bool'] as const) {
    for (const reduction of dtype === 'bool' ? (['none'] as const) : REDUCTIONS) {
      it(`${reduction} of ${dtype}`, async () => {
        for (const { call, inputs } of [
          rowsOf(dtype, reduction, 5, 4, 7),
          rowsOf(dtype, reduction, 9, 3, 11),
          elementsOf(dtype, reduction, [7], 0, [5]),
          elementsOf(dtype, reduction, [4, 5, 3], 1, [3, 7, 3]),
        ]) {
          await expectSame(call, inputs)
        }
      })
    }
  }

  it('adds hundreds of updates of one row in their order', async () => {
    const { call, inputs } = rowsOf('float32', 'add', 3, 8, 700)
    await expectSame(call, inputs)
  })

  it('the last of many updates stays', async () => {
    const { call, inputs } = rowsOf('float32', 'none', 3, 8, 700)
    await expectSame(call, inputs)
  })

  it('NaN stays in the largest and the smallest', async () => {
    for (const reduction of ['max', 'min'] as const) {
      const { call, inputs } = rowsOf('float32', reduction, 5, 4, 7)
      inputs.get(call.input)!.values[1] = NaN
      inputs.get(call.updates)!.values[6] = NaN
      await expectSame(call, inputs)
    }
  })

  it('ends the run for an index that lies outside', async () => {
    const { call, inputs } = rowsOf('float32', 'add', 3, 8, 4)
    setValue(inputs.get(call.indices)!, 2, -4)
    await expect(runCall(await webgpuMachine(), call, inputs)).rejects.toThrow('index -4 outside of 3')
  })

  it('ends the run where int64 leaves 32 bits', async () => {
    for (const reduction of ['add', 'mul'] as const) {
      const { call, inputs } = rowsOf('int64', reduction, 3, 1, 4)
      inputs.set(call.input, hostArray('int64', [3, 1], [2 ** 31 - 1, 2 ** 30, 2 ** 30]))
      inputs.set(call.updates, hostArray('int64', [4, 1], [3, 1, 1, 2 ** 30]))
      await expect(runCall(await webgpuMachine(), call, inputs)).rejects.toThrow('leaves the 32 bits')
    }
  })

  it('refuses arithmetic of types that are narrower than their slots', async () => {
    const machine = await webgpuMachine()
    const types = ['int4', 'uint2', 'float8e5m2', 'bool'] as const
    expect(types.map((dtype) => machine.supports(rowsOf(dtype, 'add', 5, 4, 7).call))).toEqual(types.map(() => false))
    expect(machine.supports(rowsOf('int4', 'none', 5, 4, 7).call)).toBe(true)
  })
})

const DTYPES: readonly KnownDType[] = ['float32', 'uint8', 'int16', 'int64', 'bool']

function insertOf(dtype: KnownDType, isCircular: boolean, inner: number, starts: readonly number[]) {
  const sizes = { batch: starts.length, outer: 2, size: 7, length: 3, inner }
  const whole = [sizes.batch, 2, 7, inner]
  const [input, updates, output] = [whole, [sizes.batch, 2, 3, inner], whole].map((shape) => operand(shape, dtype))
  const at = operand([starts.length], 'int64')
  const call: InsertCall = {
    ...{ kernel: 'insert', input: input!, updates: updates!, starts: at, output: output! },
    ...{ ...sizes, isCircular },
  }
  const inputs: Inputs = new Map([input!, updates!].map((one, i) => [one, numbers(one, i + 1)]))
  return { call, inputs: inputs.set(at, hostArray('int64', [starts.length], starts)) }
}

describe('insert on webgpu', () => {
  it.each(DTYPES)('%s', async (dtype) => {
    for (const inner of [1, 3, 4]) {
      for (const isCircular of [true, false]) {
        const { call, inputs } = insertOf(dtype, isCircular, inner, isCircular ? [6, 0, 12] : [4, 0, 2])
        await expectSame(call, inputs)
      }
    }
  })

  it('ends the run beyond the end', async () => {
    for (const start of [5, -1]) {
      const { call, inputs } = insertOf('float32', false, 3, [4, start])
      await expect(runCall(await webgpuMachine(), call, inputs)).rejects.toThrow(`index ${start} outside of 7`)
    }
  })
})

function reverseOf(dtype: KnownDType, isBatchFirst: boolean, inner: number, counts: readonly number[]) {
  const [size, batch] = [9, counts.length]
  const shape = isBatchFirst ? [batch, size, inner] : [size, batch, inner]
  const [input, output, lengths] = [operand(shape, dtype), operand(shape, dtype), operand([batch], 'int64')]
  const call: ReverseCall = { kernel: 'reverse', input, lengths, output, batch, size, inner, isBatchFirst }
  const inputs: Inputs = new Map([
    [input, numbers(input, 1)],
    [lengths, hostArray('int64', [batch], counts)],
  ])
  return { call, inputs }
}

describe('reverse on webgpu', () => {
  it.each(DTYPES)('%s', async (dtype) => {
    for (const inner of [1, 3, 8]) {
      for (const isBatchFirst of [true, false]) {
        const { call, inputs } = reverseOf(dtype, isBatchFirst, inner, [9, 0, 1, 5])
        await expectSame(call, inputs)
      }
    }
  })

  it('ends the run for a length that there is not', async () => {
    const { call, inputs } = reverseOf('float32', false, 2, [3, 10])
    await expect(runCall(await webgpuMachine(), call, inputs)).rejects.toThrow('index 10 outside of 9')
  })
})

describe('oneHot on webgpu', () => {
  for (const index of ['int64', 'int32', 'float32', 'uint8', 'int8', 'uint32'] as const) {
    it(`indices of ${index}`, async () => {
      for (const dtype of [...DTYPES, 'int32'] as const) {
        const [input, values, output] = [operand([5, 3], index), operand([2], dtype), operand([5, 10, 3], dtype)]
        const call: OneHotCall = { kernel: 'oneHot', input, values, output, outer: 5, size: 10, inner: 3 }
        const signed = [0, 9, 10, 3, -1, -10, -11, 4, 5, 2, 1, -3, 8, 7, 6]
        const at = index.startsWith('u') ? signed.map(Math.abs) : signed
        const inputs: Inputs = new Map([
          [input, hostArray(index, [5, 3], index === 'float32' ? at.map((one) => one * 1.04) : at)],
          [values, hostArray(dtype, [2], dtype === 'bool' ? [1, 0] : [7, 3])],
        ])
        await expectSame(call, inputs)
      }
    })
  }
})

describe('count on webgpu', () => {
  it.each(['int32', 'int64'] as const)('%s', async (dtype) => {
    for (const [skips, isOnce] of [
      [0, false],
      [2, true],
      [3, false],
    ] as const) {
      const [input, output] = [operand([3, 40], dtype), operand([3, 5], 'float32')]
      const sequences = [
        { slot: 0, elements: [2] },
        { slot: 4, elements: [1, 2] },
        { slot: 1, elements: [-1, 0, 1] },
        { slot: 4, elements: [0, 0] },
        { slot: 2, elements: [77] },
      ]
      const facts = { rows: 3, length: 40, skips, isOnce, weights: [1, 0.5, 2, 3, -1.25] }
      const call: CountCall = { kernel: 'count', input, output, sequences, ...facts }
      const x = Array.from({ length: 120 }, (_, i) => ((i * i * 7 + (i >> 1)) % 5) - 1)
      await expectSame(call, new Map([[input, hostArray(dtype, [3, 40], x)]]))
    }
  })
})
