/**
 * Runs ONNX's own node tests on the engine. First: python scripts/conformance/export.py
 *
 *   node scripts/conformance.mjs [--only Operator[,Operator]] [--name PART] [--backend reference|wasm|webgpu|all]
 *                                [--folder FOLDER] [--write]
 *
 * Prints each failure and the share that passes; exit status 1 below 98 % on a backend. On WebGPU (SwiftShader) a test counts
 * only when no node ran on the host, of those whose types the GPU can hold; exit status 1 below 97 %. --write makes
 * docs/conformance.md.
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
const LEAST_ON_DEVICE = 0.97

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
  for (const machine of machines) results.push(summary(machine.name, await runAll(machine)))
  if (options.write) await writeFile('docs/conformance.md', await conformancePage(index, results))
  return results.every(({ share, least }) => share >= least) ? 0 : 1

  async function runAll(machine) {
    const verdicts = []
    for (const test of tests) {
      const verdict = { test, ...(await runNodeTest(machine, options.folder, test)) }
      verdicts.push(verdict)
      const { why, host, unheld } = verdict
      if (why !== null) console.log(`${machine.name}: ${test.name}: ${why.slice(0, 300)}`)
      else if (host?.length > 0 && !unheld)
        console.log(`${machine.name}: ${test.name}: on the host: ${host.join('; ')}`)
    }
    return verdicts
  }
}

/** A test counts on a machine that tells what the host did where it passes with no node there. */
function summary(backend, verdicts) {
  const failures = verdicts.filter(({ why }) => why !== null)
  const tells = verdicts.some(({ host }) => host)
  const inside = verdicts.filter(({ unheld }) => !unheld)
  const hosted = inside.filter(({ why, host }) => why === null && host?.length > 0)
  const alone = inside.filter(({ why, host }) => why === null && !host?.length).length
  const passed = verdicts.length - failures.length
  const share = alone / Math.max(1, inside.length)
  const facts = {
    backend,
    tests: verdicts.length,
    passed,
    failures,
    tells,
    inside: inside.length,
    hosted,
    alone,
    share,
  }
  const percent = `${(100 * share).toFixed(2)} %`
  const device = tells ? `; ${alone} of ${inside.length} that it can hold with every node on it` : ''
  console.log(`${backend}: ${passed} of ${verdicts.length} pass${device} (${percent})`)
  return { ...facts, unheld: verdicts.filter(({ unheld }) => unheld), least: tells ? LEAST_ON_DEVICE : LEAST }
}
