/** Tests see the DOM's types, where this method of workers is not declared. */
interface FileSystemFileHandle {
  createSyncAccessHandle(): Promise<import('../workers/store/files').SyncFile>
}
