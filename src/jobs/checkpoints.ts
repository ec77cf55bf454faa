import type { Bytes } from '../core/bytes'

/** Finished parts of one job, kept outside of it, so that a job that was killed goes on where it was. */
export interface Checkpoints {
  /** null where there is none, or its bytes are not what was written; what is read is checked before it is believed. */
  load(key: string): Promise<{ readonly json: unknown; readonly bytes: Bytes | null } | null>
  /** Keeps nothing where there is no room: the job then does that part again. */
  save(key: string, json: unknown, bytes: Bytes | null): Promise<void>
  /** Forgets all of the job's. */
  clear(): Promise<void>
}
