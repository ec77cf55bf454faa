import { RuntimeFailure, UnsupportedError } from '../core/errors'
import type { Reference } from '../evaluate/compare'
import { measureCandidate, type Candidate } from './candidate'
import type { CompressRequest } from './compress'
import type { OpenedInput } from './input'
import type { JobPorts } from './ports'
import { EMPTY_RECIPE, type Recipe } from './recipe'
import type { Alternative } from './report'
import { formatBytes, formatDb, formatPercent } from '../core/format-text'
import { resolveRecipe } from './steps'

/** Worst output that still counts as right, and the share of samples whose class must stay. */
export const MIN_SQNR_DB = 30
export const MIN_AGREEMENT = 0.98

/** What is tried, besides the original. `tidy` comes first in each, since it costs nothing in quality. */
const TRIALS: readonly { name: string; methods: readonly string[] }[] = [
  { name: 'weights-int8', methods: ['tidy', 'weights-int8'] },
  { name: 'float16', methods: ['tidy', 'float16'] },
  { name: 'tidy', methods: ['tidy'] },
]

interface Measured {
  readonly name: string
  candidate: Candidate
  readonly verdict: string | null
}

/**
 * Tries every trial and returns the smallest that keeps the outputs. Speed is reported but never decides: a clock would
 * make the choice differ from run to run.
 */
export async function chooseAutomatically(
  input: OpenedInput,
  request: CompressRequest,
  reference: Reference,
  ports: JobPorts,
): Promise<{ chosen: Candidate | null; reason: string | null; alternatives: Alternative[] }> {
  const measured: Measured[] = []
  const failed: { name: string; why: string }[] = []
  for (const trial of TRIALS) {
    const recipe: Recipe = resolveRecipe({
      ...EMPTY_RECIPE,
      seed: request.seed,
      steps: trial.methods.map((method) => ({ method, options: {} })),
    })
    try {
      const candidate = await measureCandidate(input.model, recipe, request.outputName, input.format, reference, ports)
      measured.push({ name: trial.name, candidate, verdict: whyNot(candidate, input.sizeBytes) })
      keepOnlySmallest(measured)
    } catch (error) {
      // A trial that cannot work on this model is a fact for the report; the other trials decide.
      if (!(error instanceof UnsupportedError || error instanceof RuntimeFailure)) throw error
      failed.push({ name: trial.name, why: (error as Error).message })
    }
  }
  measured.sort((a, b) => a.candidate.sizeBytes - b.candidate.sizeBytes)
  const best = measured.find(({ verdict }) => verdict === null)
  const alternatives = measured.map(({ name, candidate, verdict }): Alternative => {
    const { quality, speed, sizeBytes, recipe } = candidate
    return {
      method: name,
      recipe,
      sizeBytes,
      sqnrDb: quality.sqnrDb,
      ...(quality.top1Agreement !== undefined && { top1Agreement: quality.top1Agreement }),
      ...(speed[0] && { afterMs: speed[0].afterMs }),
      isChosen: candidate === best?.candidate,
      why:
        verdict ?? (candidate === best?.candidate ? 'smallest that keeps the outputs' : 'larger than the one chosen'),
    }
  })
  for (const { name, why } of failed) {
    alternatives.push({
      method: name,
      sizeBytes: input.sizeBytes,
      sqnrDb: null,
      isChosen: false,
      why: `not possible: ${why}`,
    })
  }
  if (best) return { chosen: best.candidate, reason: null, alternatives }
  return { chosen: null, reason: `The original is kept. ${explain(alternatives)}`, alternatives }
}

/** Bytes of results that can no longer win are let go: three copies of a large model would not fit. */
function keepOnlySmallest(measured: Measured[]): void {
  const smallest = Math.min(...measured.map(({ candidate, verdict }) => (verdict ? Infinity : candidate.sizeBytes)))
  for (const entry of measured) {
    if (entry.verdict === null && entry.candidate.sizeBytes === smallest) continue
    entry.candidate = { ...entry.candidate, bytes: undefined }
  }
}

/** null when the candidate is good enough, else the reason in words. */
function whyNot(candidate: Candidate, originalBytes: number): string | null {
  const { quality, sizeBytes } = candidate
  if (sizeBytes >= originalBytes) {
    return `not smaller (${formatBytes(sizeBytes)} instead of ${formatBytes(originalBytes)})`
  }
  if (quality.sqnrDb !== null && !(quality.sqnrDb >= MIN_SQNR_DB)) {
    return `outputs differ too much (${formatDb(quality.sqnrDb)}, at least ${MIN_SQNR_DB} dB is asked for)`
  }
  if (quality.top1Agreement !== undefined && quality.top1Agreement < MIN_AGREEMENT) {
    return `only ${formatPercent(quality.top1Agreement)} of the answers agree, at least ${formatPercent(MIN_AGREEMENT, 0)} is asked for`
  }
  return null
}

function explain(alternatives: readonly Alternative[]): string {
  return `Tried: ${alternatives.map(({ method, why }) => `${method}: ${why}`).join('; ')}.`
}
