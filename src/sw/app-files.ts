import type { OfflineState } from '../core/offline'

/** A file of the build, as vite.config.ts writes it into the service worker. */
export interface AppFile {
  /** Relative to the scope. */
  readonly url: string
  /** null where the name already holds a hash of the content. */
  readonly revision: string | null
  /** Subresource integrity (SHA-256): a file of another version, or an error page in its place, is never kept. */
  readonly integrity: string
  readonly bytes: number
  /** Second stage: large, and not needed to open the app. */
  readonly isLate: boolean
}

export interface AppFilesOptions {
  readonly files: readonly AppFile[]
  /** With `/` at its end. */
  readonly scope: string
  readonly open: () => Promise<Cache>
  readonly fetch: (request: Request) => Promise<Response>
}

/** How many files are fetched at once: a browser opens about six connections to a host. */
const LANES = 6

/** The app's own files in a cache, each checked against the build's hash before it is kept. */
export class AppFiles {
  readonly #files: readonly AppFile[]
  readonly #byUrl: ReadonlyMap<string, AppFile>
  readonly #scope: string
  readonly #open: () => Promise<Cache>
  readonly #fetch: (request: Request) => Promise<Response>
  readonly #running = new Map<string, Promise<void>>()

  constructor({ files, scope, open, fetch }: AppFilesOptions) {
    this.#files = files
    this.#scope = scope
    this.#open = open
    this.#fetch = fetch
    this.#byUrl = new Map(files.map((file) => [this.#urlOf(file), file]))
  }

  /** The file that an address means, or undefined. Query and fragment do not matter; the scope itself is the page. */
  find(url: string): AppFile | undefined {
    const { origin, pathname } = new URL(url)
    const plain = origin + pathname
    return this.#byUrl.get(plain === this.#scope ? `${this.#scope}index.html` : plain)
  }

  /** Whether an address is a file of this build. */
  has(url: string): boolean {
    return this.#byUrl.has(url)
  }

  /** First stage: everything that opens the app. @throws TypeError when one file is missing or wrong */
  async install(): Promise<void> {
    await this.#fetchAll(this.#files.filter(({ isLate }) => !isLate))
  }

  /** Second stage; also repairs the first. Goes on where it stopped. `onState` hears of every file. */
  async fill(onState: (state: OfflineState) => void): Promise<void> {
    const missing = await this.#missing()
    let have = this.#files.length - missing.length
    let haveBytes = sum(this.#files) - sum(missing)
    await this.#fetchAll(missing, ({ bytes }) => {
      have++
      haveBytes += bytes
      const totalBytes = sum(this.#files)
      // Ready is said by `state`, which looks into the cache again.
      onState({ haveBytes, totalBytes, missing: this.#files.length - have, isReady: false })
    })
  }

  async state(): Promise<OfflineState> {
    const missing = await this.#missing()
    const totalBytes = sum(this.#files)
    return {
      haveBytes: totalBytes - sum(missing),
      totalBytes,
      missing: missing.length,
      isReady: this.#files.length > 0 && missing.length === 0,
    }
  }

  /** From the cache, or from the host into the cache. @throws TypeError when it is not this build's file, or not kept */
  async answer(file: AppFile): Promise<{ response: Response; source: 'cached' | 'network' }> {
    const kept = await this.#kept(this.#keyOf(file))
    if (kept) return { response: kept, source: 'cached' }
    await this.#keep(file)
    const fetched = await this.#kept(this.#keyOf(file))
    if (!fetched) throw new TypeError(`${file.url}: the cache did not keep it`)
    return { response: fetched, source: 'network' }
  }

  /** A file of an older version that an open page still uses. */
  older(url: string): Promise<Response | undefined> {
    return this.#kept(url)
  }

  /** Removes files of other versions. */
  async removeOthers(): Promise<void> {
    const cache = await this.#open()
    const keys = new Set(this.#files.map((file) => this.#keyOf(file)))
    for (const request of await cache.keys()) if (!keys.has(request.url)) await cache.delete(request)
  }

  async #missing(): Promise<AppFile[]> {
    const cache = await this.#open()
    const kept = new Set((await cache.keys()).map(({ url }) => url))
    return this.#files.filter((file) => !kept.has(this.#keyOf(file)))
  }

  async #fetchAll(files: readonly AppFile[], onFile: (file: AppFile) => void = () => undefined): Promise<void> {
    const waiting = [...files]
    const lane = async () => {
      for (let file = waiting.shift(); file; file = waiting.shift()) {
        if (!(await this.#kept(this.#keyOf(file)))) await this.#keep(file)
        onFile(file)
      }
    }
    await Promise.all(Array.from({ length: LANES }, lane))
  }

  async #kept(key: string): Promise<Response | undefined> {
    return (await this.#open()).match(key)
  }

  /** One download at a time for each file, whoever asks. */
  #keep(file: AppFile): Promise<void> {
    const key = this.#keyOf(file)
    const running = this.#running.get(key)
    if (running) return running
    const started = this.#download(file, key).finally(() => this.#running.delete(key))
    this.#running.set(key, started)
    return started
  }

  async #download(file: AppFile, key: string): Promise<void> {
    const request = new Request(this.#urlOf(file), {
      // Names with a hash never change; the others must not come from the browser's own cache.
      cache: file.revision === null ? 'default' : 'no-cache',
      credentials: 'same-origin',
      mode: 'same-origin',
      integrity: file.integrity,
    })
    const response = await this.#fetch(request)
    if (!response.ok) throw new TypeError(`${file.url}: the host answered ${response.status}`)
    const cache = await this.#open()
    await cache.put(key, response)
  }

  #urlOf({ url }: AppFile): string {
    return new URL(url, this.#scope).href
  }

  #keyOf(file: AppFile): string {
    const url = this.#urlOf(file)
    return file.revision === null ? url : `${url}?revision=${file.revision}`
  }
}

const sum = (files: readonly AppFile[]) => files.reduce((total, { bytes }) => total + bytes, 0)
