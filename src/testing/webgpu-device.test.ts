import { expect, test } from 'vitest'
import { testDevice, testGpu } from './webgpu-device'

const DOUBLE = `
@group(0) @binding(0) var<storage, read_write> x: array<f32>;
@compute @workgroup_size(64) fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  if (id.x >= arrayLength(&x)) { return; }
  x[id.x] *= 2;
}`

test.each([{ robust: false }, { robust: true }])('computes on SwiftShader, %o', async (options) => {
  const device = await testDevice(options)
  const size = 70 * 4
  const buffer = device.createBuffer({
    size,
    usage: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST,
  })
  device.queue.writeBuffer(
    buffer,
    0,
    Float32Array.from({ length: 70 }, (_, i) => i),
  )
  const pipeline = device.createComputePipeline({
    layout: 'auto',
    compute: { module: device.createShaderModule({ code: DOUBLE }) },
  })
  const read = device.createBuffer({ size, usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST })
  const encoder = device.createCommandEncoder()
  const pass = encoder.beginComputePass()
  pass.setPipeline(pipeline)
  pass.setBindGroup(
    0,
    device.createBindGroup({
      layout: pipeline.getBindGroupLayout(0),
      entries: [{ binding: 0, resource: { buffer } }],
    }),
  )
  pass.dispatchWorkgroups(2)
  pass.end()
  encoder.copyBufferToBuffer(buffer, 0, read, 0, size)
  device.queue.submit([encoder.finish()])
  await read.mapAsync(GPUMapMode.READ)
  expect(new Float32Array(read.getMappedRange())[69]).toBe(138)
  device.destroy()
})

test('tells that it is software, with limits of the adapter instead of the defaults', async () => {
  const gpu = await testGpu()
  expect(gpu.facts.isSoftware).toBe(true)
  expect(gpu.facts.limits.maxStorageBufferBindingSize).toBeGreaterThan(128 * 2 ** 20)
  expect(gpu.facts.limits.maxStorageBuffersPerShaderStage).toBeGreaterThanOrEqual(10)
  expect(gpu.facts.features.has('subgroups')).toBe(true)
  gpu.dispose()
  expect((await gpu.lost).reason).toBe('destroyed')
})
