import { RuntimeFailure, UnsupportedError } from '../core/errors'
import { measureCandidate, type Bench, type Candidate } from './candidate'
import { phasesOf } from './phases'
import type { JobPorts } from './ports'
import { EMPTY_RECIPE, type Recipe } from './recipe'
import type { CompressRequest } from './request'
import type { Alternative } from './report'
import { slowdown } from './slowdown'
import { MIN_AGREEMENT, MIN_SQNR_DB } from './search/budget'
import { chooseBySearch, type Choice } from './search/choose'
import { openSearchData } from './search/data'
import { formatBytes, formatDb, formatPercent } from '../core/format-text'
import { resolveRecipe } from './steps'

interface Trial {
  readonly name: string
  readonly steps: Recipe['steps']
  /** Said of it where it could have been chosen and was not. */
  readonly why: string
}

const LARGER = 'larger than the one chosen'

const tidy = { method: 'tidy', options: {} }

/** What is tried, besides the original. `tidy` comes first in each, since it costs nothing in quality. */
const TRIALS: readonly Trial[] = [
  { name: 'weights-int8', steps: [tidy, { method: 'weights-int8', options: {} }], why: LARGER },
  { name: 'float16', steps: [tidy, { method: 'float16', options: {} }], why: LARGER },
  { name: 'tidy', steps: [tidy], why: LARGER },
]

/** The same weights and the same outputs, in a form that onnxruntime turns back into floats when it loads a model. */
const FASTER_INT8: Trial = {
  name: 'weights-int8, cast-multiply',
  steps: [tidy, { method: 'weights-int8', options: { form: 'cast-multiply' } }],
  why: 'the same weights in a form that onnxruntime computes once, when it loads the model',
}

/** Expected shares of the time; the faster form is seldom needed, and its share small where it is not. */
const PHASES: Readonly<Record<string, number>> = {
  'weights-int8': 36,
  float16: 34,
  tidy: 20,
  [FASTER_INT8.name]: 10,
}

interface Measured {
  readonly trial: Trial
  candidate: Candidate
  readonly verdict: string | null
}

/**
 * The smallest result that keeps what the original does, or that a budget asks for: by a search where there is data to
 * calibrate on, else among what needs none.
 */
export async function chooseAutomatically(
  bench: Bench,
  original: { readonly sizeBytes: number },
  request: Pick<CompressRequest, 'seed' | 'budget' | 'maxTrials' | 'calibrationMemoryBytes'>,
  ports: JobPorts,
): Promise<Choice> {
  const { calibrationData } = bench
  if (!calibrationData) return chooseWithoutData(bench, original, request, ports)
  const { seed, calibrationMemoryBytes: memoryCapBytes } = request
  const data = await openSearchData(bench, calibrationData, { seed, memoryCapBytes }, ports)
  try {
    return await chooseBySearch(bench, data, original, request, ports)
  } finally {
    await data.release()
  }
}

/**
 * Tries every trial and returns the smallest that keeps the outputs. Speed is reported but never decides: a clock would
 * make the choice differ from run to run. Where the choice is slower, a faster form is measured as an alternative.
 */
async function chooseWithoutData(
  bench: Bench,
  original: { readonly sizeBytes: number },
  { seed }: Pick<CompressRequest, 'seed'>,
  ports: JobPorts,
): Promise<Choice> {
  const measured: Measured[] = []
  const failed: Alternative[] = []
  const phases = phasesOf(ports.onProgress, PHASES)
  const run = async (trial: Trial) => {
    const recipe = resolveRecipe({ ...EMPTY_RECIPE, seed, steps: trial.steps })
    try {
      const candidate = await measureCandidate(bench, recipe, {
        ...ports,
        onProgress: phases[trial.name] ?? ports.onProgress,
      })
      measured.push({ trial, candidate, verdict: whyNot(candidate, original.sizeBytes) })
    } catch (error) {
      // A trial that cannot work on this model is a fact for the report; the other trials decide.
      if (!(error instanceof UnsupportedError || error instanceof RuntimeFailure)) throw error
      const why = `not possible: ${error.message}`
      failed.push({ method: trial.name, sizeBytes: original.sizeBytes, sqnrDb: null, isChosen: false, why })
    }
  }
  for (const trial of TRIALS) {
    await run(trial)
    keepOnlySmallest(measured)
  }
  const best = smallest(measured)
  if (best?.trial.name === 'weights-int8' && slowdown(best.candidate.speed)) await run(FASTER_INT8)
  measured.sort((a, b) => a.candidate.sizeBytes - b.candidate.sizeBytes)
  const alternatives = [...measured.map((entry) => alternativeOf(entry, entry === best)), ...failed]
  if (best) return { chosen: best.candidate, reason: null, alternatives }
  return { chosen: null, reason: `The original is kept. ${explain(alternatives)}`, alternatives }
}

function smallest(measured: readonly Measured[]): Measured | undefined {
  const good = measured.filter(({ verdict }) => verdict === null)
  return good.sort((a, b) => a.candidate.sizeBytes - b.candidate.sizeBytes)[0]
}

function alternativeOf({ trial, candidate, verdict }: Measured, isChosen: boolean): Alternative {
  const { quality, speed, sizeBytes, recipe } = candidate
  return {
    method: trial.name,
    recipe,
    sizeBytes,
    sqnrDb: quality.sqnrDb,
    ...(quality.top1Agreement !== undefined && { top1Agreement: quality.top1Agreement }),
    ...(speed[0] && { afterMs: speed[0].afterMs }),
    isChosen,
    why: verdict ?? (isChosen ? 'smallest that keeps the outputs' : trial.why),
  }
}

/** Bytes of results that can no longer win are let go: three copies of a large model would not fit. */
function keepOnlySmallest(measured: readonly Measured[]): void {
  const best = smallest(measured)
  for (const entry of measured) if (entry !== best) entry.candidate = { ...entry.candidate, bytes: undefined }
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
