import type { SpillFolder } from './output-folder'

const ROOT = 'plume-results'

/** A fresh folder in the origin's private file system (OPFS) for one result. */
export async function openPrivateFolder(): Promise<SpillFolder> {
  const root = await (await navigator.storage.getDirectory()).getDirectoryHandle(ROOT, { create: true })
  const folder = await root.getDirectoryHandle(crypto.randomUUID(), { create: true })
  return {
    open: async (name) => (await folder.getFileHandle(name, { create: true })).createSyncAccessHandle(),
    read: async (name) => (await folder.getFileHandle(name)).getFile(),
    remove: (name) => folder.removeEntry(name),
  }
}

/** Deletes what earlier visits left: results are offered for download only while their page is open. */
export async function clearPrivateFolder(): Promise<void> {
  const root = await navigator.storage.getDirectory()
  await root.removeEntry(ROOT, { recursive: true }).catch(() => undefined) // none there
}
