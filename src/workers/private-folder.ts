import type { SpillFolder } from './output-folder'
import { idFolder } from './store/files'

/** A fresh folder in the origin's private file system (OPFS) for one result; swept when no tab needs it any more. */
export async function openPrivateFolder(): Promise<SpillFolder> {
  const folder = await idFolder('temporary', crypto.randomUUID(), true)
  return {
    open: async (name) => (await folder.getFileHandle(name, { create: true })).createSyncAccessHandle(),
    read: async (name) => (await folder.getFileHandle(name)).getFile(),
    remove: (name) => folder.removeEntry(name),
  }
}
