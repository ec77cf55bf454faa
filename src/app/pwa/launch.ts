import { SHARE_ID, SHARE_PATH, SHARED_CACHE, type SharedList } from '../../core/offline'
import type { InputFile } from '../../workers/job-api'

/** `window.launchQueue` (Chromium), as far as it is used. https://wicg.github.io/web-app-launch/ */
export interface LaunchQueue {
  setConsumer(consumer: (launch: LaunchParams) => void): void
}

export interface LaunchParams {
  readonly targetURL?: string | null
  readonly files?: readonly { getFile(): Promise<File> }[]
}

/** What reached the app from outside: files as if dropped, text as if pasted. */
export interface Incoming {
  readonly files: readonly InputFile[]
  readonly text: string
}

const NOTHING: Incoming = { files: [], text: '' }

/** Text files longer than this are no recipes. */
const RECIPE_BYTES = 1_000_000

/** Files that the system opens with the app: recipes (.json) are read, everything else is a file. */
export async function openLaunched({ files = [] }: LaunchParams): Promise<Incoming> {
  // a file can be gone, or refused, by the time it is read
  const opened = await Promise.all(files.map((handle) => handle.getFile().catch(() => null)))
  const found = opened.filter((file) => file !== null)
  const isRecipe = ({ name, size }: File) => /\.json$/i.test(name) && size <= RECIPE_BYTES
  const [recipe] = found.filter(isRecipe)
  return {
    files: found.filter((file) => !isRecipe(file)).map((file) => ({ path: file.name, file })),
    text: (await recipe?.text()) ?? '',
  }
}

/** Follows launches for as long as the page lives. A launch with an address of our own is followed by its fragment. */
export function followLaunches(
  queue: LaunchQueue | undefined,
  onIncoming: (incoming: Incoming) => void,
  onAddress: (url: URL) => void,
): void {
  queue?.setConsumer((launch) => {
    if (launch.targetURL && URL.canParse(launch.targetURL)) onAddress(new URL(launch.targetURL))
    void openLaunched(launch).then((incoming) => {
      if (incoming.files.length > 0 || incoming.text !== '') onIncoming(incoming)
    })
  })
}

/**
 * Takes what the service worker keeps under an id, once: it is gone afterwards. An id that is none, or that nobody
 * knows, gives nothing.
 * @param scope address of the app, with `/` at its end
 */
export async function collectShared(id: string, scope: string, storage: CacheStorage): Promise<Incoming> {
  if (!SHARE_ID.test(id) || !(await storage.has(SHARED_CACHE))) return NOTHING
  const cache = await storage.open(SHARED_CACHE)
  const folder = `${scope}${SHARE_PATH}/${id}/`
  const list = (await (await cache.match(`${folder}list`))?.json()) as SharedList | undefined
  if (!list) return NOTHING
  const files = await Promise.all(
    list.names.map(async (name, i) => {
      const response = await cache.match(`${folder}${i}`)
      return response && { path: name || 'shared', file: new File([await response.blob()], name || 'shared') }
    }),
  )
  for (const key of await cache.keys()) if (key.url.startsWith(folder)) await cache.delete(key)
  return { files: files.filter((file) => file !== undefined), text: list.text }
}
