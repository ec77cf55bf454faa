import type { Bytes } from '../core/bytes'

/** Finished parts of one job, kept outside of it, so that a job that was killed goes on where it was. */
export interface Checkpoints {
  /** What was saved under this key, as far as it can be read; it is checked again before it is believed. */
  load(key: string): Promise<{ readonly json: unknown; readonly bytes: Bytes | null } | null>
  save(key: string, json: unknown, bytes: Bytes | null): Promise<void>
  /** Forgets all of the job's. */
  clear(): Promise<void>
}
