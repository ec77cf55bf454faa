import { expect, it } from 'vitest'
import { ownOriginOnly, type Doors } from './own-origin'

/** A scope whose `fetch` is inherited, as a service worker's is. */
function scope() {
  const asked: string[] = []
  const parent = {
    fetch: (request: Request) => {
      asked.push(request.url)
      return Promise.resolve(new Response('own'))
    },
    WebSocket: class {},
    importScripts: () => undefined,
  }
  const cache = { add: () => undefined, addAll: () => undefined, match: () => undefined }
  const self = Object.assign(Object.create(parent), { location: { origin: 'https://host' } }) as Doors & typeof parent
  return { self, parent, cache, asked }
}

it('asks its own origin and refuses every other before anything is sent', async () => {
  const { self, parent, cache, asked } = scope()
  const fetchOwn = ownOriginOnly(self, cache)
  expect(await (await fetchOwn(new Request('https://host/a'))).text()).toBe('own')
  for (const url of ['https://other/a', 'http://host/a', 'https://host:444/a', 'https://host.other/a']) {
    await expect(fetchOwn(new Request(url))).rejects.toThrow('Plume asks no other origin')
    await expect(self.fetch(new Request(url))).rejects.toThrow('Plume asks no other origin')
    await expect(parent.fetch(new Request(url))).rejects.toThrow('Plume asks no other origin')
  }
  expect(asked).toEqual(['https://host/a'])
})

it('closes the other doors for good', () => {
  const { self, parent, cache } = scope()
  ownOriginOnly(self, cache)
  expect([self.WebSocket, parent.WebSocket, self.importScripts, cache.add, cache.addAll]).toEqual(
    Array(5).fill(undefined),
  )
  expect(cache.match).toBeTypeOf('function')
  for (const owner of [self, parent]) {
    expect(() => Object.assign(owner, { fetch: () => undefined })).toThrow(TypeError)
    expect(() => Object.defineProperty(owner, 'WebSocket', { value: 1 })).toThrow(TypeError)
  }
})
