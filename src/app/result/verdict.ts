import type { Recipe } from '../../jobs/recipe'
import type { TaskResult } from '../../jobs/report'

/** Whether the task got worse by more than chance: the whole 95 % interval of the drop is above zero. */
export function isClearlyWorse(task: TaskResult | undefined): boolean {
  return task !== undefined && task.drop > 0 && task.ci95[0] > 0
}

/** The name under which a recipe is offered: its methods without tidy, which always runs. */
export function recipeName(recipe: Recipe): string {
  const names = recipe.steps.map(({ method }) => method)
  return names.filter((name, index) => name !== 'tidy' || (index === 0 && names.length === 1)).join(' + ')
}
