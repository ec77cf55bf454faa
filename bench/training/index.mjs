/**
 * Steps of training per second: our engine beside TensorFlow.js, jax-js, plain JavaScript and a step written by hand, one
 * thread each, in pages of one Chromium; PyTorch in a process of its own where Python has it.
 *
 *   npm run bench -- training [--python=PATH]
 *
 * Needs `npm install` in bench/ and a Chromium. All begin with the same weights and samples: a contestant whose loss is
 * another one after the same steps is not compared.
 */
import { spawn } from 'node:child_process'
import { mkdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { chromium } from '@playwright/test'
import { build } from 'vite'
import { buildWasm } from '../../scripts/build-wasm.mjs'
import { findBrowser, NO_BROWSER } from '../../scripts/find-browser.mjs'
import { serveStatic } from '../../scripts/static-host.mjs'
import { median, speedAgainst } from '../round-robin.mjs'
import { problemOf } from './problem.mjs'

export const title = 'Training: steps per second'

const ROOT = resolve(import.meta.dirname, '../..')
const BUNDLE = 'build/bench/training'

const OWN = 'Plume (relaxed SIMD)'
const OWN_PLAIN = 'Plume (SIMD)'
const FUSED = 'by hand (relaxed SIMD)'
const TENSORFLOW = 'TF.js (WASM)'
const JAX = 'jax-js (WASM)'
const PLAIN = 'plain JavaScript'
const TORCH = 'PyTorch (eager, CPU)'

const TASKS = [
  { name: 'MLP 30-64-32-1, batch 32', network: 'mlp', batch: 32 },
  { name: 'MLP 30-64-32-1, batch 512', network: 'mlp', batch: 512 },
  { name: 'CNN, batch 64', network: 'cnn', batch: 64 },
]

/** [task, base, must, aim] for our engine with relaxed SIMD. */
const GOALS = [
  [0, TENSORFLOW, 15, 35],
  [1, TENSORFLOW, 5, 7],
  [0, FUSED, 0.35, 0.7],
  [2, PLAIN, 8, 18],
  [2, JAX, 25, 50],
  [0, TORCH, 3, 8],
  [1, TORCH, 0.9, 1.2],
  [2, TORCH, 0.4, 0.8],
]

/** Time that one measurement takes about. */
const MEASURE_MS = 120

async function bundle() {
  const options = { formats: ['es'], fileName: () => 'step.mjs' }
  await build({
    configFile: false,
    root: ROOT,
    logLevel: 'error',
    build: {
      lib: { entry: 'bench/training/step-entry.ts', ...options },
      outDir: BUNDLE,
      emptyOutDir: false,
      target: 'esnext',
    },
  })
  await compileFused()
}

/** With the options of the product's kernels, and memory for the largest batch. */
async function compileFused() {
  await mkdir(join(ROOT, BUNDLE), { recursive: true })
  const { default: asc } = await import('assemblyscript/asc')
  const options = [
    '--runtime',
    'stub',
    '--enable',
    'simd',
    '--enable',
    'relaxed-simd',
    '-O3',
    '--converge',
    '--noAssert',
  ]
  const { error, stderr } = await asc.main([
    'bench/training/assembly/fused-step.ts',
    ...['--outFile', `${BUNDLE}/fused.wasm`, '--baseDir', ROOT, '--initialMemory', '40', '--use', 'abort='],
    ...options,
  ])
  if (error) throw new Error(`The step written by hand does not compile:\n${stderr.toString()}`)
}

/** What a page needs, and the function that `contestant` of page.mjs is given, as code of the page. */
const pagesOf = (url) => {
  const bytes = (file) => `new Uint8Array(await (await fetch('${url}${file}')).arrayBuffer())`
  const ours = (file) => `page.engine(${bytes(`build/wasm/${file}`)}, await import('${url}${BUNDLE}/step.mjs'))`
  const modules = `${url}bench/node_modules/`
  return new Map([
    [OWN, { open: ours('engine-relaxed.wasm') }],
    [OWN_PLAIN, { open: ours('engine.wasm') }],
    [FUSED, { open: `page.fused(${bytes(`${BUNDLE}/fused.wasm`)})` }],
    [
      TENSORFLOW,
      {
        scripts: ['tfjs/dist/tf.min.js', 'tfjs-backend-wasm/dist/tf-backend-wasm.min.js'].map(
          (file) => `${modules}@tensorflow/${file}`,
        ),
        open: `(tf.wasm.setWasmPaths('${modules}@tensorflow/tfjs-backend-wasm/dist/'), await page.tensorflow(tf))`,
      },
    ],
    [JAX, { open: `await page.jax(await import('${modules}@jax-js/jax/dist/index.js'))` }],
    [PLAIN, { open: 'page.plain()' }],
  ])
}

async function pageContestant(browser, url, { scripts = [], open }) {
  const page = await browser.newPage()
  await page.goto(`${url}bench/lib/blank.html`)
  for (const script of scripts) await page.addScriptTag({ url: script })
  await page.evaluate(`(async () => {
    const page = await import('${url}bench/training/page.mjs')
    window.contestant = page.contestant(${open})
  })()`)
  return {
    prepare: ({ network, batch }) =>
      page.evaluate(([name, size]) => globalThis.contestant.prepare(name, size), [network, batch]),
    run: ({ network, batch }, count) =>
      page.evaluate(([name, size, steps]) => globalThis.contestant.run(name, size, steps), [network, batch, count]),
  }
}

const hex = (values) => Buffer.from(values.buffer, values.byteOffset, values.byteLength).toString('hex')

function torchContestant(python, closers) {
  const child = spawn(python, [join(import.meta.dirname, 'torch_step.py')], { stdio: ['pipe', 'pipe', 'inherit'] })
  closers.push(() => child.kill())
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const ask = async (task) => {
    child.stdin.write(`${JSON.stringify(task)}\n`)
    const { value, done } = await lines.next()
    if (done) throw new Error('Python ended.')
    return JSON.parse(value)
  }
  const facts = { version: '' }
  return {
    facts,
    async prepare({ name, network, batch }) {
      const { samples, parameters, targets, ...rest } = problemOf(network, batch)
      const given = parameters.map(({ values, ...one }) => ({ ...one, values: hex(values) }))
      const problem = { ...rest, samples: hex(samples), targets: [...targets], parameters: given }
      const { version } = await ask({ key: name, problem })
      facts.version = version
      return true
    },
    run: ({ name }, count) => ask({ key: name, count }),
  }
}

/** @returns who takes part, by name */
async function contestantsOf(closers, python) {
  const path = findBrowser()
  if (!path) throw new Error(NO_BROWSER)
  const host = await serveStatic({ folder: ROOT })
  closers.push(() => host.close())
  const browser = await chromium.launch({ executablePath: path, args: ['--no-sandbox'] })
  closers.push(() => browser.close())
  const contestants = new Map()
  for (const [name, page] of pagesOf(host.url)) contestants.set(name, await pageContestant(browser, host.url, page))
  if (python) contestants.set(TORCH, torchContestant(python, closers))
  return contestants
}

/** Steps after which losses are compared, and how far apart they may be. */
const CHECKED_STEPS = 20
const MOST_APART = 2e-3

/** Those that have this network and compute the same; how many steps a measurement takes for each. */
async function ready(contestants, task, notes) {
  const taking = new Map()
  let expected
  for (const [name, contestant] of contestants) {
    try {
      if (!(await contestant.prepare(task))) continue
      const { loss } = await contestant.run(task, CHECKED_STEPS)
      expected ??= loss
      const isSame = Math.abs(loss - expected) <= MOST_APART * (1 + Math.abs(expected))
      if (!isSame) throw new Error(`its loss after ${CHECKED_STEPS} steps is ${loss}, and ours ${expected}`)
      const { ms } = await contestant.run(task, 3)
      taking.set(name, Math.max(1, Math.round(MEASURE_MS / ms)))
    } catch (error) {
      notes.push(`${task.name}: ${name} does not take part: ${String(error).split('\n')[0]}`)
    }
  }
  return taking
}

async function race(contestants, taking, task, rounds) {
  const times = new Map([...taking.keys()].map((name) => [name, []]))
  for (let round = -1; round < rounds; round++) {
    for (const [name, count] of taking) {
      const { ms } = await contestants.get(name).run(task, count)
      if (round >= 0) times.get(name).push(ms)
    }
  }
  return times
}

const digits = (number) => (number >= 100 ? number.toFixed(0) : number.toPrecision(3))

/** Of our engine against a contestant. */
function ratio(times, base) {
  const { median: middle, low, high } = speedAgainst(times, base, OWN)
  return `${digits(middle)} (${digits(low)}–${digits(high)})`
}

const flag = (name) => process.argv.find((one) => one.startsWith(`--${name}=`))?.slice(name.length + 3)

function goalLines(all) {
  return GOALS.filter(([task, base]) => all.get(TASKS[task].name)?.has(base)).map(([task, base, must, aim]) => {
    const { name } = TASKS[task]
    const reached = speedAgainst(all.get(name), base, OWN).median
    const verdict = reached >= aim ? 'aim reached' : reached >= must ? 'must reached' : 'MISSED'
    return {
      reached: reached >= must,
      text: `${name}: ${OWN} ÷ ${base} ${digits(reached)} (must ${must}, aim ${aim}): ${verdict}.`,
    }
  })
}

/** @param {{ rounds?: number, only?: (name: string) => boolean, python?: string }} options */
export async function run({ rounds = 15, only = () => true, python = flag('python') } = {}) {
  await buildWasm()
  await bundle()
  const closers = []
  const notes = []
  const rows = []
  const all = new Map()
  try {
    const contestants = await contestantsOf(closers, python)
    for (const task of TASKS.filter(({ name }) => only(name))) {
      const taking = await ready(contestants, task, notes)
      const times = await race(contestants, taking, task, rounds)
      all.set(task.name, times)
      for (const [name, ms] of times) {
        rows.push([task.name, name, digits(1000 / median(ms)), digits(1000 / Math.min(...ms)), ratio(times, name)])
      }
    }
    const { version } = contestants.get(TORCH)?.facts ?? {}
    if (version) notes.push(`PyTorch ${version}.`)
  } finally {
    for (const close of closers.reverse()) await close()
  }
  const goals = goalLines(all)
  return {
    header: ['network', 'who', 'steps/s (median)', 'steps/s (best)', `speed of ${OWN} ÷ this`],
    rows,
    notes: [
      `One thread each, ${rounds} rounds in turns, medians of ratios within a round (quartiles). A step is forward, loss, backward and Adam.`,
      'CNN: 28 × 28, 3×3 convolutions to 16 and 32 channels with ReLU and 2×2 max-pooling, then 10 classes.',
      'TF.js has no gradient of convolutions’ weights for WASM.',
      ...notes,
      ...goals.map(({ text }) => text),
    ],
    isMet: goals.every(({ reached }) => reached),
  }
}
