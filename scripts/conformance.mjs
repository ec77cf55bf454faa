/**
 * Runs ONNX's own node tests on the engine. First: python scripts/conformance/export.py
 *
 *   node scripts/conformance.mjs [--only Operator[,Operator]] [--name PART] [--backend reference|wasm|all]
 *                                [--folder FOLDER] [--write]
 *
 * Prints each failure and the share that passes; exit status 1 below 98 % on a backend. --write makes docs/conformance.md.
 */
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { createServer } from 'vite'
import { conformancePage } from './conformance/page.mjs'
import { wasmFileUrls } from './vite-wasm-file-urls.mjs'

const { values: options } = parseArgs({
  options: {
    only: { type: 'string' },
    name: { type: 'string' },
    backend: { type: 'string', default: 'all' },
    folder: { type: 'string', default: 'build/conformance' },
    write: { type: 'boolean', default: false },
  },
})
const LEAST = 0.98

const server = await createServer({
  configFile: false,
  server: { middlewareMode: true, watch: null, hmr: false, ws: false },
  appType: 'custom',
  logLevel: 'error',
  plugins: [wasmFileUrls()],
  optimizeDeps: { noDiscovery: true },
})
try {
  process.exitCode = await main()
} finally {
  await server.close()
}

async function main() {
  const index = JSON.parse(
    await readFile(join(options.folder, 'index.json'), 'utf8').catch(() => {
      throw new Error(`${options.folder} holds no tests. Run first: python scripts/conformance/export.py`)
    }),
  )
  const { runNodeTest, conformanceMachines } = await server.ssrLoadModule('/src/testing/conformance.ts')
  const all = await conformanceMachines()
  const machines = all.filter(({ name }) => options.backend === 'all' || name === options.backend)
  if (machines.length === 0) throw new Error(`no backend ${options.backend}; there are ${all.map(({ name }) => name)}`)
  const only = options.only?.split(',')
  const tests = index.cases.filter(
    (test) =>
      !test.outside && (!only || only.includes(test.operator)) && (!options.name || test.name.includes(options.name)),
  )
  if (tests.length === 0) throw new Error('no test has that operator or name')
  const results = []
  for (const machine of machines) results.push({ backend: machine.name, ...(await runAll(machine)) })
  if (options.write) await writeFile('docs/conformance.md', await conformancePage(index, results))
  return results.every(({ passed }) => passed >= LEAST * tests.length) ? 0 : 1

  async function runAll(machine) {
    const failures = []
    for (const test of tests) {
      const why = await runNodeTest(machine, options.folder, test)
      if (why === null) continue
      failures.push({ test, why })
      console.log(`${machine.name}: ${test.name}: ${why.slice(0, 300)}`)
    }
    const passed = tests.length - failures.length
    console.log(`${machine.name}: ${passed} of ${tests.length} pass (${((100 * passed) / tests.length).toFixed(2)} %)`)
    return { passed, failures }
  }
}
