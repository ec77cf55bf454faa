import { describe, expect, it } from 'vitest'
import type { KnownDType } from '../../core/dtypes'
import { hostArray, type HostArray } from '../../core/host-array'
import { stridesOf } from '../../ops/shapes'
import { operand, runCall } from '../../testing/one-call'
import { planMachine } from '../../testing/plan-machine'
import { testGpu } from '../../testing/webgpu-device'
import { webgpuMachine } from '../../testing/webgpu-machine'
import type { GatherCall, KernelCall, Operand } from '../kernel-calls'
import type { GatherBlocksCall } from '../place-calls'
import { numbers } from '../wasm/kernels-kit'
import { createWebgpuMachine } from './machine'

const DTYPES: readonly KnownDType[] = ['float32', 'uint8', 'int16', 'int64', 'bool', 'uint32']

async function expectSame(call: KernelCall, inputs: ReadonlyMap<Operand, HostArray>): Promise<void> {
  const machine = await webgpuMachine()
  expect(machine.supports(call)).toBe(true)
  const [[expected], [found]] = [await runCall(planMachine, call, inputs), await runCall(machine, call, inputs)]
  expect(found!.values).toEqual(expected!.values)
}

/** Indices in [-size, size), of which some stand twice. */
const mixed = (count: number, size: number) => Array.from({ length: count }, (_, i) => ((i * 7) % (2 * size)) - size)

function gatherOf(
  dtype: KnownDType,
  [outer, size, inner]: readonly [number, number, number],
  indices: Operand,
): GatherCall {
  const count = indices.shape[0] as number
  const [input, output] = [operand([outer, size, inner], dtype), operand([outer, count, inner], dtype)]
  return { kernel: 'gather', input, indices, output, outer, size, count, inner }
}

describe('gather on webgpu', () => {
  for (const dtype of DTYPES) {
    for (const shape of [
      [1, 5, 1],
      [3, 7, 5],
      [2, 9, 8],
      [1, 40, 3],
    ] as const) {
      it(`${dtype} [${shape.join()}]`, async () => {
        const indices = operand([29], dtype === 'bool' ? 'int32' : 'int64')
        const call = gatherOf(dtype, shape, indices)
        const inputs = [[call.input, numbers(call.input, 1)] as const]
        await expectSame(call, new Map([...inputs, [indices, hostArray(indices.dtype, [29], mixed(29, shape[1]))]]))
      })
    }
  }

  it('of a table that is larger than a binding', async () => {
    const { device, facts } = await testGpu()
    const limits = { ...facts.limits, maxStorageBufferBindingSize: 4096 }
    const machine = createWebgpuMachine(device, { ...facts, limits })
    for (const dtype of ['float32', 'int64'] as const) {
      const indices = operand([37], 'int64')
      const call = gatherOf(dtype, [1, 300, 6], indices)
      const inputs = new Map([
        [call.input, numbers(call.input, 1)],
        [
          indices,
          hostArray(
            'int64',
            [37],
            Array.from({ length: 37 }, (_, i) => ((i * 97) % 600) - 300),
          ),
        ],
      ])
      expect(machine.supports(call)).toBe(true)
      const [[expected], [found]] = [await runCall(planMachine, call, inputs), await runCall(machine, call, inputs)]
      expect(found!.values).toEqual(expected!.values)
    }
    expect(machine.supports(gatherOf('int8', [1, 3000, 6], operand([37], 'int64')))).toBe(false)
    expect(machine.supports(gatherOf('float32', [2, 300, 6], operand([37], 'int64')))).toBe(false)
  })

  it('ends the run for an index that lies outside, and the next run is right', async () => {
    const machine = await webgpuMachine()
    const indices = operand([3], 'int64')
    const call = gatherOf('float32', [2, 5, 3], indices)
    const run = (...at: number[]) =>
      runCall(
        machine,
        call,
        new Map([
          [call.input, numbers(call.input, 1)],
          [indices, hostArray('int64', [3], at)],
        ]),
      )
    await expect(run(0, 5, 1)).rejects.toThrow('index 5 outside of 5')
    await expect(run(0, 1, -6)).rejects.toThrow('index -6 outside of 5')
    expect((await run(4, 0, -5))[0]!.shape).toEqual([2, 3, 3])
  })
})

/** ONNX GatherElements. */
function elementsOf(
  dtype: KnownDType,
  shape: readonly number[],
  axis: number,
  taken: readonly number[],
): GatherBlocksCall {
  const strides = stridesOf(shape)
  const blocks = {
    ...{ sizes: taken, strides: strides.with(axis, 0), limits: [shape[axis]!], steps: [strides[axis]!] },
    block: 1,
  }
  const [input, indices, output] = [operand(shape, dtype), operand(taken, 'int64'), operand(taken, dtype)]
  return { kernel: 'gatherBlocks', input, indices, output, blocks }
}

/** ONNX GatherND. */
function tuplesOf(
  dtype: KnownDType,
  shape: readonly number[],
  lead: number,
  count: number,
  depth: number,
): GatherBlocksCall {
  const strides = stridesOf(shape)
  const [sizes, block] = [[...shape.slice(0, lead), count], strides[lead + depth - 1]!]
  const blocks = {
    ...{ sizes, strides: [...strides.slice(0, lead), 0], limits: shape.slice(lead, lead + depth) },
    ...{ steps: strides.slice(lead, lead + depth), block },
  }
  const [input, indices] = [operand(shape, dtype), operand([...sizes, depth], 'int32')]
  return { kernel: 'gatherBlocks', input, indices, output: operand([...sizes, block], dtype), blocks }
}

describe('blocks on webgpu', () => {
  const withIndices = ({ input, indices, blocks }: GatherBlocksCall) => {
    const { limits } = blocks
    const count = indices.shape.reduce((product, size) => product * size, 1)
    const at = Array.from({ length: count }, (_, i) => {
      const limit = limits[i % limits.length]!
      return ((i * 5 + (i >> 2)) % (2 * limit)) - limit
    })
    return new Map([
      [input, numbers(input, 1)],
      [indices, hostArray(indices.dtype, indices.shape, at)],
    ])
  }
  for (const dtype of DTYPES) {
    it(`elements of ${dtype}`, async () => {
      for (const call of [
        elementsOf(dtype, [7], 0, [90]),
        elementsOf(dtype, [3, 5], 0, [2, 4]),
        elementsOf(dtype, [3, 5, 4], 1, [3, 9, 4]),
        elementsOf(dtype, [3, 5, 4], 2, [2, 5, 3]),
      ]) {
        await expectSame(call, withIndices(call))
      }
    })

    it(`tuples of ${dtype}`, async () => {
      for (const call of [
        tuplesOf(dtype, [7, 3], 0, 11, 2),
        tuplesOf(dtype, [5, 4, 3], 0, 30, 1),
        tuplesOf(dtype, [2, 5, 6, 4], 1, 7, 2),
        tuplesOf(dtype, [2, 3, 4, 5], 2, 3, 1),
      ]) {
        await expectSame(call, withIndices(call))
      }
    })
  }

  it('says which index of a tuple lies outside, and of what', async () => {
    const call = tuplesOf('float32', [7, 3], 0, 2, 2)
    const inputs = withIndices(call).set(call.indices, hostArray('int32', [2, 2], [6, 2, 1, 3]))
    await expect(runCall(await webgpuMachine(), call, inputs)).rejects.toThrow('index 3 outside of 3')
  })
})
