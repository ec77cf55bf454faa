import { confusionOf, perClass, rocOf, thinned } from './metrics'
import type { Curves } from './report'
import type { Targets, Task } from './source'
import { scoredOf } from './fit'

/** A regression's chart shows at most so many samples. */
const MOST_POINTS = 500

/** What charts show of the test samples. */
export function curvesOf(predicted: Float64Array, targets: Targets, task: Task): Curves {
  if (task.kind === 'regression') {
    const all = Array.from(targets, (actual, i) => ({ actual, predicted: predicted[i] as number }))
    return { predictions: thinned(all, MOST_POINTS) }
  }
  const { classes } = task
  const scored = scoredOf(predicted, targets, classes.length)
  const confusion = confusionOf(scored)
  return {
    confusion,
    perClass: perClass(confusion).map((score, i) => ({ name: classes[i] as string, ...score })),
    ...(classes.length === 2 && { roc: rocOf(scored) }),
  }
}
