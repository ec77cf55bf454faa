import { describe, expect, it } from 'vitest'
import { encodeOnnx } from '../formats/onnx/encode'
import { buildModel, node, ramp, tensorOf } from '../testing/build-model'
import { testRuntime } from '../testing/runtime'
import { withOutputs } from './observed-model'

const model = () =>
  buildModel({
    inputs: { x: ['float32', [2, 3]] },
    outputs: { y: ['float32', [2, 2]] },
    nodes: [
      node('MatMul', 'x w', 'a'),
      node('Cast', 'a', 'h', { to: 10 }),
      node('Mul', 'h h', 'hh'),
      node('Cast', 'hh', 'b', { to: 1 }),
      node('Sigmoid', 'b', 'y'),
    ],
    initializers: { w: ramp([3, 2], 0.2) },
  })
const HALF = new Map([['h', { dtype: 'float16' }] as const])

async function run(values: readonly string[]) {
  const { model: copy, outputs } = withOutputs(model(), values, HALF)
  const session = await (await testRuntime()).open(await encodeOnnx(copy))
  const x = tensorOf('float32', [2, 3], [0.1, -1.7, 0.33, 2.4, 5.01, -0.6])
  const results = await session.run(new Map([['x', x]]))
  await session.release()
  const floats = (name: string) => [...new Float32Array(results.outputs.get(outputs.get(name)!)!.data.slice().buffer)]
  return { outputs: session.outputs, floats }
}

describe('inner values as outputs', () => {
  it('hands out inputs, weights and inner values, half floats widened', async () => {
    const { outputs, floats } = await run(['x', 'w', 'a', 'h', 'a'])
    expect(outputs.map(({ name, dtype }) => `${name} ${dtype}`)).toEqual([
      'x_observed float32',
      'w_observed float32',
      'a float32',
      'h_observed float32',
    ])
    expect(floats('x')).toEqual([...Float32Array.of(0.1, -1.7, 0.33, 2.4, 5.01, -0.6)])
    expect(floats('w')).toEqual([...new Float32Array(ramp([3, 2], 0.2).bytes.slice().buffer)])
    expect(floats('h')).not.toEqual(floats('a'))
    // half of a float16 step
    floats('h').forEach((half, i) => expect(Math.abs(half / floats('a')[i]! - 1)).toBeLessThanOrEqual(2 ** -11))
  })

  it('computes only what they need, and leaves the model as it is', () => {
    const original = model()
    const { model: copy } = withOutputs(original, ['a'])
    expect(copy.graph.nodes.map(({ opType }) => opType)).toEqual(['MatMul'])
    expect(copy.edits).toBeGreaterThan(0)
    expect(original.graph.nodes).toHaveLength(5)
    expect(original.graph.outputs.map(({ name }) => name)).toEqual(['y'])
    expect(original.edits).toBe(0)
  })

  it('refuses a value that the graph does not have', () => {
    expect(() => withOutputs(model(), ['nothing'])).toThrow("The model's main graph has no value nothing to observe.")
  })
})
