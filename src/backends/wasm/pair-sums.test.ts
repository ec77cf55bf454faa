import { readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import pairSumsUrl from '../../../build/wasm/pair-sums.wasm?url'
import { DeviceError } from '../../core/errors'
import { Random } from '../../core/random'
import { canSaturate, type Columns, type PairSums } from '../pair-sums'
import { referencePairSums } from '../reference/pair-sums'
import { createWasmPairSums } from './pair-sums'

const simd = await createWasmPairSums(new Uint8Array(await readFile(new URL(pairSumsUrl))))
const random = new Random(7)

const bytes = (count: number) => Uint8Array.from({ length: count }, () => random.below(256))
const rows = (source: Uint8Array, depth: number): Columns => ({
  source,
  starts: Int32Array.from({ length: source.length / depth }, (_, p) => p * depth),
  offsets: Int32Array.from({ length: depth }, (_, k) => k),
})

/** Without the places that only fill up a panel. */
function multiply(by: PairSums, weights: Int16Array, outputs: number, columns: Columns) {
  const { sums, stride, saturated } = by.load(weights, outputs).multiply(columns)
  const places = columns.starts.length
  return {
    saturated,
    sums: Array.from({ length: outputs }, (_, o) => [...sums.subarray(o * stride, o * stride + places)]),
  }
}

describe.each([referencePairSums, simd])('pair sums ($name)', (by) => {
  it('keeps a pair within 16 bits, at both ends, and counts it', () => {
    const weights = Int16Array.of(127, 127, -128, -128, 1, 1, 127, 2, 127, -128, 5, 5)
    const columns = rows(Uint8Array.of(255, 255, 255, 255), 2)
    // 255·254 = 64770 → 32767; −255·256 → −32768; 510; 255·129 = 32895 → 32767; −255; 2550
    expect(multiply(by, weights, 6, columns)).toEqual({
      saturated: 6,
      sums: [32_767, -32_768, 510, 32_767, -255, 2550].map((sum) => [sum, sum]),
    })
  })

  it('adds pairs after they were cut, and leaves the odd element alone', () => {
    // (200·127 + 100·127 → 32767) + (10·−3 + 20·4) + 255·127
    expect(multiply(by, Int16Array.of(127, 127, -3, 4, 127), 1, rows(Uint8Array.of(200, 100, 10, 20, 255), 5))).toEqual(
      {
        saturated: 1,
        sums: [[32_767 + 50 + 32_385]],
      },
    )
  })

  it('adds up exactly where it is told to', () => {
    const product = by.load(Int16Array.of(255, 255, 127, 127), 2, true)
    const { sums, stride, saturated } = product.multiply(rows(Uint8Array.of(255, 255), 2))
    expect([sums[0], sums[stride], saturated]).toEqual([130_050, 64_770, 0])
  })

  it('finds elements by starts and offsets', () => {
    const columns = { source: Uint8Array.of(1, 2, 3, 4, 5), starts: Int32Array.of(0, 2), offsets: Int32Array.of(2, 0) }
    expect(multiply(by, Int16Array.of(10, 1), 1, columns).sums).toEqual([[31, 53]])
  })
})

describe('the SIMD kernel', () => {
  it.each([
    [1, 1, 1],
    [3, 7, 5],
    [9, 8, 4],
    [17, 33, 6],
    [64, 144, 16],
    // more than is gathered at once
    [203, 999, 3],
  ])('gives the integers of the reference: %d places, depth %d, %d outputs', (places, depth, outputs) => {
    const weights = Int16Array.from({ length: outputs * depth }, () => random.below(256) - 128)
    weights.fill(0, 0, depth)
    const columns = rows(bytes(places * depth), depth)
    expect(multiply(simd, weights, outputs, columns)).toEqual(multiply(referencePairSums, weights, outputs, columns))
  })

  it('keeps the layers that were loaded before apart', () => {
    const [one, other] = [simd.load(Int16Array.of(1, 2), 1), simd.load(Int16Array.of(3, 4, 5, 6), 2)]
    const columns = rows(Uint8Array.of(10, 1), 2)
    expect(one.multiply(columns).sums[0]).toBe(12)
    expect([...other.multiply(columns).sums].filter((sum) => sum !== 0)).toEqual([34, 56])
    expect(one.multiply(columns).sums[0]).toBe(12)
  })

  it('says so where it cannot be loaded', async () => {
    await expect(createWasmPairSums(new Uint8Array(8))).rejects.toBeInstanceOf(DeviceError)
  })
})

it('knows which weights can saturate', () => {
  expect(canSaturate(64, 64)).toBe(false)
  expect(canSaturate(64, 65)).toBe(true)
  expect(canSaturate(-64, -64)).toBe(false)
  expect(canSaturate(-64, -65)).toBe(true)
  expect(canSaturate(127, -128)).toBe(false)
})
