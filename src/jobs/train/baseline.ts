/** What a score is worth: that of somebody who never looks at the sample. */
import { classificationMetrics, regressionMetrics } from './metrics'
import type { TrainReport } from './report'
import type { Targets, Task } from './source'

/** The most frequent class, or the mean, of the training samples, said of every test sample. */
export function baselineOf(train: Targets, test: Targets, task: Task): TrainReport['baseline'] {
  if (task.kind === 'regression') {
    const mean = Array.from(train).reduce((sum, value) => sum + value, 0) / train.length
    const metrics = regressionMetrics(new Float64Array(test.length).fill(mean), test)
    return { what: 'always the mean of the training samples', ...metrics }
  }
  const { classes } = task
  const counts = new Array<number>(classes.length).fill(0)
  for (const label of train) counts[label] = (counts[label] as number) + 1
  const most = counts.indexOf(Math.max(...counts))
  // scores: the frequencies, by which the most frequent class always wins
  const shares = counts.map((count) => count / train.length)
  const probabilities = Float64Array.from(
    { length: test.length * classes.length },
    (_, i) => shares[i % classes.length]!,
  )
  const metrics = classificationMetrics({ probabilities, labels: test, classes: classes.length })
  return { what: `always the most frequent class, ${classes[most]}`, ...metrics }
}
