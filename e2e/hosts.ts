import { createHash } from 'node:crypto'
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { serveStatic } from '../scripts/static-host.mjs'

const dist = process.env['E2E_DIST'] ?? 'dist'

/** Another origin that takes everything from everybody, and remembers what it got. */
export async function openOrigin() {
  const got: string[] = []
  const server = createServer((request, response) => {
    got.push(`${request.method} ${request.url}`)
    response
      .writeHead(200, {
        'Access-Control-Allow-Origin': '*',
        'Access-Control-Allow-Headers': '*',
        'Cross-Origin-Resource-Policy': 'cross-origin',
        'Content-Type': 'text/javascript',
      })
      .end('export {}')
  })
  // a WebSocket that was refused by the browser does not even connect
  server.on('upgrade', (request, socket) => {
    got.push(`UPGRADE ${request.url}`)
    socket.destroy()
  })
  let connections = 0
  server.on('connection', () => connections++)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    got,
    connections: () => connections,
    close: () => {
      server.close()
      server.closeAllConnections()
    },
  }
}

/** A plain host that holds one file back, as a slow network would: by default the service worker's script. */
export async function slowHost(slow = /\/sw\.js$/) {
  let release = (): void => undefined
  const held = new Promise<void>((resolve) => (release = resolve))
  const host = await serveStatic({
    folder: dist,
    base: '/plume/',
    before: (path) => (slow.test(path) ? held : undefined),
  })
  return { ...host, release }
}

/** A plain host with a copy of the build that can be replaced by a second build. */
export async function changingHost() {
  const folder = await mkdtemp(join(tmpdir(), 'plume-host-'))
  await cp(dist, folder, { recursive: true })
  const host = await serveStatic({ folder, base: '/plume/' })
  return {
    url: host.url,
    /** The page says `<meta name="build" content="2">`, and the service worker's list knows its new hash. */
    async deploySecondBuild() {
      const page = (await readFile(join(folder, 'index.html'), 'utf8')).replace(
        '</head>',
        '<meta name="build" content="2"></head>',
      )
      const worker = await readFile(join(folder, 'sw.js'), 'utf8')
      const entry = /\{"bytes":\d+,"integrity":"[^"]+","isLate":false,"revision":"[^"]+","url":"index\.html"\}/
      if (!entry.test(worker)) throw new Error('sw.js has no entry of index.html that could be replaced')
      const integrity = `sha256-${createHash('sha256').update(page).digest('base64')}`
      const bytes = Buffer.byteLength(page)
      await writeFile(join(folder, 'index.html'), page)
      await writeFile(
        join(folder, 'sw.js'),
        worker.replace(entry, JSON.stringify({ bytes, integrity, isLate: false, revision: '2', url: 'index.html' })),
      )
    },
    async close() {
      await host.close()
      await rm(folder, { recursive: true })
    },
  }
}
