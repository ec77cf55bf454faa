/** What a person should know of the scores. */
import { formatPercent } from '../../core/format-text'
import type { Note } from '../../core/progress'
import type { Metrics } from './report'

/** A model that has learned nothing says so first. */
export function baselineNotes(test: Metrics, baseline: Metrics): Note[] {
  if (test.loss < baseline.loss) return []
  return [
    {
      severity: 'warning',
      text: 'The model is no better on the test samples than its baseline, which never looks at them: the data may say nothing of the target, or there is too little of it.',
    },
  ]
}

/** Of a model that was given: what it could do before. */
export function beforeNotes(before: Metrics, after: Metrics): Note[] {
  const name = before.accuracy === undefined ? 'R²' : 'accuracy'
  const [old, now] = [before, after].map(({ accuracy, r2 }) => accuracy ?? r2 ?? 0) as [number, number]
  const text = (value: number) => (name === 'accuracy' ? formatPercent(value, 2) : value.toFixed(4))
  return [
    {
      severity: now < old ? 'warning' : 'info',
      text: `On the test samples, ${name} was ${text(old)} before this training and is ${text(now)} after it.`,
    },
  ]
}
