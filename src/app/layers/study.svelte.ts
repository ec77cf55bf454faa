import { JobClient, startJobWorker } from '../../bridge/job-client'
import { AbortError } from '../../core/errors'
import type { Progress } from '../../core/progress'
import type { Recipe } from '../../jobs/recipe'
import type { SensitivityReport } from '../../jobs/sensitivity/report'
import { describeFailure, type Failure } from '../failure'
import { whenProtected } from '../pwa/protection.svelte'
import type { Job, JobResult } from '../state/job.svelte'
import { upToLayers } from './layer-rows'

/** Measuring layers has a worker of its own: it can be stopped, and the queue goes on meanwhile. */
const client = new JobClient(startJobWorker, whenProtected)

/** The layers of one result, measured when it is asked for. */
export class LayerStudy {
  #report = $state.raw<SensitivityReport | null>(null)
  #progress = $state.raw<Progress | null>(null)
  #failure = $state.raw<Failure | null>(null)
  #abort: AbortController | null = $state.raw(null)

  get report(): SensitivityReport | null {
    return this.#report
  }
  get isRunning(): boolean {
    return this.#abort !== null
  }
  get progress(): Progress | null {
    return this.#progress
  }
  get failure(): Failure | null {
    return this.#failure
  }

  /** @param recipe has a step whose layers can be ruled */
  async start(job: Job, { data, calibrate }: JobResult, recipe: Recipe): Promise<void> {
    const { files } = job
    if (!files || this.#abort) return
    const abort = new AbortController()
    this.#abort = abort
    this.#failure = null
    this.#progress = null
    try {
      this.#report = await client.sensitivity(
        {
          files,
          ...(data && { data }),
          ...(calibrate && { calibrate }),
          recipe: upToLayers(recipe, data !== null),
        },
        { signal: abort.signal, onProgress: (progress) => (this.#progress = progress) },
      )
    } catch (error) {
      if (!(error instanceof AbortError)) this.#failure = describeFailure(error, job.name)
    } finally {
      this.#abort = null
    }
  }

  cancel(): void {
    this.#abort?.abort()
  }
}

const studies = new WeakMap<JobResult, LayerStudy>()

/** The one study of a result, whether it was begun or not. */
export function studyOf(result: JobResult): LayerStudy {
  const known = studies.get(result)
  if (known) return known
  const study = new LayerStudy()
  studies.set(result, study)
  return study
}
