import { describe, expect, it } from 'vitest'
import { collectShared } from '../app/pwa/launch'
import { SHARE_LIMITS, SHARE_PATH, SHARED_CACHE } from '../core/offline'
import { MemoryCache } from './cache-kit'
import { takeShared } from './share-target'

const SCOPE = 'https://host/plume/'
const ID = '0123456789abcdef0123456789abcdef'

function target() {
  const cache = new MemoryCache()
  const options = {
    scope: SCOPE,
    folder: `${SCOPE}${SHARE_PATH}/`,
    open: () => Promise.resolve(cache.asCache()),
    newId: () => ID,
  }
  const storage = {
    has: (name: string) => Promise.resolve(name === SHARED_CACHE),
    open: () => Promise.resolve(cache.asCache()),
  } as unknown as CacheStorage
  const send = async (body: FormData | string, type?: string) => {
    const headers: HeadersInit = type === undefined ? {} : { 'Content-Type': type }
    const request = new Request(`${SCOPE}${SHARE_PATH}`, { method: 'POST', body, headers })
    const answer = await takeShared(request, options)
    expect(answer.status).toBe(303)
    return answer.headers.get('location')
  }
  return { cache, storage, send, collect: (id: string) => collectShared(id, SCOPE, storage) }
}

function form(files: readonly File[], fields: Readonly<Record<string, string>> = {}) {
  const made = new FormData()
  for (const file of files) made.append('files', file)
  for (const [name, value] of Object.entries(fields)) made.append(name, value)
  return made
}

describe('shared files', () => {
  it('reach the page whole, with their names, and only once', async () => {
    const { send, collect, cache } = target()
    const strange = 'réseau "a/b".onnx'
    const files = [new File(['one'], 'a.onnx'), new File([Uint8Array.of(0, 255, 10)], strange)]
    expect(await send(form(files, { title: 'Models', text: '{"version":1}' }))).toBe(`${SCOPE}?shared=${ID}`)
    const incoming = await collect(ID)
    expect(incoming.text).toBe('{"version":1}')
    expect(incoming.files.map(({ path }) => path)).toEqual(files.map(({ name }) => name))
    expect(await incoming.files[0]?.file.text()).toBe('one')
    expect([...new Uint8Array((await incoming.files[1]?.file.arrayBuffer()) ?? new ArrayBuffer())]).toEqual([
      0, 255, 10,
    ])
    expect(cache.urls).toEqual([])
    expect(await collect(ID)).toEqual({ files: [], text: '' })
  })

  it('take the place of those that nobody collected', async () => {
    const { send, cache } = target()
    await send(form([new File(['1'], 'a'), new File(['2'], 'b')]))
    await send(form([new File(['3'], 'c')]))
    expect(cache.urls).toEqual([`${SCOPE}${SHARE_PATH}/${ID}/0`, `${SCOPE}${SHARE_PATH}/${ID}/list`])
  })

  it.each(['', '../', ID.toUpperCase(), `${ID}0`, `${ID}/../x`, 'refused'])(
    'an id %j that is none gives nothing',
    async (id) => {
      const { send, collect, cache } = target()
      await send(form([new File(['1'], 'a')]))
      expect(await collect(id)).toEqual({ files: [], text: '' })
      expect(cache.urls).toHaveLength(2)
    },
  )
})

describe('refused as a whole', () => {
  const refused = `${SCOPE}?shared=refused`

  it('too many files', async () => {
    const { send, cache } = target()
    const many = Array.from({ length: SHARE_LIMITS.files + 1 }, (_, i) => new File(['x'], `${i}`))
    expect(await send(form(many))).toBe(refused)
    expect(cache.urls).toEqual([])
  })

  it('too much text, nothing at all, and what is no form', async () => {
    const { send } = target()
    expect(await send(form([], { text: 'x'.repeat(SHARE_LIMITS.textLength + 1) }))).toBe(refused)
    expect(await send(form([], { text: '  ' }))).toBe(refused)
    expect(await send('hello', 'text/plain')).toBe(refused)
    expect(await send('--cut', 'multipart/form-data; boundary=cut')).toBe(refused)
  })
})
