import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build } from 'vite'
import { wasmFileUrls } from '../../vite-wasm-file-urls.mjs'

const ROOT = join(import.meta.dirname, '../../..')
const FOLDER = join(ROOT, 'build/acceptance')

/** Bundles parts.ts for Node. @returns {Promise<typeof import('./parts')>} */
export async function loadParts() {
  await build({
    configFile: false,
    root: ROOT,
    logLevel: 'error',
    publicDir: false,
    plugins: [wasmFileUrls()],
    build: {
      ssr: 'scripts/acceptance/int8/parts.ts',
      ssrEmitAssets: true,
      outDir: FOLDER,
      emptyOutDir: true,
      target: 'node20',
      minify: false,
      rollupOptions: { output: { format: 'es', entryFileNames: 'parts.mjs' } },
    },
  })
  return import(pathToFileURL(join(FOLDER, 'parts.mjs')).href)
}
