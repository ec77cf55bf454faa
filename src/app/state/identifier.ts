import type { JobClient } from '../../bridge/job-client'
import { identityOf } from '../../jobs/identity'
import type { DataFiles } from '../../workers/job-api'
import type { AnswerIdentity } from '../../workers/store-api'
import type { Job } from './job.svelte'

/** Finds out what a card asks for, by the hashes of its files. */
export class Identifier {
  readonly #client: JobClient

  /** @param client hashing takes long for large files, so it has a worker of its own */
  constructor(client: JobClient) {
    this.#client = client
  }

  /** SHA-256 of all files of a card that was looked into. @throws FormatError, AbortError */
  async sha256Of({ files, inspection, signal }: Job): Promise<string> {
    if (!files || !inspection) throw new Error('Bug in Plume: a card without files has no hash')
    // small files were hashed while they were looked into
    return inspection.file.sha256 ?? this.#client.identifyModel(files, signal)
  }

  /** null for a card that has nothing to ask. @throws FormatError, UsageError, AbortError */
  async identityOf(job: Job, onModel: (sha256: string) => void): Promise<AnswerIdentity | null> {
    const { files, inspection, options, signal } = job
    if (!files || !inspection) return null
    const { data, calibrate, budget, maxTrials, recipe } = options
    const sha256 = await this.sha256Of(job)
    onModel(sha256)
    const identified = async (of: DataFiles) => ({ ...of, ...(await this.#client.identifyData(of, signal)) })
    return identityOf(sha256, data && (await identified(data)), recipe, {
      ...(calibrate && { calibrate: await identified(calibrate) }),
      budget,
      ...(maxTrials !== null && { maxTrials }),
    })
  }
}
