import type { OnProgress, Progress } from '../core/progress'

/**
 * The whole of a job out of its phases. Each phase is a stretch of 0..1 as long as its weight; a phase can have phases
 * of its own. What runs in a phase reports as ever (`done` of `total`) and knows nothing of the whole.
 *
 * @param weights expected share of the time, in any unit, in the order in which the phases run
 */
export function phasesOf<Name extends string>(
  onProgress: OnProgress,
  weights: Readonly<Record<Name, number>>,
): Record<Name, OnProgress> {
  const names = Object.keys(weights) as Name[]
  const total = names.reduce((sum, name) => sum + weights[name], 0)
  let from = 0
  const phases = names.map((name): [Name, OnProgress] => {
    const start = from / total
    const length = weights[name] / total
    from += weights[name]
    return [name, (progress) => onProgress({ ...progress, overall: start + length * fractionOf(progress) })]
  })
  return Object.fromEntries(phases) as Record<Name, OnProgress>
}

/** How far a phase is: its own phases say so, or else what it counts. Nothing is known of a stage without an end. */
function fractionOf({ overall, done, total }: Progress): number {
  return Math.min(1, Math.max(0, overall ?? (total > 0 ? done / total : 0)))
}

/**
 * The outermost listener's view: `overall` is always there and never falls, although passes repeat (a model is read for
 * its hash, then for its weights) and phases are skipped.
 */
export function neverFalling(onProgress: OnProgress): OnProgress {
  let highest = 0
  return (progress) => {
    highest = Math.max(highest, Math.min(1, progress.overall ?? 0))
    onProgress({ ...progress, overall: highest })
  }
}
