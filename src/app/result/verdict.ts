import type { Recipe } from '../../jobs/recipe'
import type { Alternative, Report, TaskResult } from '../../jobs/report'

/** More than this and a result is called slower; the same line as the report's own note. */
const SLOWER_BY = 0.1

export interface SpeedVerdict {
  readonly beforeMs: number
  readonly afterMs: number
  /** (after − before) / before */
  readonly change: number
  /** The smallest other way that is not slower. */
  readonly alternative: Alternative | null
}

/** Set when the result is slower; that is said first. */
export function slowdown({ speed, alternatives }: Report): SpeedVerdict | null {
  const worst = speed.reduce<Report['speed'][number] | null>(
    (slowest, one) => (!slowest || one.afterMs / one.beforeMs > slowest.afterMs / slowest.beforeMs ? one : slowest),
    null,
  )
  if (!worst) return null
  const { beforeMs, afterMs } = worst
  const change = afterMs / beforeMs - 1
  if (!(change > SLOWER_BY)) return null
  const fast = alternatives.filter(
    ({ isChosen, recipe, afterMs: ms }) => !isChosen && recipe && ms !== undefined && ms <= beforeMs * (1 + SLOWER_BY),
  )
  fast.sort((a, b) => a.sizeBytes - b.sizeBytes)
  return { beforeMs, afterMs, change, alternative: fast[0] ?? null }
}

/** Whether the task got worse by more than chance: the whole 95 % interval of the drop is above zero. */
export function isClearlyWorse(task: TaskResult | undefined): boolean {
  return task !== undefined && task.drop > 0 && task.ci95[0] > 0
}

/** The name under which a recipe is offered: its methods without tidy, which always runs. */
export function recipeName(recipe: Recipe): string {
  const names = recipe.steps.map(({ method }) => method)
  return names.filter((name, index) => name !== 'tidy' || (index === 0 && names.length === 1)).join(' + ')
}
