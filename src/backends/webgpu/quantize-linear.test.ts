import { beforeAll, describe, expect, it } from 'vitest'
import type { KnownDType } from '../../core/dtypes'
import { emptyArray, setValue, type HostArray } from '../../core/host-array'
import { decodeMinifloat, isMinifloat } from '../../core/minifloat'
import { Random } from '../../core/random'
import { operand, runCall } from '../../testing/one-call'
import { planMachine } from '../../testing/plan-machine'
import { webgpuMachine } from '../../testing/webgpu-machine'
import { binary } from '../../ops/elementwise'
import type { Operand, QuantizeCall } from '../kernel-calls'
import type { Machine } from '../machine'
import { kernelCases } from '../wasm/kernels-kit'

let machine: Machine
beforeAll(async () => (machine = await webgpuMachine()))

function arrayOf({ dtype, shape }: Operand, value: (i: number) => number): HostArray {
  const array = emptyArray(dtype, shape)
  for (let i = 0; i < array.values.length; i++) setValue(array, i, value(i))
  return array
}

async function expectSame(call: QuantizeCall, inputs: ReadonlyMap<Operand, HostArray>, title: string) {
  expect(machine.supports(call), title).toBe(true)
  const [found] = await runCall(machine, call, inputs)
  const [expected] = await runCall(planMachine, call, inputs)
  const differs = found!.values.findIndex((x, i) => !Object.is(Number(x) + 0, Number(expected!.values[i]) + 0))
  expect(
    differs < 0 ? title : `${title}: ${found!.values[differs]} for ${expected!.values[differs]} at ${differs}`,
  ).toBe(title)
}

/** Of any bits; denormals, infinities and NaN among them. */
function anyFloats(count: number, seed: number): Float32Array {
  const random = new Random(seed)
  const words = Uint32Array.from({ length: count }, () => random.below(2 ** 32))
  return new Float32Array(words.buffer)
}

const INTEGERS: readonly KnownDType[] = ['int8', 'uint8', 'int4', 'uint4', 'int2', 'uint2', 'int16', 'uint16']
const FLOATS: readonly KnownDType[] = ['float8e4m3fn', 'float8e5m2', 'float8e4m3fnuz', 'float4e2m1']
const low = (dtype: KnownDType) => (dtype.startsWith('uint') ? 0 : -1)

/** Scales per channel, or per block of two along the channels. */
const FORMS = [
  { outer: 2, channels: 3, inner: 43 },
  { outer: 29, channels: 7, inner: 1 },
  { outer: 2, channels: 5, inner: 7, block: 2 },
  { outer: 3, channels: 7, inner: 1, block: 4 },
] as const

function callOf(kernel: QuantizeCall['kernel'], from: KnownDType, to: KnownDType, form: (typeof FORMS)[number]) {
  const { outer, channels, inner } = form
  const shape = [outer, channels, inner]
  const scales = 'block' in form ? [outer, Math.ceil(channels / form.block), inner] : [channels]
  const integer = kernel === 'quantizeLinear' ? to : from
  const [input, output, scale, zeroPoint] = [
    operand(shape, from),
    operand(shape, to),
    operand(scales),
    operand(scales, integer),
  ]
  return { call: { kernel, input, output, scale, zeroPoint, ...form } satisfies QuantizeCall, input, scale, zeroPoint }
}

const title = (dtype: KnownDType, form: (typeof FORMS)[number]) => `${dtype} ${JSON.stringify(form)}`

describe('on WebGPU', () => {
  it.each(['quantizeLinear', 'dequantizeLinear'] as const)('%s gives what its naive form gives', async (kernel) => {
    const cases = kernelCases().filter(({ call }) => call.kernel === kernel)
    expect(cases.length).toBeGreaterThan(10)
    for (const { title, call, inputs } of cases) await expectSame(call as QuantizeCall, inputs, title)
  })

  it.each(INTEGERS)('quantizes to %s with every form of scales, ties and quotients beside them', async (dtype) => {
    for (const form of FORMS) {
      const { call, input, scale, zeroPoint } = callOf('quantizeLinear', 'float32', dtype, form)
      const step = (i: number) => Math.fround(0.1 * (i + 1))
      // halves of a step, each the nearest float, one below and one above
      const near = (i: number) => {
        const word = new Int32Array(Float32Array.of(step(i % 3) * ((i % 41) - 20.5)).buffer)
        word[0] = word[0]! + (i % 3) - 1
        return new Float32Array(word.buffer)[0] as number
      }
      const inputs = new Map([
        [input, arrayOf(input, near)],
        [scale, arrayOf(scale, (i) => step(i % 3))],
        [zeroPoint, arrayOf(zeroPoint, (i) => (i % 2) + low(dtype))],
      ])
      await expectSame(call, inputs, title(dtype, form))
    }
  })

  it.each(FLOATS)('quantizes to %s', async (dtype) => {
    if (!isMinifloat(dtype)) throw new Error(dtype)
    for (const form of FORMS) {
      const { call, input, scale, zeroPoint } = callOf('quantizeLinear', 'float32', dtype, form)
      const codes = dtype === 'float4e2m1' ? 16 : 256
      // between two codes
      const x = (i: number) => (decodeMinifloat(dtype, i % codes) + decodeMinifloat(dtype, (i + 1) % codes)) / 2
      const inputs = new Map([
        [input, arrayOf(input, (i) => x(i) * 0.7)],
        [scale, arrayOf(scale, (i) => 0.7 + (i % 2))],
        [zeroPoint, arrayOf(zeroPoint, () => 0)],
      ])
      await expectSame(call, inputs, title(dtype, form))
    }
  })

  it.each([...INTEGERS, ...FLOATS, 'int32'] as const)('dequantizes %s', async (dtype) => {
    for (const form of FORMS) {
      const { call, input, scale, zeroPoint } = callOf('dequantizeLinear', dtype, 'float32', form)
      const bits = Number(/\d+/.exec(dtype)?.[0])
      const whole = (i: number) => ((i * 7919) % 2 ** Math.min(bits, 16)) + low(dtype) * 2 ** (Math.min(bits, 16) - 1)
      const value = (i: number) =>
        isMinifloat(dtype) ? decodeMinifloat(dtype, (i * 37) % (dtype === 'float4e2m1' ? 16 : 120)) : whole(i)
      const inputs = new Map([
        [input, arrayOf(input, value)],
        [scale, arrayOf(scale, (i) => 0.013 * (i + 1))],
        [zeroPoint, arrayOf(zeroPoint, (i) => (isMinifloat(dtype) ? 0 : (i % 2) + low(dtype)))],
      ])
      await expectSame(call, inputs, title(dtype, form))
    }
  })

  it('quantizes floats of any bits by scales of any bits', async () => {
    const count = 1 << 14
    const [x, scale] = [anyFloats(count, 5), anyFloats(count, 6).map(Math.abs)]
    const shape = [1, count, 1]
    for (const dtype of ['int8', 'uint16'] as const) {
      const [input, step, output] = [operand(shape), operand([count]), operand(shape, dtype)]
      const call: QuantizeCall = {
        kernel: 'quantizeLinear',
        input,
        scale: step,
        output,
        outer: 1,
        channels: count,
        inner: 1,
      }
      // quotients within the type's range are rare among floats of any bits
      const near = x.map((value, i) => (i % 2 === 0 ? value : Math.fround(scale[i]! * ((i % 509) / 2 - 127))))
      const inputs = new Map([
        [input, { dtype: 'float32' as const, shape, values: near as Float32Array<ArrayBuffer> }],
        [step, { dtype: 'float32' as const, shape: [count], values: scale as Float32Array<ArrayBuffer> }],
      ])
      await expectSame(call, inputs, dtype)
    }
  })

  it('divides floats of any bits as IEEE 754 says, where a formula asks for it', async () => {
    const shape = [1 << 14]
    const [a, b] = [operand(shape), operand(shape)]
    const expression = binary('quotient', { input: 0 }, { input: 1 })
    const call = { kernel: 'map', expression, inputs: [a, b], output: operand(shape) } as const
    const values = (seed: number) => ({
      dtype: 'float32' as const,
      shape,
      values: anyFloats(shape[0]!, seed) as Float32Array<ArrayBuffer>,
    })
    const inputs = new Map([
      [a, values(1)],
      [b, values(2)],
    ])
    const [found] = await runCall(machine, call, inputs)
    const [expected] = await runCall(planMachine, call, inputs)
    const floats = [found, expected].map((array) => array!.values as Float32Array<ArrayBuffer>)
    const [isNan, isNanExpected] = floats.map((one) => one.map((x) => Number(Number.isNaN(x))))
    expect(isNan).toEqual(isNanExpected)
    const [plain, plainExpected] = floats.map((one) => Buffer.from(one.map((x) => (Number.isNaN(x) ? 0 : x)).buffer))
    expect(plain!.equals(plainExpected!)).toBe(true)
  })
})
