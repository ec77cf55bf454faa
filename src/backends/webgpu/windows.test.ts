import { describe, expect, it } from 'vitest'
import { elementCount, type KnownDType } from '../../core/dtypes'
import { hostArray, type HostArray } from '../../core/host-array'
import { Random } from '../../core/random'
import { expectLikeNaive } from '../../testing/like-naive'
import { operand, runCall } from '../../testing/one-call'
import { filled, maxPoolGradientCall, poolCall } from '../../testing/random-windows'
import { webgpuMachine } from '../../testing/webgpu-machine'
import type { ArgPoolCall, FoldCall, Operand, PoolCall, ResampleCall, RoiCall, SampleCall } from '../kernel-calls'

const SEED = Number(process.env['FUZZ_SEED'] ?? 7)
const CASES = 40
const sum = 2e-6

const array = (of: Operand, valueOf: (i: number) => number): HostArray =>
  hostArray(
    of.dtype,
    of.shape,
    Array.from({ length: elementCount(of.shape) }, (_, i) => valueOf(i)),
  )
/** Numbers from −low to high without a visible order, all different for small arrays. */
const spread =
  (low: number, high: number) =>
  (i: number): number =>
    low + ((i * 0.618034 + 0.37) % 1) * (high - low)

describe(`poolings of random forms give what their naive forms give, seed ${SEED}`, () => {
  it.each(['max', 'average', 'norm'] as const)('%s', async (type) => {
    const random = new Random(SEED)
    for (let i = 0; i < CASES; i++) {
      const call: PoolCall = { ...poolCall(random), type, ...(type === 'norm' && { norm: 1 + (i % 4) }) }
      const title = JSON.stringify(call)
      await expectLikeNaive(await webgpuMachine(), { title, call, inputs: filled(call), tolerance: sum })
    }
  })

  it.each(['float32', 'int8', 'uint8', 'int32'] as const)('the largest %s and its place', async (dtype) => {
    const random = new Random(SEED)
    for (let i = 0; i < CASES / 2; i++) {
      const { planes, axes, input, output, padEnds } = poolCall(random)
      const x = operand(input.shape, dtype)
      const inputs = new Map([[x, array(x, (at) => Math.round(spread(dtype === 'uint8' ? 0 : -128, 127)(at)))]])
      const shared = { input: x, planes, axes }
      const max: PoolCall = {
        ...{ kernel: 'pool', type: 'max', countsPadding: false, padEnds, ...shared },
        output: operand(output.shape, dtype),
      }
      const place: ArgPoolCall = {
        ...{ kernel: 'argPool', byColumns: i % 2 === 0, ...shared },
        output: operand(output.shape, 'int64'),
      }
      const machine = await webgpuMachine()
      await expectLikeNaive(machine, { title: JSON.stringify(max), call: max, inputs, tolerance: 0 })
      await expectLikeNaive(machine, { title: JSON.stringify(place), call: place, inputs, tolerance: 0 })
    }
  })

  it('where gradients of the largest go', async () => {
    const random = new Random(SEED)
    for (let i = 0; i < CASES / 2; i++) {
      const call = maxPoolGradientCall(random)
      const inputs = filled(call)
      // few values, so that there are equals
      inputs.set(
        call.input,
        array(call.input, (at) => Math.round(spread(-2, 2)(at))),
      )
      await expectLikeNaive(await webgpuMachine(), { title: JSON.stringify(call), call, inputs, tolerance: sum })
    }
  })

  it('NaN goes through, infinities are numbers', async () => {
    const axes = [{ input: 6, output: 3, kernel: 2, stride: 2, dilation: 1, padBegin: 0 }]
    const [x, y] = [operand([1, 6]), operand([1, 3])]
    const call = {
      kernel: 'pool',
      type: 'max',
      countsPadding: false,
      padEnds: [0],
      input: x,
      output: y,
      planes: 1,
      axes,
    }
    const inputs = new Map([[x, hostArray('float32', [1, 6], [1, NaN, -Infinity, -Infinity, Infinity, 2])]])
    const [found] = await runCall(await webgpuMachine(), call as PoolCall, inputs)
    expect([...found!.values]).toEqual([NaN, -Infinity, Infinity])
  })
})

describe('blocks are added up', () => {
  it.each(['float32', 'int32'] as const)('to images of %s', async (dtype) => {
    const axes = [
      { input: 4, output: 9, kernel: 3, stride: 2, dilation: 1, padBegin: 1 },
      { input: 5, output: 11, kernel: 2, stride: 2, dilation: 3, padBegin: 0 },
    ]
    const input = operand([7, 6, 20], dtype)
    const call: FoldCall = { kernel: 'fold', input, output: operand([7, 9, 11], dtype), planes: 7, axes }
    const inputs = new Map([[input, array(input, (i) => Math.round(spread(-90, 60)(i)))]])
    await expectLikeNaive(await webgpuMachine(), { title: 'fold', call, inputs, tolerance: 0 })
  })
})

it('resamples by tables, and does not read entries of weight 0', async () => {
  const input = operand([3, 4, 5])
  const call: ResampleCall = {
    ...{ kernel: 'resample', input, output: operand([3, 7, 5]), outer: 3, size: 4, newSize: 7, inner: 5, taps: 2 },
    indices: [0, 1, 1, 2, 3, 3, 2, 0, 0, 0, 1, 3, 2, 2],
    weights: [0.25, 0.75, 1, 0, 0.5, 0.5, -0.25, 1.25, 0, 0, 0.1, 0.9, 1, 0],
  }
  const numbers = array(input, spread(-3, 2))
  // read by no entry with a weight, but by one without
  numbers.values[2 * 5] = NaN
  await expectLikeNaive(await webgpuMachine(), {
    ...{ title: 'resample', call, inputs: new Map([[input, numbers]]), tolerance: sum },
  })
})

const MODES = ['nearest', 'linear', 'cubic'] as const
const PADDINGS = ['zeros', 'border', 'reflection'] as const
const UNITS = ['elements', 'centers', 'edges'] as const

describe.each(MODES)('images read at positions, %s', (mode) => {
  it.each(PADDINGS)('%s outside', async (padding) => {
    for (const unit of UNITS) {
      for (const sizes of [[9], [5, 7], [3, 1, 6]]) {
        const [images, channels, places] = [2, 3, 41]
        const input = operand([images, channels, ...sizes])
        const positions = operand([images, places, sizes.length])
        const output = operand([images, channels, places])
        const reach = unit === 'elements' ? spread(-4, 11) : spread(-2.2, 2.2)
        const odd = [NaN, Infinity, -Infinity, 1e30, -1, 1]
        const inputs = new Map([
          [input, array(input, spread(-3, 2))],
          [positions, array(positions, (i) => odd[i - 5] ?? reach(i))],
        ])
        const call: SampleCall = {
          ...{ kernel: 'sample', mode, padding, unit, input, positions, output, images, channels, sizes, places },
        }
        await expectLikeNaive(await webgpuMachine(), { title: JSON.stringify(call), call, inputs, tolerance: 2e-5 })
      }
    }
  })
})

describe('boxes', () => {
  const [images, channels, height, width, count, rows, columns] = [2, 3, 11, 13, 5, 3, 4]
  const shared = { images, channels, height, width, count, rows, columns }
  const input = operand([images, channels, height, width])
  const output = operand([count, channels, rows, columns])
  const corners = [0, 0, 12, 10, 1.5, 2.25, 7, 8, -3, -2, 30, 20, 5, 5, 5, 5, 2, 1, 9, 7.75]
  const boxes = operand([count, 4])
  const imageOf = operand([count], 'int64')
  const x = array(input, spread(-3, 2))

  const call = (changes: Partial<RoiCall>): RoiCall => ({
    ...{ kernel: 'roi', type: 'average', input, boxes, imageOf, output, ...shared },
    ...{ scale: 0.5, points: 0, isHalfPixel: true, ...changes },
  })
  const inputsOf = (places: readonly number[]) =>
    new Map([
      [input, x],
      [boxes, hostArray('float32', boxes.shape, corners)],
      [imageOf, hostArray('int64', imageOf.shape, places)],
    ])

  it.each([
    { type: 'average', points: 0, isHalfPixel: true },
    { type: 'average', points: 2, isHalfPixel: false },
    { type: 'max', points: 3, isHalfPixel: true },
    { type: 'max', points: 0, isHalfPixel: false },
  ] as const)('of points, %o', async (changes) => {
    const one = call(changes)
    const inputs = inputsOf([0, 1, 1, 0, 1])
    await expectLikeNaive(await webgpuMachine(), { title: JSON.stringify(one), call: one, inputs, tolerance: 2e-5 })
  })

  it('of whole elements', async () => {
    const whole = operand([count, 5])
    const given = [0, 1, 1, 0, 1].flatMap((image, box) => [image, ...corners.slice(4 * box, 4 * box + 4)])
    const inputs = new Map([
      [input, x],
      [whole, hostArray('float32', whole.shape, given)],
    ])
    const { imageOf: _, ...one } = call({ type: 'maxElement', boxes: whole, isHalfPixel: false })
    await expectLikeNaive(await webgpuMachine(), { title: 'roi', call: one, inputs, tolerance: 0 })
  })

  it('of images that are not there are told', async () => {
    const run = runCall(await webgpuMachine(), call({}), inputsOf([0, 1, 2, 0, 1]))
    await expect(run).rejects.toThrow('index 2 outside of')
  })
})

it('refuses what it cannot hold', async () => {
  const machine = await webgpuMachine()
  const axis = { input: 2, output: 1, kernel: 2, stride: 1, dilation: 1, padBegin: 0 }
  const call = (dtype: KnownDType): PoolCall => ({
    ...{ kernel: 'pool', type: 'average', countsPadding: false, padEnds: [0], planes: 1, axes: [axis] },
    input: operand([1, 2], dtype),
    output: operand([1, 1], dtype),
  })
  expect(machine.supports(call('float32'))).toBe(true)
  expect(machine.supports(call('int32'))).toBe(false)
  expect(machine.supports(call('float64'))).toBe(false)
})
