import { RESULTS_FOLDER } from '../core/storage-names'

const LOCK = 'plume-open'

/**
 * Deletes large results that earlier visits left on the disk, unless another tab is open and may still offer them.
 * Every open page holds a shared lock; who gets it alone is the only one.
 */
export async function clearOldResults(): Promise<void> {
  await navigator.locks.request(LOCK, { mode: 'exclusive', ifAvailable: true }, async (lock) => {
    if (!lock) return
    const root = await navigator.storage.getDirectory()
    await root.removeEntry(RESULTS_FOLDER, { recursive: true }).catch(() => undefined) // none there
  })
  void navigator.locks.request(LOCK, { mode: 'shared' }, () => new Promise(() => undefined))
}
