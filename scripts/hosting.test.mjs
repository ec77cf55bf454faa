import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { serveStatic } from './static-host.mjs'
import { headersFile } from './vite-hosting.mjs'

describe('_headers', () => {
  it('puts each header under its paths', () => {
    expect(headersFile({ A: "x 'self'; y", B: 'z' }).split('\n').slice(0, 4)).toEqual([
      '/*',
      "  A: x 'self'; y",
      '  B: z',
      '',
    ])
    expect(headersFile({})).toContain('/sw.js\n  Cache-Control: no-cache\n')
  })
})

describe('static host', () => {
  let folder
  let host
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'plume-static-'))
    await writeFile(join(folder, 'index.html'), '<p>page')
    await writeFile(join(folder, 'a b.wasm'), 'wasm')
    host = await serveStatic({ folder, base: '/sub/path/' })
  })
  afterAll(async () => {
    await host.close()
    await rm(folder, { recursive: true })
  })
  const status = async (path, init) => (await fetch(new URL(path, host.url), init)).status

  it('serves files with their type and no header of its own', async () => {
    const page = await fetch(host.url)
    expect([page.headers.get('content-type'), await page.text()]).toEqual(['text/html; charset=utf-8', '<p>page'])
    expect(page.headers.get('content-security-policy')).toBeNull()
    const wasm = await fetch(`${host.url}a%20b.wasm?x=1`, { method: 'HEAD' })
    expect([wasm.headers.get('content-type'), wasm.headers.get('content-length')]).toEqual(['application/wasm', '4'])
  })

  it('has nothing outside its folder, no page for what is missing, and takes nothing', async () => {
    expect(await status('missing.js')).toBe(404)
    expect(await status('/')).toBe(404)
    expect(await status('..%2f..%2f..%2f..%2fetc/passwd')).toBe(404)
    expect(await status('%')).toBe(400)
    expect(await status('', { method: 'POST', body: 'x' })).toBe(405)
  })
})
