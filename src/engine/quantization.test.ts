import { describe, expect, it } from 'vitest'
import { elementCount } from '../core/dtypes'
import { Random } from '../core/random'
import { testMachines } from '../testing/machines'
import { feedsOfCase, modelOfCase, of, outputNames, type CaseInput, type OperatorCase } from '../testing/operator-cases'

const random = new Random(20)
const filled = (shape: readonly number[], draw: () => number): number[] =>
  Array.from({ length: elementCount(shape) }, draw)
const floats = (shape: readonly number[], scale = 1) =>
  of(
    'float32',
    shape,
    filled(shape, () => Math.fround(scale * random.normal())),
  )
const scales = (shape: readonly number[]) =>
  of(
    'float32',
    shape,
    filled(shape, () => Math.fround(2 ** (4 * random.uniform() - 6))),
  )
const bytes = (dtype: 'int8' | 'uint8', shape: readonly number[]): CaseInput =>
  of(
    dtype,
    shape,
    filled(shape, () => random.below(256) - (dtype === 'int8' ? 128 : 0)),
  )

/** Sizes beside those of vectors and tiles: [x, scale, attributes]. */
const LAYOUTS: readonly (readonly [string, readonly number[], readonly number[], OperatorCase['attributes']])[] = [
  ['one scale', [7, 333], [], {}],
  ['a scale per row', [61, 37], [61], { axis: 0 }],
  ['a scale per column', [37, 61], [61], { axis: -1 }],
  ['a scale per channel', [2, 19, 3, 29], [19], {}],
  ['blocks along rows', [5, 96], [5, 3], { axis: 1, block_size: 32 }],
  ['short last blocks', [5, 100], [5, 4], { axis: 1, block_size: 32 }],
  ['blocks along columns', [64, 33], [4, 33], { axis: 0, block_size: 16 }],
]

/** Every machine must give the reference's elements, each of them. */
async function expectSame(one: OperatorCase): Promise<void> {
  const [reference, ...others] = testMachines()
  const wanted = await reference!.run(modelOfCase(one), feedsOfCase(one))
  for (const machine of others) {
    const found = await machine.run(modelOfCase(one), feedsOfCase(one))
    for (const name of outputNames(one)) {
      const [left, right] = [found.get(name)!.values, wanted.get(name)!.values]
      const first = left.findIndex((value: number | bigint, i: number) => value !== right[i])
      expect({ machine: machine.name, name, first, found: left[first] }).toEqual({
        machine: machine.name,
        name,
        first: -1,
      })
    }
  }
}

describe.each(LAYOUTS)('%s', (name, shape, scale, attributes = {}) => {
  it.each(['int8', 'uint8'] as const)('is quantized to the same %s everywhere', (dtype) =>
    expectSame({
      name,
      operator: 'QuantizeLinear',
      attributes,
      inputs: [floats(shape), scales(scale), bytes(dtype, scale)],
    }),
  )

  it.each(['int8', 'uint8'] as const)('is dequantized from %s to the same numbers everywhere', (dtype) =>
    expectSame({
      name,
      operator: 'DequantizeLinear',
      attributes,
      inputs: [bytes(dtype, shape), scales(scale), bytes(dtype, scale)],
    }),
  )
})

it('chooses the same range, scale and zero point everywhere', async () => {
  for (const size of [1, 5, 1000, 4099]) {
    const one = { name: 'range', operator: 'DynamicQuantizeLinear', outputs: 3, inputs: [floats([size], 3)] }
    await expectSame(one)
  }
})
