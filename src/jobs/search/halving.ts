import { distanceOf } from './score'
import type { ScoredTrial, TrialRunner, TrialSpec } from './trial'

/** Below this many samples a first round says nothing: all are scored on all samples at once. */
const MIN_SAMPLES = 16

export interface Halving {
  /** Scored on all samples, the closest first. */
  readonly finalists: readonly ScoredTrial[]
  /** Left behind, with what they scored. */
  readonly dropped: readonly ScoredTrial[]
}

/**
 * Successive halving: all on a quarter of the samples, the closer half of them on half, the closer half of those on all.
 * Source: Jamieson and Talwalkar, "Non-stochastic best arm identification and hyperparameter optimization",
 * arXiv:1502.07943v1, figure 3, with samples as the resource.
 */
export async function successiveHalving(runner: TrialRunner, specs: readonly TrialSpec[]): Promise<Halving> {
  const dropped: ScoredTrial[] = []
  let round = [...specs]
  for (const samples of rungsOf(runner.samples)) {
    const scored: ScoredTrial[] = []
    for (const spec of round) {
      const trial = await runner.run(spec, samples)
      if (trial) scored.push(trial)
    }
    // a stable sort: of equals the earlier observer goes on, on every machine the same
    scored.sort((a, b) => distanceOf(a.score) - distanceOf(b.score))
    if (samples === runner.samples) return { finalists: scored, dropped }
    const keep = Math.max(2, Math.ceil(scored.length / 2))
    dropped.push(...scored.slice(keep))
    const kept = new Set(scored.slice(0, keep).map(({ name }) => name))
    round = round.filter(({ name }) => kept.has(name))
  }
  return { finalists: [], dropped }
}

/** Samples of each round. */
export function rungsOf(samples: number): number[] {
  const rungs = [samples / 4, samples / 2].map(Math.ceil).filter((rung) => rung >= MIN_SAMPLES)
  return [...rungs, samples]
}
