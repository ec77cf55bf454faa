import { beforeAll, describe, expect, it } from 'vitest'
import { elementCount } from '../../core/dtypes'
import { Random } from '../../core/random'
import { expectLikeNaive } from '../../testing/like-naive'
import { operand } from '../../testing/one-call'
import { convCall, convWeightCall, filled } from '../../testing/random-windows'
import { testGpu } from '../../testing/webgpu-device'
import type { ConvCall, ConvTransposeCall, KernelCall } from '../kernel-calls'
import type { Machine } from '../machine'
import type { DeviceFacts } from './dispatch'
import { createWebgpuMachine } from './machine'

const SEED = Number(process.env['FUZZ_SEED'] ?? 5)
const CASES = 30
/** Of the variant whose pipelines take longest on a software adapter. */
const FEW_CASES = 8
/** f32 sums of up to 500 products, relative to 1 + |expected|. */
const TOLERANCE = 2e-5

let device: GPUDevice
let facts: DeviceFacts
const machineWith = (changes: Partial<DeviceFacts>): Machine => createWebgpuMachine(device, { ...facts, ...changes })

const openDevice = async () => {
  ;({ device, facts } = await testGpu())
}

const compare = (machine: Machine, call: KernelCall) =>
  expectLikeNaive(machine, { title: JSON.stringify(call), call, inputs: filled(call), tolerance: TOLERANCE })

async function fuzz(machine: Machine, isTransposed: boolean, cases = CASES): Promise<void> {
  const random = new Random(SEED)
  for (let i = 0; i < cases; i++) await compare(machine, convCall(random, isTransposed))
}

/** A convolution over a square image. */
function square(options: {
  readonly [name in 'batch' | 'groups' | 'inPerGroup' | 'outPerGroup' | 'size' | 'kernel']: number
}): ConvCall {
  const { batch, groups, inPerGroup, outPerGroup, size, kernel } = options
  const output = size - kernel + 1
  const axis = { input: size, output, kernel, stride: 1, dilation: 1, padBegin: 0 }
  return {
    kernel: 'conv',
    input: operand([batch, groups * inPerGroup, size, size]),
    weight: operand([groups * outPerGroup, inPerGroup, kernel, kernel]),
    bias: operand([groups * outPerGroup]),
    output: operand([batch, groups * outPerGroup, output, output]),
    ...{ batch, groups, inPerGroup, outPerGroup },
    axes: [axis, axis],
    activation: { type: 'relu' },
  }
}

describe(`convolutions of random forms give what their naive forms give, seed ${SEED}`, () => {
  beforeAll(openDevice)

  it.each(['plain', 'tile'])('%s', async (conv) => fuzz(machineWith({ tiles: { conv } }), false))
  it('shared', async () => fuzz(machineWith({ tiles: { conv: 'shared' } }), false, FEW_CASES))
  it('as a software adapter chooses', async () => fuzz(machineWith({ isSoftware: true, tiles: {} }), false))
  it('as a real adapter chooses', async () => fuzz(machineWith({ isSoftware: false, tiles: {} }), false))
})

describe(`transposed convolutions of random forms give what their naive forms give, seed ${SEED}`, () => {
  beforeAll(openDevice)

  it.each(['plain', 'product'])('%s', async (convTranspose) => fuzz(machineWith({ tiles: { convTranspose } }), true))
})

describe('more than one tile', () => {
  beforeAll(openDevice)

  it.each([true, false])('of channels and places, software adapter %s', async (isSoftware) => {
    const machine = machineWith({ isSoftware, tiles: {} })
    await compare(machine, square({ batch: 3, groups: 2, inPerGroup: 5, outPerGroup: 37, size: 19, kernel: 3 }))
  })

  it('of 64 channels, when there are many places', async () => {
    const machine = machineWith({ isSoftware: false, tiles: {} })
    await compare(machine, square({ batch: 2, groups: 1, inPerGroup: 3, outPerGroup: 67, size: 58, kernel: 2 }))
  })

  it('of kernels of one pixel, which are products', async () => {
    await compare(machineWith({}), square({ batch: 2, groups: 1, inPerGroup: 33, outPerGroup: 17, size: 9, kernel: 1 }))
  })
})

describe('operands that are larger than a binding', () => {
  beforeAll(openDevice)

  // an image of x has 4 · 1 KiB, of y 8 · 1 KiB
  const limits = () => ({ ...facts.limits, maxStorageBufferBindingSize: 20 * 1024 })
  const conv = square({ batch: 5, groups: 2, inPerGroup: 2, outPerGroup: 4, size: 16, kernel: 1 })

  it.each(['plain', 'tile', 'shared'])('are computed some images at a time, %s', async (variant) => {
    await compare(machineWith({ limits: limits(), tiles: { conv: variant } }), conv)
  })

  it('are computed some images at a time, transposed', async () => {
    const call: ConvTransposeCall = { ...conv, kernel: 'convTranspose', weight: operand([4, 4, 1, 1]) }
    await compare(machineWith({ limits: limits(), tiles: {} }), call)
  })

  it('are refused where not even one image fits', () => {
    const small = { ...facts.limits, maxStorageBufferBindingSize: 4096 }
    expect(machineWith({ limits: small }).supports(conv)).toBe(false)
  })

  it('make products of transposed convolutions smaller', async () => {
    const call: ConvTransposeCall = {
      ...square({ batch: 3, groups: 2, inPerGroup: 5, outPerGroup: 3, size: 12, kernel: 1 }),
      kernel: 'convTranspose',
      weight: operand([10, 3, 2, 2]),
      output: operand([3, 6, 24, 24]),
      axes: [0, 1].map(() => ({ input: 12, output: 24, kernel: 2, stride: 2, dilation: 1, padBegin: 0 })),
    }
    // columns of a group of an image take 6912 bytes
    await compare(machineWith({ limits: { ...facts.limits, maxStorageBufferBindingSize: 48 * 1024 } }), call)
  })
})

describe(`gradients of weights give what their naive forms give, seed ${SEED}`, () => {
  beforeAll(openDevice)

  it.each([
    ['plain', 16],
    ['shared', 2],
  ] as const)('%s', async (convWeightGradient, cases) => {
    const random = new Random(SEED)
    for (let i = 0; i < cases; i++) {
      const call = convWeightCall(random)
      // sums over the places of a whole batch
      const tolerance = Math.max(TOLERANCE, 5e-7 * elementCount(call.gradient.shape.toSpliced(1, 1)))
      const machine = machineWith({ tiles: { convWeightGradient } })
      await expectLikeNaive(machine, { title: JSON.stringify(call), call, inputs: filled(call), tolerance })
    }
  })
})
