/** The trust gate: what is offered runs on independent providers first. */
import type { SecondOpinion } from '../evaluate/second-opinion'
import type { Bench, Candidate } from './candidate'
import type { JobPorts } from './ports'
import type { Verdict } from './report'

export interface Proof {
  /** The candidate with what the other providers made of it. */
  readonly chosen: Candidate
  readonly verdict?: Verdict
}

/** Other, independent providers run the result that will be offered: our own engine, and the one that was asked for. */
export async function prove({ reference }: Bench, chosen: Candidate, ports: JobPorts): Promise<Proof> {
  const { openMachine, gpu, openGpuRuntime } = ports
  if (!chosen.bytes || !(openMachine || openGpuRuntime)) return { chosen }
  // fetched now: most of what a page loads for it are operators
  const { secondOpinion, runtimeOpinion } = await import('../evaluate/second-opinion')
  const opinions: SecondOpinion[] = []
  if (openMachine) {
    const hosts = { openMachine, ...(gpu && { gpu }) }
    opinions.push(await secondOpinion(reference, chosen.bytes, hosts, ports))
  }
  if (openGpuRuntime) opinions.push(await runtimeOpinion(reference, chosen.bytes, openGpuRuntime, ports))
  const providers = opinions.flatMap(({ provider }) => provider ?? [])
  return {
    chosen: {
      ...chosen,
      quality: { ...chosen.quality, providers: [...chosen.quality.providers, ...providers] },
      speed: [...chosen.speed, ...opinions.flatMap(({ speed }) => speed ?? [])],
      notes: [...chosen.notes, ...opinions.flatMap(({ notes }) => notes)],
    },
  }
}
