import type { InputFile } from '../../workers/job-api'

/** More files than this in one drop are a mistake (a home folder), not a model. */
const MAX_FILES = 50_000

/**
 * Files and folders of a drop or paste, with their paths. Entries must be taken before the event returns, so this
 * function reads them synchronously first.
 */
export function filesOfTransfer(transfer: DataTransfer): Promise<InputFile[]> {
  const items = [...transfer.items].filter((item) => item.kind === 'file')
  const found = items.map((item) => item.webkitGetAsEntry?.() ?? item.getAsFile())
  return collect(found)
}

async function collect(found: readonly (FileSystemEntry | File | null)[]): Promise<InputFile[]> {
  const files: InputFile[] = []
  for (const item of found) {
    if (item instanceof File) files.push({ path: item.name, file: item })
    else if (item) await walk(item, files)
  }
  return files
}

async function walk(entry: FileSystemEntry, files: InputFile[]): Promise<void> {
  if (files.length >= MAX_FILES) return
  if (entry.isFile) {
    const file = await new Promise<File>((resolve, reject) => (entry as FileSystemFileEntry).file(resolve, reject))
    files.push({ path: entry.fullPath.replace(/^\//, ''), file })
    return
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader()
  // readEntries gives at most 100 at a time, and none at the end
  for (;;) {
    const batch = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject))
    if (batch.length === 0) return
    for (const child of batch) if (!child.name.startsWith('.')) await walk(child, files)
  }
}

/** Files of an <input type=file>, with folders where a folder was chosen. */
export function filesOfInput(input: HTMLInputElement): InputFile[] {
  return [...(input.files ?? [])].map((file) => ({ path: file.webkitRelativePath || file.name, file }))
}
