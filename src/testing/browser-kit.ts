import type { Bytes } from '../core/bytes'

/**
 * The parts of a browser that the store needs, in memory, for what cannot be provoked in a real one: a disk that takes
 * less than it is given, files that vanish, an origin that is refused. What a browser does is tested in a browser (e2e).
 */
export class BrowserKit {
  /** Bytes that the disk takes in all; like OPFS it writes short instead of throwing. */
  capacity = Infinity
  /** What `estimate` promises; undefined where the browser does not say. */
  quota: number | undefined = Infinity
  refusesFiles = false
  readonly root = new Folder('', this)

  readonly navigator = {
    storage: {
      getDirectory: async () => {
        if (this.refusesFiles) throw new DOMException('The operation is insecure.', 'SecurityError')
        return this.root
      },
      estimate: async () => ({ quota: this.quota, usage: this.root.sizeBytes }),
      persisted: async () => false,
    },
    locks: new Locks(),
  }

  /** All tabs were killed. */
  freeLocks(): void {
    for (const name of this.navigator.locks.held) this.navigator.locks.free(name)
  }

  /** A file by its path, e.g. `plume/results/…/0`; throws where there is none. */
  file(path: string): StoredFile {
    const found = path
      .split('/')
      .reduce<Entry | undefined>((at, name) => (at instanceof Folder ? at.entries.get(name) : undefined), this.root)
    if (!(found instanceof StoredFile)) throw new Error(`${path} is no file`)
    return found
  }

  /** Paths of all files, sorted. */
  get paths(): string[] {
    return this.root.paths.sort()
  }
}

/** Node's own one cannot carry Blobs; a browser's can. */
export function broadcastChannels() {
  const open = new Set<Channel>()
  return class extends Channel {
    constructor(name: string) {
      super(name, open)
    }
  }
}

class Channel {
  onmessage: ((event: { data: unknown }) => void) | null = null
  readonly name: string
  readonly #open: Set<Channel>

  constructor(name: string, open: Set<Channel>) {
    this.name = name
    this.#open = open
    open.add(this)
  }

  postMessage(data: unknown): void {
    const others = [...this.#open].filter((other) => other !== this && other.name === this.name)
    queueMicrotask(() => {
      for (const other of others) if (this.#open.has(other)) other.onmessage?.({ data })
    })
  }

  close(): void {
    this.#open.delete(this)
  }
}

type Entry = Folder | StoredFile

const missing = (name: string) => new DOMException(`${name} was not found`, 'NotFoundError')
const mismatch = (name: string) => new DOMException(`${name} is of the other kind`, 'TypeMismatchError')

export class Folder {
  readonly kind = 'directory'
  readonly name: string
  readonly entries = new Map<string, Entry>()
  readonly #kit: BrowserKit

  constructor(name: string, kit: BrowserKit) {
    this.name = name
    this.#kit = kit
  }

  get sizeBytes(): number {
    return [...this.entries.values()].reduce((sum, entry) => sum + entry.sizeBytes, 0)
  }
  get isOpen(): boolean {
    return [...this.entries.values()].some(({ isOpen }) => isOpen)
  }
  get paths(): string[] {
    return [...this.entries].flatMap(([name, entry]) =>
      entry instanceof Folder ? entry.paths.map((path) => `${name}/${path}`) : [name],
    )
  }

  async getDirectoryHandle(name: string, { create = false } = {}): Promise<Folder> {
    const found = this.entries.get(name) ?? (create ? new Folder(name, this.#kit) : undefined)
    if (!found) throw missing(name)
    if (!(found instanceof Folder)) throw mismatch(name)
    this.entries.set(name, found)
    return found
  }

  async getFileHandle(name: string, { create = false } = {}): Promise<StoredFile> {
    const found = this.entries.get(name) ?? (create ? new StoredFile(name, this.#kit) : undefined)
    if (!found) throw missing(name)
    if (!(found instanceof StoredFile)) throw mismatch(name)
    this.entries.set(name, found)
    return found
  }

  async removeEntry(name: string): Promise<void> {
    const found = this.entries.get(name)
    if (!found) throw missing(name)
    if (found.isOpen) throw locked(name)
    this.entries.delete(name)
  }

  async *keys(): AsyncGenerator<string> {
    yield* [...this.entries.keys()]
  }
}

const locked = (name: string) => new DOMException(`${name} is open`, 'NoModificationAllowedError')

export class StoredFile {
  readonly kind = 'file'
  readonly name: string
  bytes: Bytes = new Uint8Array(0)
  isOpen = false
  readonly #kit: BrowserKit

  constructor(name: string, kit: BrowserKit) {
    this.name = name
    this.#kit = kit
  }

  get sizeBytes(): number {
    return this.bytes.byteLength
  }

  async getFile(): Promise<File> {
    return new File([this.bytes], this.name)
  }

  async createSyncAccessHandle() {
    if (this.isOpen) throw locked(this.name)
    this.isOpen = true
    return {
      write: (chunk: Bytes, { at }: { at: number }) => this.#write(chunk, at),
      getSize: () => this.bytes.byteLength,
      truncate: (size: number) => void (this.bytes = this.bytes.slice(0, size)),
      flush: () => undefined,
      close: () => void (this.isOpen = false),
    }
  }

  #write(chunk: Bytes, at: number): number {
    const free = this.#kit.capacity - this.#kit.root.sizeBytes
    // what Chromium returns where nothing of it fits
    if (free <= 0 && chunk.byteLength > 0) return 4_294_967_278
    const end = Math.min(at + chunk.byteLength, this.bytes.byteLength + Math.max(0, free))
    const grown = new Uint8Array(Math.max(this.bytes.byteLength, end))
    grown.set(this.bytes)
    grown.set(chunk.subarray(0, Math.max(0, end - at)), at)
    this.bytes = grown
    return Math.max(0, end - at)
  }
}

interface Waiting {
  readonly name: string
  readonly start: () => void
}

/** Web Locks: exclusive ones, with `ifAvailable` and `signal`. */
class Locks {
  readonly #held = new Map<string, object>()
  #waiting: Waiting[] = []

  async request<T>(
    name: string,
    optionsOrWork: { ifAvailable?: boolean; signal?: AbortSignal } | ((lock: object | null) => T),
    work?: (lock: object | null) => T,
  ): Promise<Awaited<T>> {
    const options = typeof optionsOrWork === 'function' ? {} : optionsOrWork
    const run = (typeof optionsOrWork === 'function' ? optionsOrWork : work) as (lock: object | null) => T
    if (this.#held.has(name)) {
      if (options.ifAvailable) return await run(null)
      await this.#wait(name, options.signal)
    }
    const token = {}
    this.#held.set(name, token)
    try {
      return await run({ name })
    } finally {
      if (this.#held.get(name) === token) this.free(name)
    }
  }

  /** Its holder ended. */
  free(name: string): void {
    this.#held.delete(name)
    const next = this.#waiting.find((one) => one.name === name)
    this.#waiting = this.#waiting.filter((one) => one !== next)
    next?.start()
  }

  get held(): string[] {
    return [...this.#held.keys()]
  }

  #wait(name: string, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const one = { name, start: resolve }
      this.#waiting.push(one)
      signal?.addEventListener('abort', () => {
        this.#waiting = this.#waiting.filter((other) => other !== one)
        reject(signal.reason)
      })
    })
  }

  async query() {
    return { held: this.held.map((name) => ({ name })), pending: [] }
  }
}
