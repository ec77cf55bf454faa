/**
 * Web Locks say who is alive: they end with the tab or worker that holds them, however it ends.
 * - `plume-tab-ID`: an open tab; - `plume-job-ID`: a job that a tab owns; - `plume-writing-ID`: bytes without a record yet.
 */
export type LockKind = 'tab' | 'job' | 'writing'

const nameOf = (kind: LockKind, id: string) => `plume-${kind}-${id}`

/**
 * Takes a lock until `release` is called or this worker ends; null where somebody else has it.
 * @param waitMs how long to wait for somebody who may be about to end
 */
export async function hold(kind: LockKind, id: string, waitMs = 0): Promise<{ release: () => void } | null> {
  const options: LockOptions = waitMs > 0 ? { signal: AbortSignal.timeout(waitMs) } : { ifAvailable: true }
  return new Promise((resolve, reject) => {
    navigator.locks
      .request(nameOf(kind, id), options, (lock) => {
        if (!lock) return void resolve(null)
        return new Promise<void>((release) => resolve({ release }))
      })
      .catch((error: unknown) => (options.signal?.aborted ? resolve(null) : reject(error)))
  })
}

/** The ids of one kind that somebody holds at this moment. */
export async function heldIds(kind: LockKind): Promise<ReadonlySet<string>> {
  const { held = [] } = await navigator.locks.query()
  const prefix = nameOf(kind, '')
  return new Set(held.flatMap(({ name }) => (name?.startsWith(prefix) ? [name.slice(prefix.length)] : [])))
}

/** Runs `work` when no other tab is at it. */
export async function exclusive<T>(name: string, work: () => Promise<T>): Promise<T> {
  return navigator.locks.request(`plume-${name}`, work)
}

/** Runs `work` unless another tab is at it. */
export async function alone(name: string, work: () => Promise<void>): Promise<void> {
  await navigator.locks.request(`plume-${name}`, { ifAvailable: true }, async (lock) => {
    if (lock) await work()
  })
}
