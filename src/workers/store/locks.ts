/**
 * Web Locks say who is alive: they end with the tab or worker that holds them, however it ends.
 * - `plume-tab-ID`: an open tab; - `plume-job-ID`: a job that a tab owns; - `plume-writing-ID`: bytes without a record yet.
 */
export type LockKind = 'tab' | 'job' | 'writing'

const nameOf = (kind: LockKind, id: string) => `plume-${kind}-${id}`

/** Takes a lock until `release` is called or this worker ends; null where somebody else has it. */
export async function hold(kind: LockKind, id: string): Promise<{ release: () => void } | null> {
  return new Promise((resolve, reject) => {
    navigator.locks
      .request(nameOf(kind, id), { ifAvailable: true }, (lock) => {
        if (!lock) return void resolve(null)
        return new Promise<void>((release) => resolve({ release }))
      })
      .catch(reject)
  })
}

/** The ids of one kind that somebody holds at this moment. */
export async function heldIds(kind: LockKind): Promise<ReadonlySet<string>> {
  const { held = [] } = await navigator.locks.query()
  const prefix = nameOf(kind, '')
  return new Set(held.flatMap(({ name }) => (name?.startsWith(prefix) ? [name.slice(prefix.length)] : [])))
}

/** Runs `work` unless another tab is at it. */
export async function alone(name: string, work: () => Promise<void>): Promise<void> {
  await navigator.locks.request(`plume-${name}`, { ifAvailable: true }, async (lock) => {
    if (lock) await work()
  })
}
