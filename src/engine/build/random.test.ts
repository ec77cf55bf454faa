import { describe, expect, it } from 'vitest'
import { hostArray, numbersOf, type HostArray } from '../../core/host-array'
import { uniformAt } from '../../core/threefry'
import { testMachines } from '../../testing/machines'
import { buildModel } from '../../testing/build-model'
import { GraphBuilder } from './graph-builder'
import { dropped, nextKey, randomKey } from './random'

/** Two layers, and the key of the next step. */
function twoLayers() {
  const builder = new GraphBuilder()
  const x = builder.input('x', { dtype: 'float32', shape: ['batch', 7] })
  const key = builder.input('key', { dtype: 'int32', shape: [2] })
  const outputs = [
    dropped(builder, x, { key, stream: 1, ratio: 0.25 }),
    dropped(builder, x, { key, stream: 2, ratio: 0.25 }),
    nextKey(builder, key),
  ]
  outputs.forEach((one) => builder.output(one))
  return {
    model: { ...buildModel({ opset: 25, opsets: { 'ai.plume': 1 }, outputs: {}, nodes: [] }), graph: builder.graph },
    outputs,
  }
}

const x = hostArray(
  'float32',
  [3, 7],
  Array.from({ length: 21 }, (_, i) => i - 4.5),
)

describe.each(testMachines().map((machine) => [machine.name, machine] as const))('dropout on %s', (_, machine) => {
  it('gives masks by seed, step and layer', async () => {
    const { model, outputs } = twoLayers()
    const run = async (key: HostArray) => {
      const found = await machine.run(
        model,
        new Map([
          ['x', x],
          ['key', key],
        ]),
      )
      return outputs.map((name) => [...numbersOf(found.get(name)!)])
    }
    const expected = (step: number, stream: number) =>
      [...numbersOf(x)].map((value, i) =>
        uniformAt([42, step], stream, i) < 0.25 ? 0 : Math.fround(value * Math.fround(1 / 0.75)),
      )
    const [first, second, next] = await run(randomKey(42))
    expect([first, second]).toEqual([expected(0, 1), expected(0, 2)])
    expect(first).not.toEqual(second)
    expect(next).toEqual([42, 1])
    const [later] = await run(hostArray('int32', [2], next!))
    expect(later).toEqual(expected(1, 1))
    expect(later).not.toEqual(first)
  })
})

describe('dropout', () => {
  it('with ratio 0 is the value itself', () => {
    const builder = new GraphBuilder()
    const value = builder.input('x', { dtype: 'float32', shape: [2] })
    const key = builder.input('key', { dtype: 'int32', shape: [2] })
    expect(dropped(builder, value, { key, stream: 0, ratio: 0 })).toBe(value)
  })
})
