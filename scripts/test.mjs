/**
 * All checks in order, stopping at the first that fails; those that only read the sources run side by side. `--full` adds everything slow.
 * The last line is `N passed, N failed`: tests of vitest and Playwright, plus one for each other step.
 */
import { mkdir, readFile, rm } from 'node:fs/promises'
import { findBrowser, NO_BROWSER } from './find-browser.mjs'
import { run } from './run.mjs'

const REPORTS = 'build/test-reports'
const isFull = process.argv.includes('--full')
const counts = { passed: 0, failed: 0 }

const node = (...args) => [process.execPath, ...args]
const vitestReport = `${REPORTS}/vitest.json`
const playwrightReport = `${REPORTS}/playwright.json`

const SIDE_BY_SIDE = [
  { name: 'lint', command: node('node_modules/eslint/bin/eslint.js', '.', '--max-warnings', '0') },
  { name: 'type check', command: node('scripts/check.mjs') },
  { name: 'format', command: node('node_modules/prettier/bin/prettier.cjs', '--check', '.', '--log-level', 'warn') },
]
const IN_ORDER = [
  {
    name: 'unit tests',
    command: node(
      'node_modules/vitest/vitest.mjs',
      'run',
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${vitestReport}`,
    ),
    count: async () => {
      const report = await readJson(vitestReport)
      // A file that cannot be loaded has no tests to fail.
      const broken = report.testResults.filter((file) => file.status === 'failed' && file.assertionResults.length === 0)
      return { passed: report.numPassedTests, failed: report.numFailedTests + broken.length }
    },
  },
  { name: 'build', command: ['npm', 'run', 'build', '--silent'] },
  { name: 'size', command: node('scripts/size.mjs') },
  {
    name: 'end-to-end tests',
    command: node('node_modules/@playwright/test/cli.js', 'test', '--reporter=list,json'),
    env: { PLAYWRIGHT_JSON_OUTPUT_NAME: playwrightReport },
    count: async () => {
      const { stats, errors } = await readJson(playwrightReport)
      return { passed: stats.expected + stats.flaky, failed: stats.unexpected + errors.length }
    },
  },
]

async function readJson(path) {
  return JSON.parse(await readFile(path, 'utf8'))
}

/** A step that counts its tests reports those; another is one check. A failure always counts at least one. */
async function countsOf(step, code) {
  const whole = { passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1 }
  if (!step.count) return whole
  const found = await step.count().catch(() => whole)
  return code !== 0 && found.failed === 0 ? { ...found, failed: 1 } : found
}

if (!findBrowser()) {
  console.error(NO_BROWSER)
  process.exit(1)
}
await rm(REPORTS, { recursive: true, force: true })
await mkdir(REPORTS, { recursive: true })

/** @returns {Promise<string | null>} the step's name where it failed */
async function take(step, { live }) {
  const started = performance.now()
  const env = { ...step.env, ...(isFull ? { FULL: '1' } : {}) }
  const { code, output } = await run(step.command, { env, live })
  if (!live && code !== 0) console.log(output)
  const seconds = ((performance.now() - started) / 1000).toFixed(1)
  console.log(`── ${step.name}: ${code === 0 ? 'passed' : 'FAILED'} in ${seconds} s`)
  const found = await countsOf(step, code)
  counts.passed += found.passed
  counts.failed += found.failed
  return code === 0 ? null : step.name
}

async function takeAll() {
  console.log(`\n── ${SIDE_BY_SIDE.map(({ name }) => name).join(', ')}`)
  const failed = (await Promise.all(SIDE_BY_SIDE.map((step) => take(step, { live: false })))).filter(Boolean)
  if (failed.length > 0) return failed.join(', ')
  for (const step of IN_ORDER) {
    console.log(`\n── ${step.name}`)
    const failedStep = await take(step, { live: true })
    if (failedStep) return failedStep
  }
  return null
}

const failed = await takeAll()
console.log(failed ? `\nStopped: ${failed} failed.` : '')
console.log(`${counts.passed} passed, ${counts.failed} failed`)
process.exit(failed ? 1 : 0)
