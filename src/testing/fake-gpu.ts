/** GPUs that machines of developers do not have: without adapter, software only, too small, without a device. */
export interface FakeAdapter {
  readonly info?: Partial<Record<'vendor' | 'architecture' | 'description', string>> & { isFallbackAdapter?: boolean }
  readonly limits?: Readonly<Record<string, number>>
  readonly features?: readonly string[]
  /** What `requestDevice` answers. */
  device?(): Promise<GPUDevice>
}

/** WebGPU's defaults and then some. */
const PLENTY = {
  maxStorageBufferBindingSize: 2 ** 30,
  maxBufferSize: 2 ** 30,
  maxStorageBuffersPerShaderStage: 10,
  maxComputeWorkgroupStorageSize: 32768,
  maxComputeInvocationsPerWorkgroup: 1024,
  maxComputeWorkgroupsPerDimension: 65535,
  maxComputeWorkgroupSizeX: 1024,
  maxComputeWorkgroupSizeY: 1024,
  maxComputeWorkgroupSizeZ: 64,
}

/** @param adapter null: there is none */
export function fakeGpu(adapter: FakeAdapter | null): GPU {
  const made = adapter && {
    info: { vendor: 'acme', architecture: 'model-1', description: '', ...adapter.info },
    limits: { ...PLENTY, ...adapter.limits },
    features: new Set(adapter.features),
    requestDevice: adapter.device ?? (() => Promise.reject(new Error('out of devices'))),
  }
  return { requestAdapter: async () => made } as unknown as GPU
}
