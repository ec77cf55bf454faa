import { runtimeThreads } from '../../core/threads'

/** What this browser and device offer; looked up once, shown in the settings and copied into bug reports. */
export interface DeviceFacts {
  readonly cores: number
  /** As many as the worker of onnxruntime takes. */
  readonly threads: number
  readonly isIsolated: boolean
  /** Name of the WebGPU adapter; null where there is none. */
  readonly gpu: string | null
  readonly isSoftwareGpu: boolean
  readonly hasPrivateFiles: boolean
}

/** Software rasterizers, by the names that Chromium and Firefox give them. */
const SOFTWARE = /swiftshader|llvmpipe|lavapipe|basic render|software/i

export async function deviceFacts(): Promise<DeviceFacts> {
  const adapter = await navigator.gpu?.requestAdapter().catch(() => null)
  const { vendor = '', architecture = '', description = '' } = adapter?.info ?? {}
  const gpu = adapter ? description || [vendor, architecture].filter(Boolean).join(' ') || 'WebGPU' : null
  return {
    cores: navigator.hardwareConcurrency,
    threads: runtimeThreads(navigator.hardwareConcurrency, crossOriginIsolated),
    isIsolated: crossOriginIsolated,
    gpu,
    isSoftwareGpu: SOFTWARE.test(`${gpu ?? ''} ${vendor} ${architecture}`),
    hasPrivateFiles: 'getDirectory' in navigator.storage,
  }
}
