import type { Job } from '../state/job.svelte'

/** All files of the page together; sizes in bytes. */
export interface Totals {
  readonly count: number
  readonly done: number
  readonly failed: number
  readonly busy: number
  readonly inspecting: number
  /** What `start` would begin: those that are ready, and those that got other options since their result. */
  readonly startable: number
  /** Of those that are done; an original that was kept weighs the same before and after. */
  readonly beforeBytes: number
  readonly afterBytes: number
}

export const isStartable = (job: Job) =>
  job.files !== null && (job.phase === 'ready' || (job.phase === 'done' && (job.hasNewRecipe || job.hasNewAim)))

/** In one pass, since it follows every step of every file. */
export function totalsOf(jobs: readonly Job[]): Totals {
  const totals = { count: jobs.length, done: 0, failed: 0, busy: 0, inspecting: 0, startable: 0 }
  let [beforeBytes, afterBytes] = [0, 0]
  for (const job of jobs) {
    if (job.phase === 'done') totals.done++
    if (job.phase === 'failed') totals.failed++
    if (job.phase === 'inspecting') totals.inspecting++
    if (job.isBusy) totals.busy++
    if (isStartable(job)) totals.startable++
    const report = job.phase === 'done' ? job.shown?.report : undefined
    beforeBytes += report?.input.sizeBytes ?? 0
    afterBytes += report?.output.sizeBytes ?? 0
  }
  return { ...totals, beforeBytes, afterBytes }
}
