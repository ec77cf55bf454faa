/** Gzipped JavaScript that must arrive before the drop zone works: the entry and its static imports. Budget: 90 kB. */
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { dirname, posix } from 'node:path'
import { pathToFileURL } from 'node:url'
import { gzipSync } from 'node:zlib'
import { parseAst } from 'vite'

export const BUDGET_BYTES = 90_000

/** Scripts and module preloads of a page, as paths relative to it. */
export function scriptsOf(html) {
  const tags = html.match(/<(?:script|link)\b[^>]*>/g) ?? []
  return tags.flatMap((tag) => {
    const address = /\b(?:src|href)="([^"]+)"/.exec(tag)?.[1]
    const isScript = tag.startsWith('<script') || /\brel="modulepreload"/.test(tag)
    return address && isScript ? [posix.normalize(address)] : []
  })
}

/** @returns {Promise<Map<string, number>>} gzipped bytes of every file that `page` loads at once */
export async function firstLoad(page) {
  const folder = dirname(page)
  const sizes = new Map()
  const queue = scriptsOf(await readFile(page, 'utf8'))
  for (let file; (file = queue.pop()) !== undefined;) {
    if (sizes.has(file)) continue
    const source = await readFile(`${folder}/${file}`)
    sizes.set(file, gzipSync(source, { level: 9 }).byteLength)
    // Static imports only stand at the top level; import() is an expression and loads later.
    for (const statement of parseAst(source.toString()).body) {
      const specifier = 'source' in statement ? statement.source?.value : undefined
      if (specifier?.startsWith('.')) queue.push(posix.join(posix.dirname(file), specifier))
    }
  }
  return sizes
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  if (!existsSync('dist/index.html')) {
    console.error('dist/index.html does not exist. Run `npm run build` first.')
    process.exit(1)
  }
  const sizes = await firstLoad('dist/index.html')
  for (const [file, bytes] of sizes) console.log(`${String(bytes).padStart(8)} B gzip  ${file}`)
  const total = [...sizes.values()].reduce((sum, bytes) => sum + bytes, 0)
  console.log(`${String(total).padStart(8)} B gzip  before the drop zone works (budget ${BUDGET_BYTES})`)
  if (sizes.size === 0 || total > BUDGET_BYTES) {
    console.error(sizes.size === 0 ? 'dist/index.html loads no script.' : 'The first load is over its budget.')
    process.exit(1)
  }
}
