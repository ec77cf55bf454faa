import { FILES_CACHE, SHARE_PATH, SHARED_CACHE, type FromServiceWorker, type ToServiceWorker } from '../core/offline'
import { AppFiles, type AppFile } from './app-files'
import { rangeOf, underPolicy } from './headers'
import { ownOriginOnly } from './own-origin'
import { takeShared } from './share-target'
import { TrafficCounter } from './traffic'

declare const self: ServiceWorkerGlobalScope & { readonly __WB_MANIFEST: readonly AppFile[] }

const fetchOwn = ownOriginOnly(self, Cache.prototype)
const { scope } = self.registration
const files = new AppFiles({
  files: self.__WB_MANIFEST,
  scope,
  open: () => caches.open(FILES_CACHE),
  fetch: fetchOwn,
})
const traffic = new TrafficCounter(async (counts) => {
  const message: FromServiceWorker = { type: 'traffic', traffic: counts }
  for (const client of await windows()) client.postMessage(message)
})

self.addEventListener('install', (event) => event.waitUntil(files.install()))

// The first visit: this page gets the policy without a reload. An update takes over when the visitor asks for it.
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()))

self.addEventListener('fetch', (event) => {
  const { request } = event
  const url = new URL(request.url)
  if (!url.protocol.startsWith('http')) return
  if (url.origin !== self.location.origin) {
    event.waitUntil(traffic.count('refused'))
    return event.respondWith(Response.error())
  }
  if (request.method === 'GET') event.respondWith(answer(event))
  else if (request.method === 'POST' && request.url === scope + SHARE_PATH) event.respondWith(share(request))
})

async function answer(event: FetchEvent): Promise<Response> {
  const { request } = event
  const file = files.find(request.url)
  const found = file && (await files.answer(file).catch(() => null))
  const older = found ? undefined : await files.older(request.url).catch(() => undefined)
  const source = found ? found.source : older ? 'cached' : 'network'
  event.waitUntil(traffic.count(source))
  const response = found?.response ?? older
  if (!response) return underPolicy(await fetchOwn(request))
  return underPolicy(await rangeOf(response, request.headers.get('range')))
}

const share = (request: Request) =>
  takeShared(request, {
    scope,
    folder: `${scope}${SHARE_PATH}/`,
    open: () => caches.open(SHARED_CACHE),
    newId: () =>
      Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join(''),
  })

self.addEventListener('message', (event) => {
  const { type } = event.data as ToServiceWorker
  const reply = (message: unknown) => event.ports[0]?.postMessage(message)
  if (type === 'take-over') event.waitUntil(self.skipWaiting())
  else if (type === 'claim') event.waitUntil(self.clients.claim())
  else if (type === 'tidy') event.waitUntil(tidy())
  else if (type === 'status') event.waitUntil(files.state().then(reply, () => reply(null)))
  else if (type === 'fill') event.waitUntil(fill(reply))
})

async function fill(reply: (message: unknown) => void): Promise<void> {
  // a failed download leaves the others; the page asks again
  await files.fill(reply).catch(() => undefined)
  reply(await files.state().catch(() => null))
  reply('end')
}

const windows = () => self.clients.matchAll({ type: 'window', includeUncontrolled: true })

/** Removes older versions, unless an open page is of one of them: its lazy parts must stay there. */
async function tidy(): Promise<void> {
  const scripts = await Promise.all((await windows()).map(scriptOf))
  if (scripts.every((script) => script !== null && files.has(script))) await files.removeOthers()
}

/** A page that does not answer (frozen, loading) counts as one that needs its files. */
function scriptOf(client: Client): Promise<string | null> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel()
    port1.onmessage = ({ data }) => resolve(typeof data === 'string' ? data : null)
    setTimeout(() => resolve(null), 3000)
    const message: FromServiceWorker = { type: 'which-script' }
    client.postMessage(message, [port2])
  })
}
