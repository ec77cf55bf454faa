import { mkdtemp, mkdir, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { hostArray, toTensor, type HostArray } from '../core/host-array'
import type { DType } from '../core/dtypes'
import { writeTensorFile } from '../formats/onnx/tensor-file'
import { buildModel, node } from './build-model'
import { lookingMachine, runNodeTest, type ConformanceMachine, type NodeTest, type Verdict } from './conformance'
import { planMachine } from './plan-machine'
import { modelBytes } from './model-bytes'

const TEST: NodeTest = {
  name: 't',
  operator: 'Abs',
  opset: 17,
  isExpanded: false,
  inputs: 1,
  outputs: 1,
  rtol: 1e-3,
  atol: 1e-7,
  outside: null,
}

/** Runs a test that expects `wanted` on a machine that finds `found`. */
async function verdict(dtype: DType, wanted: readonly number[], found: HostArray | Error): Promise<string | null> {
  const machine: ConformanceMachine = {
    name: 'given',
    run: async (_, feeds) => {
      expect([...feeds.keys()]).toEqual(['x'])
      if (found instanceof Error) throw found
      return new Map([['y', found]])
    },
  }
  return (await runOn(machine, dtype, wanted)).why
}

/** A test of Abs whose input and expected output are the same. */
async function runOn(machine: ConformanceMachine, dtype: DType, wanted: readonly number[]): Promise<Verdict> {
  const folder = await mkdtemp(join(tmpdir(), 'plume-conformance-'))
  await mkdir(join(folder, 't'))
  const shape = [wanted.length]
  const model = buildModel({
    inputs: { x: [dtype, shape] },
    outputs: { y: [dtype, shape] },
    nodes: [node('Abs', 'x', 'y')],
  })
  const expected = writeTensorFile('y', toTensor(hostArray(dtype, shape, wanted)))
  await writeFile(join(folder, 't/model.onnx'), await modelBytes(model))
  await writeFile(join(folder, 't/input_0.pb'), expected)
  await writeFile(join(folder, 't/output_0.pb'), expected)
  return runNodeTest(machine, folder, TEST)
}

describe('runNodeTest', () => {
  it.each<[string, DType, number[], number[], RegExp | null]>([
    ['equal numbers', 'float32', [1, NaN, Infinity], [1, NaN, Infinity], null],
    ['numbers inside the tolerance', 'float32', [1000, 0], [1000.9, 5e-8], null],
    ['numbers outside', 'float32', [1000, 0], [1001.1, 0], /1 of 2 elements differ, e\.g\. element 0: expected 1000/],
    ['noise beside zero', 'float32', [0], [2e-7], /expected 0/],
    ['NaN instead of a number', 'float32', [1], [NaN], /expected 1, found NaN/],
    ['a number instead of NaN', 'float32', [NaN], [1], /expected NaN, found 1/],
    ['the other infinity', 'float32', [-Infinity], [Infinity], /expected -Infinity/],
    ['two steps of bfloat16', 'bfloat16', [1], [1.015625], null],
    ['integers that differ by one', 'int32', [5, 6], [5, 7], /element 1: expected 6, found 7/],
  ])('judges %s', async (_, dtype, wanted, found, message) => {
    const result = await verdict(dtype, wanted, hostArray(dtype, [found.length], found))
    if (message) expect(result).toMatch(message)
    else expect(result).toBeNull()
  })

  it('wants the same type and shape', async () => {
    expect(await verdict('float32', [1, 2], hostArray('float64', [2], [1, 2]))).toBe(
      'y: expected float32 [2], found float64 [2]',
    )
    expect(await verdict('float32', [1, 2], hostArray('float32', [2, 1], [1, 2]))).toBe(
      'y: expected float32 [2], found float32 [2,1]',
    )
  })

  it('tells what was thrown', async () => {
    expect(await verdict('float32', [1], new TypeError('no\n luck'))).toBe('TypeError: no luck')
  })

  it('tells which nodes the host computed, and what a GPU cannot hold', async () => {
    const poor = { ...planMachine, supports: () => false }
    const on = (machine: typeof planMachine) => lookingMachine('looking', async () => machine)
    expect(await runOn(on(planMachine), 'float32', [1, 2])).toEqual({ why: null, host: [] })
    expect(await runOn(on(poor), 'float32', [1, 2])).toEqual({
      why: null,
      host: ['Abs: the machine has no such kernel: map'],
    })
    expect(await runOn(on(planMachine), 'float64', [1, 2])).toMatchObject({ why: null, unheld: 'float64' })
  })
})
