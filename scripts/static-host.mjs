/**
 * A plain static host: files under a sub-path, right MIME types, and no header of its own, as on a university's or a
 * company's web space. `node scripts/static-host.mjs [--dir dist] [--base /plume/] [--port 4174]`
 */
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { createServer } from 'node:http'
import { extname, join, resolve, sep } from 'node:path'
import { pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'

const TYPES = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.mjs': 'text/javascript; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.wasm': 'application/wasm',
  '.webmanifest': 'application/manifest+json',
  '.woff2': 'font/woff2',
}

/** @returns {Promise<{ path: string, size: number } | null>} the file that an address means */
async function find(folder, base, address) {
  const { pathname } = new URL(address, 'http://host')
  if (!pathname.startsWith(base)) return null
  const path = resolve(folder, decodeURIComponent(pathname.slice(base.length)) || 'index.html')
  if (!path.startsWith(folder + sep)) return null
  const found = await stat(path).catch(() => null)
  return found?.isFile() ? { path, size: found.size } : null
}

/**
 * Serves a folder until `close`.
 * @param {{ folder: string, base?: string, port?: number, before?: (path: string) => Promise<void> | void }} options
 *   port 0 takes a free one; `before` may hold an answer back
 * @returns {Promise<{ url: string, close: () => Promise<void> }>}
 */
export async function serveStatic({ folder, base = '/', port = 0, before }) {
  const root = resolve(folder)
  const server = createServer((request, response) => {
    const answer = async () => {
      await before?.(new URL(request.url, 'http://host').pathname)
      const isRead = request.method === 'GET' || request.method === 'HEAD'
      const file = isRead ? await find(root, base, request.url) : null
      if (!file) return void response.writeHead(isRead ? 404 : 405, { 'Content-Type': 'text/plain' }).end('not here')
      const type = TYPES[extname(file.path)] ?? 'application/octet-stream'
      response.writeHead(200, { 'Content-Type': type, 'Content-Length': file.size })
      if (request.method === 'HEAD') return void response.end()
      createReadStream(file.path)
        .on('error', () => response.destroy())
        .pipe(response)
    }
    answer().catch(() => response.writeHead(400).end())
  })
  await new Promise((done, fail) => server.once('error', fail).listen(port, '127.0.0.1', done))
  return {
    url: `http://127.0.0.1:${server.address().port}${base}`,
    close: () =>
      new Promise((done) => {
        server.close(() => done())
        server.closeAllConnections()
      }),
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const { values } = parseArgs({
    options: {
      dir: { type: 'string', default: 'dist' },
      base: { type: 'string', default: '/plume/' },
      port: { type: 'string', default: '4174' },
    },
  })
  const { url } = await serveStatic({ folder: values.dir, base: values.base, port: Number(values.port) })
  console.log(`${join(values.dir)} at ${url}`)
}
