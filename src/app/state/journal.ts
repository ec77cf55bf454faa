import type { StoreClient } from '../../bridge/store-client'
import type { DataFiles, ModelFiles } from '../../workers/job-api'
import type { AnswerIdentity, JournalChange, RestoredJob, StoredResult, TrainCard } from '../../workers/store-api'
import { store } from './store.svelte'

/** A start is noted before the work begins, but a store that is busy copying gigabytes does not hold it up. */
const PATIENCE_MS = 1000

/**
 * The page's entries in the journal, through which cards come back after a reload. A store that fails costs only that:
 * nothing here throws.
 */
export class Journal {
  keep(id: string, files: ModelFiles, data: DataFiles | null, train?: TrainCard): Promise<void> {
    return this.#tell((api) => api.keepJob(id, files, data, train))
  }

  note(id: string, note: JournalChange): Promise<void> {
    const told = this.#tell((api) => api.noteJob(id, note))
    return Promise.race([told, new Promise<void>((resolve) => setTimeout(resolve, PATIENCE_MS))])
  }

  identify(id: string, inputSha256: string): Promise<void> {
    return this.#tell((api) => api.identifyJob(id, inputSha256))
  }

  async find(identity: AnswerIdentity): Promise<StoredResult | null> {
    await store.open()
    return store.client.call((api) => api.find(identity)).catch(() => null)
  }

  forget(id: string): Promise<void> {
    return this.#tell((api) => api.forgetJob(id))
  }

  /** Cards of earlier visits, oldest first. */
  async restore(): Promise<readonly RestoredJob[]> {
    await store.open()
    return store.client.call((api) => api.restoreJobs()).catch(() => [])
  }

  /** Those that are still there and whole, in the same order. */
  async results(ids: readonly string[]): Promise<readonly StoredResult[]> {
    const loaded = await Promise.all(ids.map((id) => store.client.call((api) => api.load(id)).catch(() => null)))
    return loaded.filter((result) => result !== null && !result.isDamaged) as StoredResult[]
  }

  async #tell(work: Parameters<StoreClient['call']>[0]): Promise<void> {
    try {
      await store.open()
      await store.client.call(work)
    } catch {
      // told to the visitor by `store` where it is about the store as a whole
    }
  }
}

export const journal = new Journal()
