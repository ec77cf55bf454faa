import { readFileSync } from 'node:fs'
import { basename, dirname, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'

// An id of our own: the bundler's asset plugin takes every id with ?url before other plugins can load it.
const PREFIX = '\0plume-wasm-file:'

/**
 * In Node `import url from './x.wasm?url'` gives a file: URL, which `readFile(new URL(url))` opens: of the file itself
 * in tests, of a copy beside the bundle in the built command line. (Vite's own answer is a path on a web server.)
 * @returns {import('vite').Plugin}
 */
export function wasmFileUrls() {
  let isBuild = false
  return {
    name: 'plume:wasm-file-urls',
    enforce: 'pre',
    configResolved: (config) => void (isBuild = config.command === 'build'),
    resolveId(source, importer) {
      const [file = '', query = ''] = source.split('?')
      const queries = query.split('&')
      const isOurs = file.startsWith('.') && file.endsWith('.wasm') && queries.includes('url')
      // the bytes themselves are the same everywhere
      return isOurs && importer && !queries.includes('inline') ? PREFIX + resolve(dirname(importer), file) : null
    },
    load(id) {
      if (!id.startsWith(PREFIX)) return null
      const file = id.slice(PREFIX.length)
      if (!isBuild) return `export default ${JSON.stringify(pathToFileURL(file).href)}`
      // A fixed name, since every chunk of the bundle lies in one folder; Vite would make it a path on a web server.
      const fileName = `wasm/${basename(file)}`
      this.emitFile({ type: 'asset', fileName, source: readFileSync(file) })
      return `export default new URL('./${fileName}', import.meta.url).href`
    },
  }
}
