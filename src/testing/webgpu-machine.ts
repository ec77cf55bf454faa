/** The WebGPU machine on SwiftShader, for tests; one device for all that a file tests. Not part of the product. */
import type { Machine } from '../backends/machine'
import { createWebgpuMachine } from '../backends/webgpu/machine'
import { testGpu } from './webgpu-device'

let machine: Promise<Machine> | undefined

/** @throws Error in plain words where the package or the adapter is missing: tests fail then */
export function webgpuMachine(): Promise<Machine> {
  return (machine ??= testGpu().then(({ device, facts }) => createWebgpuMachine(device, facts)))
}
