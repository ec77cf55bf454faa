import { expect, it } from 'vitest'
import { hostArray } from '../../core/host-array'
import { fromDevice, toDevice } from './elements'

it.each([
  ['float32', [1.5, -0, NaN, Infinity, 1e-40]],
  ['float16', [1.5, -65504, 0.1]],
  ['int8', [-128, 127, 0, 5, -1]],
  ['uint8', [255, 0, 7]],
  ['int4', [-8, 7, 3]],
  ['int16', [-32768, 32767, 1]],
  ['uint16', [65535, 0, 9]],
  ['int32', [-(2 ** 31), 2 ** 31 - 1]],
  ['uint32', [2 ** 32 - 1, 0, 3]],
  ['int64', [-(2n ** 31n), 2n ** 31n - 1n, 0n]],
  ['uint64', [2n ** 32n - 1n, 5n]],
  ['bool', [1, 0, 1, 1, 0]],
] as const)('takes %s to the device and back', (dtype, numbers) => {
  const array = hostArray(dtype, [numbers.length], numbers as readonly number[])
  const words = toDevice(array)
  expect(words.length % 4).toBe(0)
  expect(fromDevice(dtype, array.shape, words.slice())).toEqual(array)
})

it('packs narrow integers, low bits first, and pads the last word', () => {
  expect([...toDevice(hostArray('int8', [5], [-1, 2, 3, 4, -128]))]).toEqual([255, 2, 3, 4, 128, 0, 0, 0])
  expect([...toDevice(hostArray('uint16', [1], [0x1234]))]).toEqual([0x34, 0x12, 0, 0])
})

it('holds truth as whole words', () => {
  expect([...toDevice({ dtype: 'bool', shape: [2], values: Uint8Array.of(7, 0) })]).toEqual([1, 0, 0, 0, 0, 0, 0, 0])
})

it.each([
  ['int64', 2n ** 31n],
  ['int64', -(2n ** 31n) - 1n],
  ['uint64', 2n ** 32n],
] as const)('refuses %s %s, which 32 bits cannot hold', (dtype, value) => {
  expect(() => toDevice(hostArray(dtype, [2], [1n, value]))).toThrow(
    `The GPU holds ${dtype} in 32 bits, and the value ${value} does not fit. Use another backend for this model: wasm or reference.`,
  )
})
