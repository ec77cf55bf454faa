/** What `plume doctor` finds out about this machine. */
import { access, constants, statfs } from 'node:fs/promises'
import { arch, availableParallelism, cpus, freemem, platform, release, tmpdir, totalmem } from 'node:os'
import { dirname } from 'node:path'
import type { AdapterName, Gpu, GpuAnswer } from '../../backends/webgpu/device'
import { hasRelaxedSimd } from '../../backends/wasm/engine-module'
import { APP_VERSION } from '../../jobs/ports'
import type { Runtime } from '../../runtime/runtime'
import { openNodeGpu, type NodeGpu } from '../gpu'
import { cacheFolder } from '../user-cache'

/** `doctor --json` prints it. */
export interface DoctorReport {
  readonly version: 1
  readonly plume: string
  readonly system: SystemFacts
  /** Of WebAssembly: 128 bits; 'relaxed' has fused multiply-adds too. */
  readonly simd: 'plain' | 'relaxed'
  readonly threads: { readonly onnxruntime: number; readonly engine: number }
  readonly gpu: GpuFacts
  readonly onnxruntime: { readonly version: string; readonly provider: string }
  readonly storage: { readonly temporary: Folder; readonly cache: Folder }
  readonly uses: readonly Use[]
  /** Sentences that say what would make things better. */
  readonly advice: readonly string[]
}

interface SystemFacts {
  readonly platform: string
  readonly release: string
  readonly arch: string
  readonly node: string
  readonly processor: string
  readonly cores: number
  readonly memoryBytes: number
  readonly freeMemoryBytes: number
}

interface GpuFacts {
  /** What WebGPU runs on: of `auto` where that uses it, else of `--backend webgpu`; null where both have none. */
  readonly adapter: AdapterName | null
  /** Whether `--backend auto` uses it: never software. */
  readonly isUsedByAuto: boolean
  /** Why not. */
  readonly why?: string
  /** File of the driver that takes the place of a missing graphics card. */
  readonly softwareDriver?: string
  readonly features: readonly string[]
  readonly limits: Readonly<Record<string, number>>
}

interface Folder {
  readonly path: string
  readonly isWritable: boolean
  /** null where the system does not say. */
  readonly freeBytes: number | null
}

interface Use {
  readonly what: string
  readonly on: string
}

/** The GPU of `auto`, then that of `--backend webgpu`. */
export type OpenGpu = (isAsked: boolean) => Promise<NodeGpu>

export async function examine(
  openRuntime: () => Promise<Runtime>,
  openGpu: OpenGpu = openNodeGpu,
): Promise<DoctorReport> {
  const gpu = await gpuFacts(openGpu)
  const { version, provider, threads = 1 } = await openRuntime()
  const simd = hasRelaxedSimd() ? 'relaxed' : 'plain'
  return {
    version: 1,
    plume: APP_VERSION,
    system: systemFacts(),
    simd,
    threads: { onnxruntime: threads, engine: 1 },
    gpu,
    onnxruntime: { version, provider },
    storage: { temporary: await folderFacts(tmpdir()), cache: await folderFacts(cacheFolder()) },
    uses: usesOf(gpu, simd, threads),
    advice: adviceOf(gpu, simd),
  }
}

const systemFacts = (): SystemFacts => ({
  ...{ platform: platform(), release: release(), arch: arch(), node: process.version },
  ...{ processor: cpus()[0]?.model ?? 'unknown', cores: availableParallelism() },
  ...{ memoryBytes: totalmem(), freeMemoryBytes: freemem() },
})

async function gpuFacts(openGpu: OpenGpu): Promise<GpuFacts> {
  const auto = (await openGpu(false)).answer
  if ('gpu' in auto) return { ...described(auto.gpu), isUsedByAuto: true }
  const { answer, softwareIcd } = await openGpu(true)
  const why = whyNot(auto, answer)
  if ('missing' in answer) return { adapter: null, isUsedByAuto: false, why, features: [], limits: {} }
  const softwareDriver = softwareIcd === undefined ? {} : { softwareDriver: softwareIcd }
  return { ...described(answer.gpu), isUsedByAuto: false, why, ...softwareDriver }
}

/** That the package is missing says more than that no card was seen. */
function whyNot(auto: GpuAnswer, asked: GpuAnswer): string {
  const reasons = [asked, auto].flatMap((answer) => ('missing' in answer ? [answer.missing] : []))
  return (reasons.find(({ kind }) => kind === 'no-webgpu') ?? reasons.at(-1))?.text ?? ''
}

function described(gpu: Gpu) {
  const { adapter, device } = gpu
  const features = [...device.features].sort()
  const limits: Record<string, number> = {}
  for (const name in device.limits) limits[name] = device.limits[name as keyof GPUSupportedLimits] as number
  gpu.dispose()
  return { adapter, features, limits: limits as Readonly<Record<string, number>> }
}

/** A folder that is not there yet counts as the one that it would be made in. */
async function folderFacts(path: string): Promise<Folder> {
  for (let existing = path; ; existing = dirname(existing)) {
    try {
      const { bavail, bsize } = await statfs(existing)
      const isWritable = await access(existing, constants.W_OK).then(
        () => true,
        () => false,
      )
      return { path, isWritable, freeBytes: bavail * bsize }
    } catch {
      if (existing === dirname(existing)) return { path, isWritable: false, freeBytes: null }
    }
  }
}

function usesOf({ adapter, isUsedByAuto }: GpuFacts, simd: string, threads: number): readonly Use[] {
  const wasm = `WebAssembly SIMD (${simd}), 1 thread`
  const own = isUsedByAuto && adapter ? `WebGPU, ${adapter.name}; ${wasm} where it fails` : wasm
  return [
    { what: 'quantizing weights', on: own },
    { what: "Plume's own engine (run, bench, second proof)", on: own },
    { what: 'proof by ONNX Runtime', on: `WebAssembly, ${threads} ${threads === 1 ? 'thread' : 'threads'}` },
  ]
}

function adviceOf({ adapter, isUsedByAuto, why }: GpuFacts, simd: string): readonly string[] {
  const advice: string[] = []
  if (!isUsedByAuto) advice.push(`No GPU is used: ${why}.`)
  if (adapter?.isSoftware) {
    advice.push(`--backend webgpu runs in software here (${adapter.name}): right for tests, slower than WebAssembly.`)
  }
  if (simd === 'plain') {
    advice.push(
      'Node without relaxed SIMD: products are faster with Node 22, or `node --experimental-wasm-relaxed-simd`.',
    )
  }
  return advice
}
