import type { ResultSummary } from '../../workers/store-api'
import { percent, relativeError } from '../numbers'
import { t } from '../text'

/** Quality in one line; a result that was measured on made-up inputs says so. */
export function shortQuality({ quality, output }: Pick<ResultSummary, 'quality' | 'output'>): string {
  if (output.isOriginal) return t.history.kept
  const { data, task, sqnrDb } = quality
  if (data === 'weights-only') return t.result.notMeasured
  if (task?.accuracy) return t.history.accuracy(percent(task.accuracy.before), percent(task.accuracy.after))
  const fidelity = sqnrDb === null ? t.result.identical : t.result.outputsDiffer(relativeError(sqnrDb))
  return data === 'synthetic' ? `${fidelity} (${t.history.madeUp})` : fidelity
}
