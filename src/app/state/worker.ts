import { JobClient, startJobWorker } from '../../bridge/job-client'
import { whenProtected } from '../pwa/protection.svelte'

/** The workers of long work. */
export const worker = new JobClient(startJobWorker, whenProtected)
export const trainer = new JobClient(startJobWorker, whenProtected)

let last: Promise<unknown> = Promise.resolve()

/**
 * One job or training works at a time: two would share the same cores and memory.
 * @returns when it is the caller's turn: what ends it, which may be called more than once
 */
export function takeTurn(): Promise<() => void> {
  let end = (): void => undefined
  const ended = new Promise<void>((resolve) => (end = resolve))
  const before = last
  last = before.then(() => ended)
  return before.then(() => end)
}
