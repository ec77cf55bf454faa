/** The WebGPU machine: programs run as dispatches on one device, in the browser's workers and in Node alike. */
import { deviceLayout } from '../../core/device-layout'
import type { KnownDType } from '../../core/dtypes'
import type { Machine } from '../machine'
import { Buffers } from './buffers'
import type { DeviceFacts } from './dispatch'
import { BINDING_ALIGNMENT } from './encode'
import { Health } from './health'
import { supports } from './kernels'
import { Pipelines } from './pipelines'
import { WebgpuSession } from './session'

/** What all sessions on one device share. */
export interface Shared {
  readonly device: GPUDevice
  readonly facts: DeviceFacts
  readonly buffers: Buffers
  readonly pipelines: Pipelines
  readonly health: Health
}

/**
 * @param device its loss, and errors that nobody waits for, end runs with a DeviceError
 * @param facts what kernels choose their variants by
 */
export function createWebgpuMachine(device: GPUDevice, facts: DeviceFacts): Machine {
  const shared: Shared = {
    device,
    facts,
    buffers: new Buffers(device),
    pipelines: new Pipelines(device),
    health: new Health(device),
  }
  return {
    name: 'webgpu',
    placeAlignment: BINDING_ALIGNMENT,
    bytesPerElement: (dtype: KnownDType) => {
      const layout = deviceLayout(dtype)
      return layout && layout.bits / 8
    },
    supports: (call) => supports(call, facts),
    open: async () => {
      shared.health.check()
      return WebgpuSession.open(shared)
    },
  }
}
