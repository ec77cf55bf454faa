import type { Recipe } from '../../jobs/recipe'

/**
 * Whether two recipes ask for the same steps. Ranges come out of a run: where one of the two has none, they do not
 * tell them apart.
 */
export function sameSteps(a: Recipe, b: Recipe): boolean {
  return (
    a.seed === b.seed &&
    a.steps.length === b.steps.length &&
    a.steps.every((step, index) => {
      const other = b.steps[index]
      if (!other || step.method !== other.method || asked(step) !== asked(other)) return false
      return !step.ranges || !other.ranges || JSON.stringify(step.ranges) === JSON.stringify(other.ranges)
    })
  )
}

/** Options in one order, however they were written. */
const asked = ({ options }: Recipe['steps'][number]) =>
  JSON.stringify(Object.entries(options).sort(([a], [b]) => (a < b ? -1 : 1)))
