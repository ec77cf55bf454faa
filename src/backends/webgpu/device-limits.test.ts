import { expect, it } from 'vitest'
import { testGpu } from '../../testing/webgpu-device'
import { measureDevice } from './device-limits'
import { Health } from './health'
import { FLOATS, QuantizeRunner } from './quantize-runner'

it('are those of a device', async () => {
  const gpu = await testGpu()
  const { bytesPerSecond, flopsPerSecond } = await measureDevice(gpu)
  expect(bytesPerSecond).toBeGreaterThan(1e7)
  expect(flopsPerSecond).toBeGreaterThan(1e7)
  expect(Math.max(bytesPerSecond, flopsPerSecond / 10)).toBeLessThan(1e14)
  gpu.dispose()
})

it('come from arithmetic and copies that are really done', async () => {
  const gpu = await testGpu()
  const runner = new QuantizeRunner(gpu.device, new Health(gpu.device))
  const numbers = async (buffer: GPUBuffer, count: number, job: Parameters<typeof runner.run>[0]['jobs'][number]) =>
    new Float32Array((await runner.run({ jobs: [job], read: { buffer, bytes: 4 * count } })).buffer)

  const sums = await runner.buffer('sums', 16 * 70)
  const found = await numbers(sums, 4 * 70, {
    ...{ shader: 'peak', storage: [{ name: 'y', layout: FLOATS, vector: 4, buffer: sums }], invocations: 70 },
    sizes: { steps: 3, factor: { f32: 0.5 }, term: { f32: 0.75 } },
  })
  // eight sums that began at i mod 4 … i mod 4 + 7: 8 · 1.5 + (28 + 8 (i mod 4) - 12) / 2³
  expect([...found]).toEqual(Array.from({ length: 280 }, (_, i) => 12 + (16 + 8 * (Math.floor(i / 4) % 4)) / 8))

  const values = Float32Array.from({ length: 4 * 70 }, (_, i) => i / 3 - 9)
  const [x, y] = [await runner.upload('x', values, 16), await runner.buffer('y', 16 * 70)]
  const storage = [
    { name: 'x', layout: FLOATS, vector: 4 as const, buffer: x },
    { name: 'y', layout: FLOATS, vector: 4 as const, buffer: y },
  ]
  expect(await numbers(y, 4 * 70, { shader: 'copy-vectors', storage, sizes: {}, invocations: 70 })).toEqual(values)
  runner.dispose()
  gpu.dispose()
})
