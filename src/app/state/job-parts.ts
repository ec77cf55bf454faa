import type { Report } from '../../jobs/report'
import type { CompressRequest, ModelFiles } from '../../workers/job-api'
import type { RestoredJob } from '../../workers/store-api'
import type { JobOptions } from './job.svelte'
import { newId } from './new-id'

/** A new card for the input of a result that was kept. */
export function cardOf(
  input: Report['input'],
  files: ModelFiles | null,
  known: Pick<RestoredJob, 'phase' | 'recipe'> & Partial<RestoredJob>,
): RestoredJob {
  return {
    id: newId(),
    createdAt: Date.now(),
    attempts: 0,
    resultIds: [],
    files,
    expected: [{ path: input.name, sizeBytes: input.sizeBytes }],
    data: null,
    lostData: null,
    ...known,
  }
}

/** What the worker is asked, as far as a person chose it. */
export function requestOf({
  recipe,
  data,
  calibrate,
  budget,
  maxTrials,
}: JobOptions): Pick<CompressRequest, 'recipe' | 'data' | 'calibrate' | 'budget' | 'maxTrials'> {
  return {
    recipe,
    budget,
    ...(data && { data }),
    ...(calibrate && { calibrate }),
    ...(maxTrials !== null && { maxTrials }),
  }
}

/** The data that a result was made with. */
export const dataOf = ({ data, calibrate }: JobOptions) => ({ data, calibrate })
