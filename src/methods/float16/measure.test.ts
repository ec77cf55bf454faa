import { describe, expect, it } from 'vitest'
import { float16ToFloat32 } from '../../core/float16'
import { f32, ramp } from '../../testing/build-model'
import { halfTensor, measureRounding } from './measure'

const named = (tensor: ReturnType<typeof f32>) => ({ ...tensor, name: 'w' })

describe('measureRounding', () => {
  it('finds the first value beyond float16, and lets infinities and NaN pass', async () => {
    expect(await measureRounding(named(f32([4], [1, -Infinity, 65519, 65520])))).toMatchObject({
      firstOverflow: 3,
      overflowValue: 65520,
    })
    expect(await measureRounding(named(f32([3], [NaN, Infinity, -2])))).toMatchObject({
      firstOverflow: -1,
      sqnrDb: null,
    })
  })

  it('counts values that vanish, and measures the noise as defined', async () => {
    const { vanished, sqnrDb } = await measureRounding(named(f32([4], [1, 2 ** -25, -1e-9, 1 / 3])))
    expect(vanished).toBe(2)
    const third = Math.fround(1 / 3)
    const noise = (2 ** -25) ** 2 + Math.fround(1e-9) ** 2 + (third - 0x555 / 0x1000) ** 2
    expect(sqnrDb).toBeCloseTo(10 * Math.log10((1 + (2 ** -25) ** 2 + third ** 2) / noise), 9)
  })
})

it('rounds any piece of a tensor by itself', async () => {
  const tensor = ramp([5, 7])
  const half = halfTensor(named(tensor), 'w_h')
  const whole = await half.data.read(0, half.data.sizeBytes)
  expect(half.dtype).toBe('float16')
  const values = float16ToFloat32(new Uint16Array(whole.buffer))
  expect(values[3]).toBeCloseTo(new Float32Array(tensor.bytes.buffer)[3] as number, 2)
  for (const [offset, length] of [
    [0, 1],
    [3, 20],
    [69, 1],
    [70, 0],
  ] as const) {
    expect([...(await half.data.read(offset, length))]).toEqual([...whole.slice(offset, offset + length)])
  }
})
