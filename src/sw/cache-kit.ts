/** The parts of a Cache that Plume uses, in memory. Like the browser's, it gives a fresh answer each time. */
export class MemoryCache {
  readonly #kept = new Map<string, Response>()

  match = (key: RequestInfo | URL): Promise<Response | undefined> =>
    Promise.resolve(this.#kept.get(urlOf(key))?.clone())

  put = async (key: RequestInfo | URL, response: Response): Promise<void> => {
    const { status, statusText, headers } = response
    // an answer is kept when its last byte arrived
    const body = await response.arrayBuffer()
    this.#kept.set(urlOf(key), new Response(body, { status, statusText, headers }))
  }

  keys = (): Promise<Request[]> => Promise.resolve([...this.#kept.keys()].map((url) => new Request(url)))

  delete = (key: RequestInfo | URL): Promise<boolean> => Promise.resolve(this.#kept.delete(urlOf(key)))

  get urls(): string[] {
    return [...this.#kept.keys()]
  }

  asCache(): Cache {
    return this as unknown as Cache
  }
}

const urlOf = (key: RequestInfo | URL) => (typeof key === 'string' ? key : key instanceof URL ? key.href : key.url)
