import { beforeEach, describe, expect, it } from 'vitest'
import type { OfflineState } from '../core/offline'
import { AppFiles, type AppFile } from './app-files'
import { MemoryCache } from './cache-kit'

const SCOPE = 'https://host/plume/'
const file = (url: string, change: Partial<AppFile> = {}): AppFile => ({
  url,
  revision: null,
  integrity: `sha256-${url}`,
  bytes: 10,
  isLate: false,
  ...change,
})
const FILES = [
  file('index.html', { revision: 'r1' }),
  file('assets/a-1.js'),
  file('assets/big-1.wasm', { bytes: 1000, isLate: true }),
  file('samples/s.onnx', { revision: 's1', bytes: 100, isLate: true }),
]

let cache: MemoryCache
let asked: Request[]
/** Addresses that the host answers with an error. */
let broken: Set<string>
beforeEach(() => {
  cache = new MemoryCache()
  asked = []
  broken = new Set()
})

const appFiles = (files: readonly AppFile[] = FILES) =>
  new AppFiles({
    files,
    scope: SCOPE,
    open: () => Promise.resolve(cache.asCache()),
    fetch: (request) => {
      asked.push(request)
      const path = request.url.slice(SCOPE.length)
      return Promise.resolve(broken.has(path) ? new Response('no', { status: 503 }) : new Response(`body of ${path}`))
    },
  })

const keys = () => cache.urls.map((url) => url.slice(SCOPE.length)).sort()

describe('stages', () => {
  it('installs the first stage only, each file with the hash of the build', async () => {
    await appFiles().install()
    expect(keys()).toEqual(['assets/a-1.js', 'index.html?revision=r1'])
    expect(asked.map(({ integrity }) => integrity)).toEqual(['sha256-index.html', 'sha256-assets/a-1.js'])
    // a name without a hash may stand in the browser's own cache with older content
    expect(asked.map(({ cache }) => cache)).toEqual(['no-cache', 'default'])
  })

  it('fails to install when one file is missing', async () => {
    broken.add('assets/a-1.js')
    await expect(appFiles().install()).rejects.toThrow('assets/a-1.js: the host answered 503')
  })

  it('is ready only when every file of both stages is kept', async () => {
    const files = appFiles()
    expect(await files.state()).toEqual({ haveBytes: 0, totalBytes: 1120, missing: 4, isReady: false })
    await files.install()
    expect(await files.state()).toEqual({ haveBytes: 20, totalBytes: 1120, missing: 2, isReady: false })
    const states: OfflineState[] = []
    await files.fill((state) => states.push(state))
    expect(states.map(({ haveBytes }) => haveBytes)).toEqual([1020, 1120])
    expect(states.some(({ isReady }) => isReady)).toBe(false)
    expect((await files.state()).isReady).toBe(true)
  })

  it('is not ready when it has no files at all', async () => {
    expect((await appFiles([]).state()).isReady).toBe(false)
  })

  it('goes on where a broken download stopped, and repairs what the browser dropped', async () => {
    const files = appFiles()
    await files.install()
    broken.add('assets/big-1.wasm')
    await expect(files.fill(() => undefined)).rejects.toThrow('503')
    broken.clear()
    await cache.delete(`${SCOPE}assets/a-1.js`)
    asked = []
    await files.fill(() => undefined)
    expect(asked.map(({ url }) => url.slice(SCOPE.length)).sort()).toEqual(['assets/a-1.js', 'assets/big-1.wasm'])
    expect((await files.state()).isReady).toBe(true)
  })
})

describe('answers', () => {
  it('knows the page by its folder, whatever the query', () => {
    const files = appFiles()
    expect(files.find(`${SCOPE}?lang=fr`)?.url).toBe('index.html')
    expect(files.find(`${SCOPE}index.html#help`)?.url).toBe('index.html')
    expect(files.find(`${SCOPE}assets/a-1.js`)?.url).toBe('assets/a-1.js')
    expect(files.find(`${SCOPE}assets/`)).toBeUndefined()
    expect(files.find('https://host/')).toBeUndefined()
  })

  it('fetches a file once, however many ask, and keeps it', async () => {
    const files = appFiles()
    const [, , big] = FILES as [AppFile, AppFile, AppFile]
    const answers = await Promise.all([files.answer(big), files.answer(big)])
    expect(asked).toHaveLength(1)
    expect(answers.map(({ source }) => source)).toEqual(['network', 'network'])
    for (const { response } of answers) expect(await response.text()).toBe('body of assets/big-1.wasm')
    const again = await files.answer(big)
    expect(again.source).toBe('cached')
    expect(asked).toHaveLength(1)
  })

  it('keeps nothing of an error, and says so', async () => {
    broken.add('assets/big-1.wasm')
    await expect(appFiles().answer(FILES[2] as AppFile)).rejects.toThrow('the host answered 503')
    expect(keys()).toEqual([])
  })
})

it('keeps files of an older version until it is told to remove them', async () => {
  await appFiles().install()
  const next = appFiles([file('index.html', { revision: 'r2' }), file('assets/b-1.js')])
  await next.install()
  expect(keys()).toEqual(['assets/a-1.js', 'assets/b-1.js', 'index.html?revision=r1', 'index.html?revision=r2'])
  expect(await (await next.older(`${SCOPE}assets/a-1.js`))?.text()).toBe('body of assets/a-1.js')
  expect([next.has(`${SCOPE}assets/a-1.js`), next.has(`${SCOPE}assets/b-1.js`)]).toEqual([false, true])
  await next.removeOthers()
  expect(keys()).toEqual(['assets/b-1.js', 'index.html?revision=r2'])
})
