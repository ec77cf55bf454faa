import { createServer } from 'vite'
import { wasmFileUrls } from './vite-wasm-file-urls.mjs'

/** Runs `work` with a function that imports the project's TypeScript by its path from the root. */
export async function withSources(work) {
  const server = await createServer({
    configFile: false,
    server: { middlewareMode: true, watch: null, hmr: false, ws: false },
    appType: 'custom',
    logLevel: 'error',
    plugins: [wasmFileUrls()],
    optimizeDeps: { noDiscovery: true },
  })
  try {
    return await work((path) => server.ssrLoadModule(path))
  } finally {
    await server.close()
  }
}
