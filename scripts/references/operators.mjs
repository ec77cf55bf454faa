/**
 * Writes src/ops/<name>/<name>.frozen.json: what onnxruntime-web says of the operators' cases.
 *
 *   node scripts/references/operators.mjs [name…]      default: all operators
 */
import { readdir, writeFile } from 'node:fs/promises'
import { existsSync } from 'node:fs'
import { createServer } from 'vite'
import { format, resolveConfig } from 'prettier'
import { wasmFileUrls } from '../vite-wasm-file-urls.mjs'

const wanted = process.argv.slice(2)
const server = await createServer({
  configFile: false,
  server: { middlewareMode: true, watch: null, hmr: false, ws: false },
  appType: 'custom',
  logLevel: 'error',
  plugins: [wasmFileUrls()],
  optimizeDeps: { noDiscovery: true },
})
let failed = 0
try {
  const { freeze } = await server.ssrLoadModule('/src/testing/freeze-operators.ts')
  for (const name of (await readdir('src/ops', { withFileTypes: true })).filter((one) => one.isDirectory())) {
    const path = `src/ops/${name.name}/${name.name}`
    if ((wanted.length > 0 && !wanted.includes(name.name)) || !existsSync(`${path}.cases.ts`)) continue
    const { cases } = await server.ssrLoadModule(`/${path}.cases.ts`)
    const { results, refused } = await freeze(cases)
    for (const line of refused) console.error(`refused by onnxruntime-web: ${line}`)
    failed += refused.length
    if (Object.keys(results).length === 0) continue
    const json = JSON.stringify(results)
    await writeFile(
      `${path}.frozen.json`,
      await format(json, { ...(await resolveConfig('package.json')), filepath: 'x.json' }),
    )
    console.log(`${path}.frozen.json: ${Object.keys(results).length} cases`)
  }
} finally {
  await server.close()
}
process.exit(failed > 0 ? 1 : 0)
