import { formatBytes } from '../../core/format-text'
import { RuntimeFailure, UnsupportedError } from '../../core/errors'
import type { Note } from '../../core/progress'
import { measureCandidate, type Bench, type Candidate } from '../candidate'
import { phasesOf } from '../phases'
import type { JobPorts } from '../ports'
import { EMPTY_RECIPE, type Recipe } from '../recipe'
import type { Alternative, Budget, SearchFacts } from '../report'
import type { CompressRequest } from '../request'
import { slowdown } from '../slowdown'
import { resolveRecipe, runSteps } from '../steps'
import { chooseTrial } from './budget'
import type { SearchData } from './data'
import { alternativesOf } from './alternatives'
import { rememberedCalibration } from './remembered'
import { ModelRunner } from './runner'
import { search, type SearchResult } from './search'
import { fixedSpecs, observerSpecs } from './specs'
import type { ScoredTrial } from './trial'
import { makeVariant, type Workshop } from './variant'

/** Trials of a search, where the request does not say. */
export const DEFAULT_MAX_TRIALS = 24

export interface Choice {
  readonly chosen: Candidate | null
  /** Why the original is returned. */
  readonly reason: string | null
  readonly alternatives: Alternative[]
  readonly search?: SearchFacts
}

/** Expected shares of the time. */
const PHASES = { tidy: 2, search: 84, points: 4, proof: 10 }

const TIDY = { method: 'tidy', options: {} }

/**
 * The automatic choice where there is calibration data: it looks for small versions on that data alone, and proves the
 * chosen one on the test data, once. Ranges of what is offered come from all of the calibration data, while those of
 * the search come from half of it: the other half scored, and twice the samples see more of what a range must hold.
 */
export async function chooseBySearch(
  bench: Bench,
  data: SearchData,
  original: { readonly sizeBytes: number },
  request: Pick<CompressRequest, 'seed' | 'budget' | 'maxTrials'>,
  ports: JobPorts,
): Promise<Choice> {
  const phases = phasesOf(ports.onProgress, PHASES)
  const { seed, budget = { kind: 'no-loss' }, maxTrials = DEFAULT_MAX_TRIALS } = request
  const tidied = await runSteps(bench.model, recipeOf(seed, []), { ...ports, onProgress: phases.tidy })
  const { format } = bench
  const workshop: Workshop = { model: tidied.model, format, seed, calibration: rememberedCalibration(data.ranges) }
  const options = { maxTrials, trials: bench.trials }
  const runner = new ModelRunner(workshop, data, options, { ...ports, onProgress: phases.search })
  const found = await search(runner, {
    fixed: fixedSpecs(tidied.model),
    observers: observerSpecs(),
    budget,
    originalBytes: original.sizeBytes,
  })
  const best = pick(budget, found.trials, original.sizeBytes)
  // ranges of what is offered, from all of the data
  const calibration = bench.calibration && rememberedCalibration(bench.calibration)
  const whole = { ...bench, ...(calibration && { calibration }) }
  const proof = best ? await prove(whole, best, seed, { ...ports, onProgress: phases.proof }) : null
  const offered = { ...workshop, ...(calibration && { calibration }) }
  const points = { ...ports, onProgress: phases.points }
  const alternatives = await alternativesOf({
    found,
    failed: runner.failed,
    budget,
    originalBytes: original.sizeBytes,
    best,
    proof,
    resolve: (trial) => resolveTrial(offered, trial, points),
  })
  const facts = factsOf(found, { budget, maxTrials, trials: runner.made, samples: runner.samples })
  if (!best || !proof || proof.chosen.sizeBytes >= original.sizeBytes) {
    return { chosen: null, reason: whyOriginal(alternatives), alternatives, search: facts }
  }
  const notes = [...proof.chosen.notes, ...found.notes, ...sizeNotes(budget, proof.chosen.sizeBytes)]
  return { chosen: { ...proof.chosen, notes }, reason: null, alternatives, search: facts }
}

function recipeOf(seed: number, steps: Recipe['steps']): Recipe {
  return resolveRecipe({ ...EMPTY_RECIPE, seed, steps: [TIDY, ...steps] })
}

/** What the budget asks for; where no size is small enough, the smallest that there is. */
function pick(budget: Budget, trials: readonly ScoredTrial[], originalBytes: number): ScoredTrial | undefined {
  const best = chooseTrial(budget, trials, originalBytes)
  if (best || budget.kind !== 'size') return best
  return [...trials].filter((t) => t.sizeBytes < originalBytes).sort((a, b) => a.sizeBytes - b.sizeBytes)[0]
}

export interface ProvenChoice {
  readonly chosen: Candidate
  /** A form of the chosen one that is not slower, where it is. */
  readonly faster?: Candidate
}

/** The one look at the test data. */
async function prove(bench: Bench, best: ScoredTrial, seed: number, ports: JobPorts): Promise<ProvenChoice> {
  const chosen = await measureCandidate(bench, recipeOf(seed, best.steps), ports)
  if (best.name !== 'weights-int8' || !slowdown(chosen.speed)) return { chosen }
  const form = { method: 'weights-int8', options: { form: 'cast-multiply' } }
  const faster = await measureCandidate(bench, recipeOf(seed, [form]), ports)
  return { chosen, faster: { ...faster, bytes: undefined } }
}

/** The recipe of a point that is offered, with its ranges; as it was asked for where they cannot be had. */
async function resolveTrial(offered: Workshop, { steps }: ScoredTrial, ports: JobPorts): Promise<Recipe> {
  const recipe = recipeOf(offered.seed, steps)
  if (!steps.some(({ method }) => method === 'static-int8')) return recipe
  try {
    const made = await makeVariant(offered, steps, ports)
    return { ...recipe, steps: [recipe.steps[0] as Recipe['steps'][number], ...made.steps] }
  } catch (error) {
    if (error instanceof UnsupportedError || error instanceof RuntimeFailure) return recipe
    throw error
  }
}

function factsOf(
  { trials, dropped }: SearchResult,
  { budget, maxTrials, trials: made, samples }: Record<'maxTrials' | 'trials' | 'samples', number> & { budget: Budget },
): SearchFacts {
  const metric = [...trials, ...dropped][0]?.score.metric ?? 'sqnr'
  return { budget, trials: made, maxTrials, scoringSamples: samples, metric }
}

function sizeNotes(budget: Budget, sizeBytes: number): Note[] {
  if (budget.kind !== 'size' || sizeBytes <= budget.sizeBytes) return []
  const text =
    `Nothing that was tried is as small as the budget of ${formatBytes(budget.sizeBytes)}: this is the smallest, ` +
    `${formatBytes(sizeBytes)}.`
  return [{ severity: 'warning', text }]
}

function whyOriginal(alternatives: readonly Alternative[]): string {
  return `The original is kept. Tried: ${alternatives.map(({ method, why }) => `${method}: ${why}`).join('; ')}.`
}
