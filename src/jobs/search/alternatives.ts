import type { Candidate } from '../candidate'
import type { Recipe } from '../recipe'
import type { Alternative, Budget } from '../report'
import { computesInIntegers, SIZE_TOLERANCE, whyNot } from './budget'
import type { ProvenChoice } from './choose'
import { paretoFront } from './front'
import { distanceOf } from './score'
import type { SearchResult } from './search'
import type { ScoredTrial } from './trial'

interface Offer {
  readonly found: SearchResult
  /** Trials that could not be made, and why. */
  readonly failed: ReadonlyMap<string, string>
  readonly budget: Budget
  readonly originalBytes: number
  readonly best: ScoredTrial | undefined
  readonly proof: ProvenChoice | null
  /** The recipe of a trial, with its ranges. */
  resolve(trial: ScoredTrial): Promise<Recipe>
}

/** All that was tried, smallest first; points of the front with recipes that replay without the data. */
export async function alternativesOf(offer: Offer): Promise<Alternative[]> {
  const { found, failed, originalBytes, proof } = offer
  const points = found.trials.map((trial) => ({
    trial,
    sizeBytes: trial.sizeBytes,
    // the drop of labels is a small difference of answers lost and won: half the data cannot order points by it
    drop: distanceOf(trial.score),
    distance: 0,
  }))
  // what is not smaller than the original is beaten by it
  const front = new Set(paretoFront(points.filter((p) => p.sizeBytes < originalBytes)).map(({ trial }) => trial))
  const rows: Alternative[] = []
  for (const trial of found.trials) rows.push(await rowOf(offer, trial, front.has(trial)))
  for (const trial of found.dropped) rows.push(droppedRow(trial))
  if (proof?.faster) rows.push(fasterRow(proof.faster))
  rows.sort((a, b) => a.sizeBytes - b.sizeBytes)
  const impossible = [...failed].map(([method, message]) => ({
    method,
    sizeBytes: originalBytes,
    sqnrDb: null,
    isChosen: false,
    why: `not possible: ${message}`,
  }))
  return [...rows, ...impossible]
}

async function rowOf(offer: Offer, trial: ScoredTrial, isOnFront: boolean): Promise<Alternative> {
  const { budget, originalBytes, best, proof } = offer
  const { name, score, sizeBytes } = trial
  const common = { method: name, drop: score.drop, isOnFront }
  if (trial === best && proof) {
    return { ...common, ...measured(proof.chosen), isChosen: true, why: CHOSEN[budget.kind] }
  }
  // weights alone need no ranges, so a recipe of theirs costs nothing
  const isPlain = trial.steps.every(({ method }) => method !== 'static-int8')
  const recipe = isOnFront || isPlain ? { recipe: await offer.resolve(trial) } : {}
  const why = whyNot(budget, trial, originalBytes) ?? whyOther(trial, best, budget)
  const agreement = score.agreement !== undefined && { top1Agreement: score.agreement }
  return { ...common, ...recipe, sizeBytes, sqnrDb: score.sqnrDb, ...agreement, isChosen: false, why }
}

const CHOSEN: Readonly<Record<Budget['kind'], string>> = {
  'no-loss': 'smallest without a measurable loss',
  drop: 'smallest that keeps the budget',
  size: 'closest to the original of those that keep the budget',
}

const WHY_USE: Readonly<Record<NonNullable<ScoredTrial['use']>, string>> = {
  fallback: '16 bits need a runtime with opset 21 and are computed in floats; something plain keeps the budget',
  size: '4-bit weights need a runtime with opset 21 and are computed in floats: chosen only for a budget of size',
}

/** Why a trial that keeps the budget was not chosen. */
function whyOther(trial: ScoredTrial, best: ScoredTrial | undefined, budget: Budget): string {
  if (budget.kind === 'size') return 'further from the original'
  if (trial.use) return WHY_USE[trial.use]
  if (!best) return 'not chosen'
  if (computesInIntegers(best) && !computesInIntegers(trial) && trial.sizeBytes <= best.sizeBytes) {
    return 'hardly smaller, and computed in floats'
  }
  if (distanceOf(trial.score) >= distanceOf(best.score)) {
    const isLarger = trial.sizeBytes > best.sizeBytes * (1 + SIZE_TOLERANCE)
    return isLarger ? 'larger than the one chosen' : 'further from the original'
  }
  return 'larger than the one chosen'
}

function measured({ quality, speed, sizeBytes, recipe }: Candidate) {
  const agreement = quality.top1Agreement !== undefined && { top1Agreement: quality.top1Agreement }
  return {
    recipe,
    sizeBytes,
    sqnrDb: quality.sqnrDb,
    ...agreement,
    ...(speed[0] && { afterMs: speed[0].afterMs }),
  }
}

function droppedRow({ name, sizeBytes, score }: ScoredTrial): Alternative {
  const agreement = score.agreement !== undefined && { top1Agreement: score.agreement }
  const why = `given up after ${score.samples} samples: others were closer to the original`
  return {
    method: name,
    sizeBytes,
    sqnrDb: score.sqnrDb,
    ...agreement,
    drop: score.drop,
    isOnFront: false,
    isChosen: false,
    why,
  }
}

function fasterRow(candidate: Candidate): Alternative {
  return {
    method: 'weights-int8, cast-multiply',
    ...measured(candidate),
    isChosen: false,
    why: 'the same weights in a form that onnxruntime computes once, when it loads the model',
  }
}
