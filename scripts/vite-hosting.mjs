import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'

/** Large, and not needed to open the app: fetched after it is there. */
const LATE = [/^assets\/ort-wasm-/, /^assets\/(mozjpeg_dec|squoosh_png|webp_dec)[^/]*\.wasm$/, /^samples\//]

/**
 * What a host and a browser must know of the page besides its files: `_headers` (the format of Netlify and Cloudflare
 * Pages) and the meta tag of the policy, both made from the one list in src/core/security-headers.ts; the manifest; and
 * `describeFiles`, which tells the service worker the size, hash and stage of each file.
 * @param {{ headers: Readonly<Record<string, string>>, policy: string, manifest: object }} options
 * @returns {{ plugin: import('vite').Plugin, describeFiles: import('workbox-build').ManifestTransform }}
 */
export function hosting({ headers, policy, manifest }) {
  let outDir = 'dist'
  return {
    plugin: {
      name: 'plume:hosting',
      configResolved: ({ root, build }) => void (outDir = resolve(root, build.outDir)),
      transformIndexHtml: (_html, { server }) => [
        { tag: 'meta', attrs: { 'http-equiv': 'Content-Security-Policy', content: policy }, injectTo: 'head-prepend' },
        // Installing is for the built page.
        ...(server ? [] : [{ tag: 'link', attrs: { rel: 'manifest', href: './manifest.webmanifest' } }]),
      ],
      generateBundle() {
        this.emitFile({ type: 'asset', fileName: '_headers', source: headersFile(headers) })
        this.emitFile({ type: 'asset', fileName: 'manifest.webmanifest', source: JSON.stringify(manifest) })
      },
    },
    describeFiles: async (entries) => ({
      manifest: await Promise.all(
        entries.map(async (entry) => {
          const hash = createHash('sha256').update(await readFile(resolve(outDir, entry.url)))
          const isLate = LATE.some((pattern) => pattern.test(entry.url))
          return { ...entry, bytes: entry.size, integrity: `sha256-${hash.digest('base64')}`, isLate }
        }),
      ),
      warnings: [],
    }),
  }
}

/** The policy on every answer. Names with a hash may be kept for ever; the service worker never. */
export function headersFile(headers) {
  const block = (path, fields) => {
    const lines = Object.entries(fields).map(([name, value]) => `  ${name}: ${value}\n`)
    return `${path}\n${lines.join('')}`
  }
  return [
    block('/*', headers),
    block('/assets/*', { 'Cache-Control': 'public, max-age=31536000, immutable' }),
    block('/sw.js', { 'Cache-Control': 'no-cache' }),
  ].join('\n')
}
