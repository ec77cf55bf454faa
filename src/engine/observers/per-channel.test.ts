import { expect, it } from 'vitest'
import { referenceBackend } from '../../backends/reference/reference'
import { createBackend } from '../../backends'
import { loadQuantizeWasm } from '../../testing/backends'
import { PerChannelMinMax } from './per-channel'

it('finds the range of each channel over samples of several sizes, the same on every backend', async () => {
  const { backend: wasm } = await createBackend('wasm', loadQuantizeWasm)
  for (const backend of [referenceBackend, wasm]) {
    const observer = new PerChannelMinMax(backend, 1)
    expect(observer.range.min).toHaveLength(0)
    // [1, 3, 2]: one channel is all zero
    await observer.add(Float32Array.of(1, -2, 0, 0, 5, 7), [1, 3, 2])
    await observer.add(new Float32Array(0), [0, 3, 9])
    // [2, 3, 1]
    await observer.add(Float32Array.of(-3, 0, 9.5, 0.5, 0, 6), [2, 3, 1])
    expect([...observer.range.min]).toEqual([-3, 0, 5])
    expect([...observer.range.max]).toEqual([1, 0, 9.5])
    await expect(observer.add(new Float32Array(4), [1, 4, 1])).rejects.toMatchObject({
      name: 'ShapeError',
      message: 'A sample of shape [1, 4, 1] has 4 channels on axis 1; those before had 3.',
    })
    await expect(observer.add(Float32Array.of(0, NaN, 0), [1, 3, 1])).rejects.toMatchObject({
      name: 'UnsupportedError',
      message: 'Element 1 of the value is NaN or infinite, so it has no range.',
    })
  }
})
