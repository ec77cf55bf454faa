/** What is used of the global scope. */
export interface Doors {
  readonly location: { readonly origin: string }
  fetch: (request: Request) => Promise<Response>
}

/**
 * A service worker is not covered by the policy that it adds to answers, and a plain host gives it none. So its own
 * doors to other origins are closed before anything else runs: `fetch` asks its own origin only, the rest is gone.
 */
export function ownOriginOnly(scope: Doors, cachePrototype: object): (request: Request) => Promise<Response> {
  const { origin } = scope.location
  const hostFetch = scope.fetch.bind(scope)
  const guarded = async (input: RequestInfo | URL, init?: RequestInit): Promise<Response> => {
    const request = new Request(input, init)
    const url = new URL(request.url)
    if (url.origin !== origin) throw new TypeError(`Plume asks no other origin, and ${url.origin} is one.`)
    // A redirect to another origin would be followed in other modes; a navigation leaves redirects to the browser.
    return hostFetch(request.mode === 'navigate' ? request : new Request(request, { mode: 'same-origin' }))
  }
  const doors: Record<string, unknown> = { fetch: guarded }
  for (const name of ['WebSocket', 'WebSocketStream', 'EventSource', 'WebTransport', 'importScripts']) {
    doors[name] = undefined
  }
  for (const [name, value] of Object.entries(doors)) close(scope, name, value)
  // These fetch by themselves.
  for (const name of ['add', 'addAll']) close(cachePrototype, name, undefined)
  return guarded
}

/** Own property and every inherited one, for good. */
function close(target: object, name: string, value: unknown): void {
  let isFirst = true
  for (let owner: object | null = target; owner && owner !== Object.prototype; owner = Object.getPrototypeOf(owner)) {
    if (!isFirst && !Object.hasOwn(owner, name)) continue
    isFirst = false
    Object.defineProperty(owner, name, { value, writable: false, configurable: false, enumerable: false })
  }
}
