import { afterAll, expect, it } from 'vitest'
import { createWebgpuMachine } from '../backends/webgpu/machine'
import { hostArray } from '../core/host-array'
import { buildModel, node, ramp } from '../testing/build-model'
import { testGpu } from '../testing/webgpu-device'
import { openEngine } from './session'

const RUNS = 200
const gpu = await testGpu()
afterAll(() => gpu.dispose())

/** A small network with a residual, so that memory is shared and views are taken. */
const model = buildModel({
  ...{ opset: 22, irVersion: 10 },
  inputs: { x: ['float32', ['n', 3, 9, 7]] },
  outputs: { y: ['float32'], a: ['int64'] },
  nodes: [
    node('Conv', 'x w0 b0', 'c0', { pads: [1, 1, 1, 1] }),
    node('Relu', 'c0', 'r0'),
    node('Conv', 'r0 w1', 'c1', { pads: [1, 1, 1, 1], group: 5 }),
    node('Add', 'c1 r0', 's'),
    node('MaxPool', 's', 'p', { kernel_shape: [2, 2], strides: [2, 2] }),
    node('Flatten', 'p', 'f'),
    node('Gemm', 'f w2 b2', 'g'),
    node('Softmax', 'g', 'y'),
    node('ArgMax', 'y', 'a', { axis: 1, keepdims: 0 }),
  ],
  initializers: {
    w0: ramp([5, 3, 3, 3], 0.02),
    b0: ramp([5], 0.1),
    w1: ramp([5, 1, 3, 3], 0.03),
    w2: ramp([60, 11], 0.01),
    b2: ramp([11], -0.2),
  },
})

const pictures = (count: number) =>
  new Map([
    [
      'x',
      hostArray(
        'float32',
        [count, 3, 9, 7],
        Array.from({ length: count * 189 }, (_, i) => Math.sin(i)),
      ),
    ],
  ])

/** Calls of the device that make something, by name. */
function counted(device: GPUDevice): Map<string, number> {
  const counts = new Map<string, number>()
  for (const name of ['createBuffer', 'createBindGroup', 'createComputePipelineAsync', 'createShaderModule'] as const) {
    const make = device[name].bind(device) as (...given: unknown[]) => unknown
    Object.assign(device, {
      [name]: (...given: unknown[]) => {
        counts.set(name, (counts.get(name) ?? 0) + 1)
        return make(...given)
      },
    })
  }
  return counts
}

it(`makes nothing on the device in ${RUNS} replays, and submits once for each`, async () => {
  const session = await openEngine(model, { machine: createWebgpuMachine(gpu.device, gpu.facts) })
  const { stages } = await session.explain(pictures(2))
  expect(stages.flatMap(({ steps }) => steps).filter(({ kernel }) => kernel === 'host')).toEqual([])
  const first = await session.run(pictures(2))
  const counts = counted(gpu.device)
  const submits = submitsOf(gpu.device.queue)
  const before = session.memoryBytes
  for (let i = 0; i < RUNS; i++) expect((await session.run(pictures(2))).get('y')).toEqual(first.get('y'))
  expect([...counts]).toEqual([])
  expect(session.memoryBytes).toBe(before)
  expect(submits.count).toBe(RUNS)
  const reference = await openEngine(model, { machine: 'reference' })
  const expected = await reference.run(pictures(2))
  expect(first.get('a')).toEqual(expected.get('a'))
  first.get('y')!.values.forEach((value, i) => expect(value).toBeCloseTo(Number(expected.get('y')!.values[i]), 5))
  session.dispose()
})

function submitsOf(queue: GPUQueue): { count: number } {
  const submits = { count: 0 }
  const submit = queue.submit.bind(queue)
  queue.submit = (buffers) => {
    submits.count++
    submit(buffers)
  }
  return submits
}
