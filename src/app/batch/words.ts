import type { Quality } from '../../jobs/report'
import { bytes, db, percent } from '../numbers'
import { recipeName } from '../result/verdict'
import type { Job } from '../state/job.svelte'
import { t } from '../text'
import type { Recipe } from '../../jobs/recipe'

export type StatusKind = 'look' | 'ask' | 'ready' | 'wait' | 'run' | 'done' | 'kept' | 'bad'

export interface Status {
  readonly kind: StatusKind
  readonly text: string
}

/** How a file stands, in a few words. */
export function statusOf(job: Job): Status {
  const { phase, running, failure, shown } = job
  if (phase === 'inspecting') return { kind: 'look', text: t.batch.looking }
  if (phase === 'missing' || !job.files) return { kind: 'ask', text: t.batch.missing }
  if (phase === 'queued') return { kind: 'wait', text: t.batch.waiting }
  if (phase === 'running') return { kind: 'run', text: t.batch.running(percent(running.overall, 0)) }
  if (phase === 'failed') return { kind: 'bad', text: failure?.title ?? t.batch.failed }
  if (phase === 'ready') return { kind: 'ready', text: job.wasCancelled ? t.batch.cancelled : t.batch.ready }
  if (job.hasNewRecipe) return { kind: 'ready', text: t.batch.changed }
  if (shown?.report.output.isOriginal) return { kind: 'kept', text: t.batch.kept }
  return { kind: 'done', text: t.batch.done }
}

/** The one number that says most about the answers. */
export function shortQuality({ data, task, sqnrDb }: Quality): string {
  if (data === 'weights-only') return t.batch.notMeasured
  if (task?.metric === 'accuracy') return `${percent(task.before)} → ${percent(task.after)}`
  return sqnrDb === null ? t.measures.identical : db(sqnrDb)
}

export const recipeWords = (recipe: Recipe | 'auto') => (recipe === 'auto' ? t.batch.automatic : recipeName(recipe))

/** "1.2 MB → 300 kB (75% smaller)" */
export function savedWords(beforeBytes: number, afterBytes: number): string {
  const sizes = `${bytes(beforeBytes)} → ${bytes(afterBytes)}`
  const saved = 1 - afterBytes / beforeBytes
  return saved > 0 ? `${sizes} (${t.result.smaller(percent(saved))})` : sizes
}
