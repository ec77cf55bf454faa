/**
 * From a `GPU` (the browser's `navigator.gpu`, or Dawn's) to a device with everything raised that kernels may use, and the
 * facts that they choose their variants by. Obtaining the `GPU` is the caller's: `workers/` and `cli/` differ only there.
 */
import type { DeviceFacts } from './dispatch'

/** Why there is no device; `text` is one sentence for a person. */
export interface NoGpu {
  readonly kind: 'no-webgpu' | 'no-adapter' | 'software' | 'limits' | 'device' | 'lost'
  readonly text: string
}

/** How an adapter calls itself. Browsers leave most of it empty; `name` is never. */
export interface AdapterName {
  readonly name: string
  readonly vendor: string
  readonly architecture: string
  readonly description: string
  readonly isSoftware: boolean
}

/** A device that is ours until `dispose`. */
export interface Gpu {
  readonly adapter: AdapterName
  readonly device: GPUDevice
  readonly facts: DeviceFacts
  /** From now on `facts` have these tile sizes. */
  useTiles(tiles: DeviceFacts['tiles']): void
  /** Errors that no scope caught, oldest first, at most `MAX_ERRORS`: bugs of ours, or of a driver. */
  readonly errors: readonly string[]
  /** Resolves with what the browser says once the device is gone, be it by `dispose`. */
  readonly lost: Promise<GPUDeviceLostInfo>
  /** Whether that happened, and not by `dispose`. */
  readonly isLost: boolean
  dispose(): void
}

export interface GpuRequest {
  /** Take an adapter that computes on the processor: right for tests, slower than WASM for everything else. */
  readonly allowSoftware: boolean
  /** false: as if the adapter had no optional features, to test the plain variants of kernels. */
  readonly withFeatures?: boolean
}

export type GpuAnswer = { readonly gpu: Gpu } | { readonly missing: NoGpu }

/** What kernels have a variant for. */
const FEATURES = [
  'shader-f16',
  'subgroups',
  'timestamp-query',
  'chromium-experimental-subgroup-matrix',
] as const satisfies readonly string[]

type LimitName = keyof DeviceFacts['limits']

/** Every limit that is raised to the adapter's own, with the least that the kernels are written for: WebGPU's defaults. */
const LEAST: Readonly<Record<LimitName, number>> = {
  maxStorageBufferBindingSize: 128 * 2 ** 20,
  maxBufferSize: 256 * 2 ** 20,
  maxStorageBuffersPerShaderStage: 8,
  maxComputeWorkgroupStorageSize: 16384,
  maxComputeInvocationsPerWorkgroup: 256,
  maxComputeWorkgroupsPerDimension: 65535,
}
const LIMITS = Object.keys(LEAST) as LimitName[]

/** Raised too, but no kernel asks for them. */
const QUIET_LIMITS = ['maxComputeWorkgroupSizeX', 'maxComputeWorkgroupSizeY', 'maxComputeWorkgroupSizeZ'] as const

const MAX_ERRORS = 20

/** Dawn ends with the object that it came from, whatever devices of it are in use: they keep it alive. */
const sources = new WeakMap<GPUDevice, GPU>()

/** Renderers on the processor that do not always say `isFallbackAdapter`. */
const SOFTWARE = /swiftshader|llvmpipe|lavapipe|softpipe|basic render|\bwarp\b/i

/**
 * Asks for the fastest adapter and a device of it.
 * @returns the device, or why there is none; never throws for what a machine lacks
 */
export async function requestGpu(gpu: GPU | undefined, request: GpuRequest): Promise<GpuAnswer> {
  if (!gpu) return missing('no-webgpu', 'WebGPU is not available here')
  const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' }).catch(() => null)
  if (!adapter) return missing('no-adapter', 'WebGPU found no graphics adapter')
  const name = adapterName(adapter)
  if (name.isSoftware && !request.allowSoftware) {
    return missing('software', `the only graphics adapter is software (${name.name}), which is slower than WebAssembly`)
  }
  const small = LIMITS.find((limit) => adapter.limits[limit] < LEAST[limit])
  if (small) {
    return missing(
      'limits',
      `${name.name} is too small: its ${small} is ${adapter.limits[small]}, at least ${LEAST[small]} is needed`,
    )
  }
  const answer = await openDevice(adapter, name, request)
  // a test may hand in the device of another GPU
  if ('gpu' in answer && !sources.has(answer.gpu.device)) sources.set(answer.gpu.device, gpu)
  return answer
}

async function openDevice(adapter: GPUAdapter, name: AdapterName, request: GpuRequest): Promise<GpuAnswer> {
  const offered = FEATURES.filter((feature) => adapter.features.has(feature) && request.withFeatures !== false)
  const requiredLimits: Record<string, number> = {}
  for (const limit of [...LIMITS, ...QUIET_LIMITS]) requiredLimits[limit] = adapter.limits[limit]
  try {
    const device = await adapter.requestDevice({
      label: 'plume',
      requiredFeatures: offered as readonly string[] as GPUFeatureName[],
      requiredLimits,
    })
    return { gpu: opened(device, name, matrixSidesOf(adapter.info)) }
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    return missing('device', `${name.name} gave no device: ${why}`)
  }
}

function opened(device: GPUDevice, adapter: AdapterName, matrixSides: readonly number[]): Gpu {
  const errors: string[] = []
  device.addEventListener('uncapturederror', (event) => {
    // Keeps the browser from logging it; the type lacks it, since the core is compiled without DOM.
    ;(event as { preventDefault?: () => void }).preventDefault?.()
    if (errors.length < MAX_ERRORS) errors.push(event.error.message)
  })
  let [isLost, isDisposed] = [false, false]
  void device.lost.then(() => (isLost = !isDisposed))
  const limits = Object.fromEntries(LIMITS.map((limit) => [limit, device.limits[limit]])) as DeviceFacts['limits']
  let facts: DeviceFacts = {
    ...{ isSoftware: adapter.isSoftware, features: new Set(device.features), limits, tiles: {}, matrixSides },
  }
  return {
    adapter,
    device,
    get facts() {
      return facts
    },
    useTiles: (tiles) => void (facts = { ...facts, tiles }),
    errors,
    lost: device.lost,
    get isLost() {
      return isLost
    },
    dispose() {
      isDisposed = true
      device.destroy()
    },
  }
}

/** What `chromium-experimental-subgroup-matrix` adds to an adapter's facts; the published types lack it. */
interface MatrixInfo {
  readonly subgroupMatrixConfigs?: Iterable<
    Readonly<Record<'M' | 'N' | 'K', number>> & Readonly<Record<'componentType' | 'resultComponentType', string>>
  >
}

/** The kernel counts on subgroups of 32: elsewhere there are none for it. */
function matrixSidesOf(info: GPUAdapterInfo & MatrixInfo): readonly number[] {
  if (info.subgroupMinSize !== 32 || info.subgroupMaxSize !== 32) return []
  return [...(info.subgroupMatrixConfigs ?? [])]
    .filter(({ M, N, K, componentType, resultComponentType }) => {
      return M === N && N === K && componentType === 'f16' && resultComponentType === 'f32'
    })
    .map(({ M }) => M)
}

function adapterName({ info }: GPUAdapter): AdapterName {
  const { vendor, architecture, description } = info
  const known = [description || [vendor, architecture].filter(Boolean).join(' ')].filter(Boolean)
  return {
    name: known[0] ?? 'the graphics adapter',
    vendor,
    architecture,
    description,
    isSoftware: isSoftwareAdapter(info),
  }
}

/** Whether what calls itself so computes on the processor. */
export const isSoftwareAdapter = (info: GPUAdapterInfo): boolean =>
  info.isFallbackAdapter || SOFTWARE.test(`${info.vendor} ${info.architecture} ${info.description}`)

function missing(kind: NoGpu['kind'], text: string): GpuAnswer {
  return { missing: { kind, text } }
}
