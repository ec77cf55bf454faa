/** The trust gate: what is offered runs on independent providers first. */
import type { ModelFile, Reference } from '../evaluate/compare'
import type { Opinions } from '../evaluate/providers/opinions'
import type { OtherProvider } from '../evaluate/providers/provider'
import type { Bench, Candidate } from './candidate'
import type { JobPorts } from './ports'
import type { Verdict } from './report'

export interface Proof {
  /** The candidate with what the other providers made of it. */
  readonly chosen: Candidate
  readonly verdict?: Verdict
}

/** Other, independent providers run the result that will be offered. */
export async function prove({ reference }: Bench, chosen: Candidate, ports: JobPorts): Promise<Proof> {
  if (!chosen.bytes) return { chosen }
  const { providers, speed, notes } = await opinionsOf(reference, { bytes: chosen.bytes }, ports)
  return {
    chosen: {
      ...chosen,
      quality: { ...chosen.quality, providers: [...chosen.quality.providers, ...providers] },
      speed: [...chosen.speed, ...speed],
      notes: [...chosen.notes, ...notes],
    },
  }
}

/** Our own engine, x86 without VNNI, and onnxruntime's WebGPU provider where it was asked for. */
export async function opinionsOf(
  reference: Reference,
  result: ModelFile,
  ports: JobPorts,
  limits: { maxSamples?: number; deadlineMs?: number } = {},
): Promise<Opinions> {
  const { openMachine, openExactMachine, openPairSums, gpu, openGpuRuntime } = ports
  const providers: OtherProvider[] = []
  // fetched now: most of what a page loads for them are operators
  if (openMachine) {
    const { engineProvider } = await import('../evaluate/providers/engine-provider')
    providers.push(engineProvider({ openMachine, ...(gpu && { gpu }) }))
  }
  if (openMachine && openPairSums) {
    const { simulatedProvider } = await import('../evaluate/providers/simulated-provider')
    providers.push(simulatedProvider({ openMachine: openExactMachine ?? openMachine, openPairSums }))
  }
  if (openGpuRuntime) {
    const { runtimeProvider } = await import('../evaluate/providers/runtime-provider')
    providers.push(runtimeProvider(openGpuRuntime))
  }
  if (providers.length === 0) return { providers: [], speed: [], notes: [] }
  const { gatherOpinions } = await import('../evaluate/providers/opinions')
  return gatherOpinions(reference, result, providers, { ...ports, ...limits })
}
