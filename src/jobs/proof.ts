/** The trust gate: what is offered runs on independent providers first. */
import type { ModelFile, Reference } from '../evaluate/compare'
import type { Opinions } from '../evaluate/providers/opinions'
import type { OtherProvider } from '../evaluate/providers/provider'
import type { Bench, Candidate } from './candidate'
import type { JobPorts } from './ports'
import { phasesOf } from './phases'
import type { Alternative, Budget, Verdict } from './report'
import { isLossy, verdictOf } from './verdict/verdict'

export interface Proof {
  /** The candidate with what the other providers made of it. */
  readonly chosen: Candidate
  readonly verdict?: Verdict
}

/** What a verdict depends on besides the result. */
export interface ProofContext {
  readonly input: { readonly sizeBytes: number }
  readonly alternatives: readonly Alternative[]
  readonly budget?: Budget
}

/** Expected shares of the time. */
const PHASES = { providers: 5, layers: 1 }

/** Other, independent providers run the result that will be offered; then it is judged, and what would help is looked for. */
export async function prove(bench: Bench, found: Candidate, ports: JobPorts, context: ProofContext): Promise<Proof> {
  const chosen = await withOpinions(bench.reference, found, ports)
  const { quality, speed, sizeBytes, recipe } = chosen
  const facts = { ...context, output: { sizeBytes }, recipe, quality, speed }
  const verdict = verdictOf(facts)
  const { openMachine } = ports
  if (!isLossy(facts) || !openMachine) return { chosen, verdict }
  const { noisyLayers } = await import('./verdict/layer-noise')
  const gains = await noisyLayers(chosen, { ...bench, signal: ports.signal, openMachine })
  return { chosen, verdict: verdictOf(facts, gains) }
}

async function withOpinions(reference: Reference, chosen: Candidate, ports: JobPorts): Promise<Candidate> {
  if (!chosen.bytes) return chosen
  const { onProgress } = ports
  const phases = phasesOf(onProgress, PHASES)
  const { providers, speed, notes } = await opinionsOf(
    reference,
    { bytes: chosen.bytes },
    { ...ports, onProgress: phases.providers },
  )
  return {
    ...chosen,
    quality: { ...chosen.quality, providers: [...chosen.quality.providers, ...providers] },
    speed: [...chosen.speed, ...speed],
    notes: [...chosen.notes, ...notes],
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
