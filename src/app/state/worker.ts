import { JobClient, startJobWorker } from '../../bridge/job-client'
import { whenProtected } from '../pwa/protection.svelte'

/** The worker of all long work. */
export const worker = new JobClient(startJobWorker, whenProtected)

let last: Promise<unknown> = Promise.resolve()

/** One job or training at a time: two would share the same cores and memory. */
export function inTurn<T>(work: () => Promise<T>): Promise<T> {
  const result = last.then(work)
  last = result.catch(() => undefined)
  return result
}
