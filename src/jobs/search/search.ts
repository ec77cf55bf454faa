import type { Note } from '../../core/progress'
import type { Budget } from '../report'
import { whyNot } from './budget'
import { successiveHalving } from './halving'
import { rescueHeads } from './heads'
import { shrinkLayers, spareLayers } from './mixed'
import type { ScoredTrial, TrialRunner, TrialSpec } from './trial'

export interface SearchPlan {
  readonly fixed: readonly TrialSpec[]
  readonly observers: readonly TrialSpec[]
  readonly budget: Budget
  readonly originalBytes: number
}

export interface SearchResult {
  /** Scored on all samples. */
  readonly trials: readonly ScoredTrial[]
  /** Given up on fewer samples, because others were closer. */
  readonly dropped: readonly ScoredTrial[]
  readonly notes: readonly Note[]
}

/** Share of the trials that is kept for mixed bits. */
const MIXED_SHARE = 1 / 3

/**
 * Looks for small versions that stay close: what needs no ranges, then every observer by successive halving, then, on
 * the closest of them, heads that fall off, sensitive layers spared, and 4-bit weights where a size asks for them.
 * The order and the decisions follow from the scores alone.
 */
export async function search(runner: TrialRunner, plan: SearchPlan): Promise<SearchResult> {
  const trials: ScoredTrial[] = []
  const share = plan.observers.length > 0 ? Math.max(1, Math.floor(runner.left * MIXED_SHARE)) : 0
  const forRanges = plan.observers.length > 0 ? 1 : 0
  for (const spec of plan.fixed.slice(0, Math.max(0, runner.left - forRanges))) {
    const trial = await runner.run(spec)
    if (trial) trials.push(trial)
  }
  const rows = Math.min(runner.left, Math.max(1, runner.left - share))
  const { finalists, dropped } = await successiveHalving(runner, plan.observers.slice(0, rows))
  trials.push(...finalists)
  const [best] = finalists
  if (!best) return { trials, dropped, notes: [] }
  const { trial: base, rescued, notes } = await rescueHeads(runner, best)
  trials.push(...rescued, ...(await mixBits(runner, base, plan)))
  return { trials, dropped, notes }
}

async function mixBits(
  runner: TrialRunner,
  base: ScoredTrial,
  { budget, originalBytes }: SearchPlan,
): Promise<ScoredTrial[]> {
  if (budget.kind === 'size') {
    const isTooLarge = base.sizeBytes > budget.sizeBytes
    const smaller = isTooLarge ? await shrinkLayers(runner, base, budget.sizeBytes, runner.left) : []
    return [...smaller, ...(isTooLarge ? [] : await spareLayers(runner, base, runner.left))]
  }
  // a base that keeps the budget leaves something for smaller points, one that does not needs all for better ones
  const isKept = whyNot(budget, base, originalBytes) === null
  const spared = await spareLayers(runner, base, isKept ? Math.ceil(runner.left / 2) : runner.left)
  return [...spared, ...(isKept ? await shrinkLayers(runner, base, undefined, runner.left) : [])]
}
