import type { Checkpoints } from '../../jobs/checkpoints'
import { CheckpointRecordSchema, readRecord } from '../../jobs/store/records'
import { hasHash, openFile, removeFile, removeFolder, writeBlob } from './files'
import { makeRoom } from './room'
import { openStore } from './store'

export interface StoreCheckpoints extends Checkpoints {
  /** Forgets one of the job's. */
  remove(key: string): Promise<void>
}

/** @param jobId the journal's name of the job, which is also that of its folder */
export function openCheckpoints(jobId: string): StoreCheckpoints {
  return {
    async load(key) {
      const db = await openStore()
      const record = db && readRecord(CheckpointRecordSchema, await db.get('checkpoints', [jobId, key]))
      if (!record) return null
      if (!record.file) return { json: record.json, bytes: null }
      const file = await openFile('checkpoints', jobId, key)
      if (!file || !(await hasHash(file, record.file))) return null
      return { json: record.json, bytes: new Uint8Array(await file.arrayBuffer()) }
    },
    async save(key, json, bytes) {
      const db = await openStore()
      if (!db || (bytes && (await makeRoom(db, bytes.byteLength, false)))) return
      try {
        const file = bytes && (await writeBlob('checkpoints', jobId, key, new Blob([bytes])))
        await db.put('checkpoints', { jobId, key, json, file })
      } catch {
        // a checkpoint saves time and nothing else: without it the part is done again
      }
    },
    async remove(key) {
      const db = await openStore()
      if (!db) return
      await db.delete('checkpoints', [jobId, key])
      await removeFile('checkpoints', jobId, key)
    },
    async clear() {
      const db = await openStore()
      if (!db) return
      const keys = await db.getAllKeysFromIndex('checkpoints', 'jobId', jobId)
      const transaction = db.transaction('checkpoints', 'readwrite')
      await Promise.all([...keys.map((key) => transaction.store.delete(key)), transaction.done])
      await removeFolder('checkpoints', jobId)
    },
  }
}
