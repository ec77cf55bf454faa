import { RESULTS_FOLDER } from '../core/storage-names'
import type { SpillFolder } from './output-folder'

/** A fresh folder in the origin's private file system (OPFS) for one result. */
export async function openPrivateFolder(): Promise<SpillFolder> {
  const root = await (await navigator.storage.getDirectory()).getDirectoryHandle(RESULTS_FOLDER, { create: true })
  const folder = await root.getDirectoryHandle(crypto.randomUUID(), { create: true })
  return {
    open: async (name) => (await folder.getFileHandle(name, { create: true })).createSyncAccessHandle(),
    read: async (name) => (await folder.getFileHandle(name)).getFile(),
    remove: (name) => folder.removeEntry(name),
  }
}
