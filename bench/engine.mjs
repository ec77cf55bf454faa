/**
 * The engine's kernels against onnxruntime, one thread each: onnxruntime-node in a process of its own, onnxruntime-web in
 * the same Chromium and in Node. Contestants are timed in turns, ratios within a round.
 *
 * Products are timed as kernels alone, without the copies of a call; onnxruntime repeats a product within one run, so
 * that the costs of a call do not count for it either. The small network is timed as calls, with everything.
 */
import { fork } from 'node:child_process'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { chromium } from '@playwright/test'
import { build } from 'vite'
import { buildWasm } from '../scripts/build-wasm.mjs'
import { findBrowser, NO_BROWSER } from '../scripts/find-browser.mjs'
import { FLOAT, model, node, tensor } from '../scripts/samples/onnx.mjs'
import { serveStatic } from '../scripts/static-host.mjs'
import { filled } from './lib/contestants.mjs'
import { median, speedAgainst } from './round-robin.mjs'

export const title = 'Engine: products of matrices and a small network'

const ROOT = resolve(import.meta.dirname, '..')
const BUNDLE = 'build/bench'

/** Rows of A, length of the sums, columns of B: a square, a vector, and what convolutions and training ask for. */
const PRODUCTS = [
  [512, 512, 512],
  [1, 1024, 1024],
  [12544, 144, 32],
  [144, 12544, 32],
  [12544, 32, 144],
  [50176, 9, 16],
  [64, 1568, 10],
]

/** Work of one measurement, in floating-point operations: some ten milliseconds. */
const WORK = 4e8
const LAYERS = [30, 64, 32, 1]
const BATCH = 64
const NETWORK_ITERATIONS = 300

const nameOf = ([m, k, n]) => `${m}×${k}→${n}`

/** Equal products beside each other, of the same inputs. */
function productTask(shape, engine) {
  const [m, k, n] = shape
  const flops = 2 * m * k * n
  const repeats = Math.max(1, Math.min(32, Math.round(1e8 / flops)))
  const names = Array.from({ length: repeats }, (_, i) => `y${i}`)
  return {
    name: nameOf(shape),
    flops,
    iterations: Math.max(1, Math.round(WORK / flops / repeats)) * repeats,
    repeats,
    feeds: { a: [m, k], b: [k, n] },
    model: model({
      name: 'product',
      doc: '',
      opset: 17,
      nodes: names.map((y) => node('MatMul', y, ['a', 'b'], [y])),
      tensors: [],
      inputs: [
        ['a', [m, k]],
        ['b', [k, n]],
      ],
      outputs: names.map((y) => [y, [m, n]]),
    }),
    program: engine.product(m, k, n),
  }
}

/** Gemm and Relu, as exporters write a multilayer perceptron. */
function networkTask() {
  const nodes = []
  const tensors = []
  let from = 'x'
  for (let i = 1; i < LAYERS.length; i++) {
    const [inputs, outputs] = [LAYERS[i - 1], LAYERS[i]]
    tensors.push(tensor(`w${i}`, FLOAT, [inputs, outputs], filled(inputs * outputs)))
    tensors.push(tensor(`b${i}`, FLOAT, [outputs], filled(outputs)))
    nodes.push(node('Gemm', `gemm${i}`, [from, `w${i}`, `b${i}`], [`z${i}`]))
    if (i < LAYERS.length - 1) nodes.push(node('Relu', `relu${i}`, [`z${i}`], [`h${i}`]))
    from = `h${i}`
  }
  const last = LAYERS.length - 1
  return {
    name: `network ${LAYERS.join('-')}, batch ${BATCH}`,
    iterations: NETWORK_ITERATIONS,
    repeats: 1,
    feeds: { x: [BATCH, LAYERS[0]] },
    model: model({
      name: 'network',
      doc: '',
      opset: 17,
      nodes,
      tensors,
      inputs: [['x', [BATCH, LAYERS[0]]]],
      outputs: [[`z${last}`, [BATCH, LAYERS[last]]]],
    }),
  }
}

/** The parts of the product that take part, as one file. */
async function bundleEngine() {
  await build({
    configFile: false,
    root: ROOT,
    logLevel: 'error',
    build: {
      lib: { entry: 'bench/lib/engine-entry.ts', formats: ['es'], fileName: () => 'engine.mjs' },
      outDir: BUNDLE,
      emptyOutDir: false,
      target: 'esnext',
    },
  })
}

function processContestant(args, execArgv = []) {
  const child = fork(join(import.meta.dirname, 'lib/contestant-process.mjs'), args, {
    execArgv,
    serialization: 'advanced',
  })
  const waiting = new Map()
  let last = 0
  const failAll = (why) => waiting.forEach(({ reject }) => reject(new Error(`${args[0]}: ${why}`)))
  child.on('exit', (code) => failAll(`the process ended with ${code}`))
  child.on('message', ({ id, result, error }) => {
    const { resolve: done, reject } = waiting.get(id)
    waiting.delete(id)
    if (error) reject(new Error(`${args[0]}: ${error}`))
    else done(result)
  })
  const call = (method, ...values) =>
    new Promise((done, reject) => {
      waiting.set(++last, { resolve: done, reject })
      child.send({ id: last, method, args: values })
    })
  return {
    // a plain array of bytes: a Buffer's slices are no copies
    prepare: (task) => call('prepare', { ...task, model: new Uint8Array(task.model) }),
    time: (name, iterations) => call('time', name, iterations),
    close: () => void child.kill(),
  }
}

/** @param start code of the page that makes `window.contestant` from the module `contestants` */
async function pageContestant(browser, url, start) {
  const page = await browser.newPage()
  await page.goto(`${url}bench/lib/blank.html`)
  await page.evaluate(`(async () => {
    const contestants = await import('${url}bench/lib/contestants.mjs')
    window.contestant = await (${start})(contestants)
  })()`)
  return {
    prepare: ({ model: bytes, ...task }) =>
      page.evaluate(
        async ([rest, base64]) => {
          const decoded = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0))
          await globalThis.contestant.prepare({ ...rest, model: decoded })
        },
        [task, Buffer.from(bytes).toString('base64')],
      ),
    time: (name, iterations) =>
      page.evaluate(([task, count]) => globalThis.contestant.time(task, count), [name, iterations]),
  }
}

const WEB = (url) => `async ({ onnxruntime }) => {
  const ort = await import('${url}node_modules/onnxruntime-web/dist/ort.wasm.min.mjs')
  ort.env.wasm.wasmPaths = '${url}node_modules/onnxruntime-web/dist/'
  ort.env.wasm.numThreads = 1
  return onnxruntime(ort, { executionProviders: ['wasm'], logSeverityLevel: 3 })
}`

const ENGINE = (url, file) => `async ({ ownEngine }) => {
  const wasm = new Uint8Array(await (await fetch('${url}build/wasm/${file}')).arrayBuffer())
  return ownEngine(wasm, await import('${url}${BUNDLE}/engine.mjs'))
}`

const NATIVE = 'onnxruntime-node'
const WEB_PAGE = 'onnxruntime-web, Chromium'
const OWN_RELAXED = 'Plume relaxed, Chromium'
const OWN_PLAIN = 'Plume SIMD, Chromium'

async function contestantsOf(closers) {
  const path = findBrowser()
  if (!path) throw new Error(NO_BROWSER)
  const host = await serveStatic({ folder: ROOT })
  closers.push(() => host.close())
  const browser = await chromium.launch({ executablePath: path, args: ['--no-sandbox'] })
  closers.push(() => browser.close())
  const bundle = pathToFileURL(join(ROOT, BUNDLE, 'engine.mjs')).href
  const own = (file) => pageContestant(browser, host.url, ENGINE(host.url, file))
  const inProcess = (...args) => {
    const contestant = processContestant(...args)
    closers.push(contestant.close)
    return contestant
  }
  return new Map([
    [NATIVE, inProcess(['native'])],
    [WEB_PAGE, await pageContestant(browser, host.url, WEB(host.url))],
    ['onnxruntime-web, Node', inProcess(['web'])],
    [OWN_RELAXED, await own('engine-relaxed.wasm')],
    [OWN_PLAIN, await own('engine.wasm')],
    [
      'Plume relaxed, Node',
      inProcess(['engine', join(ROOT, 'build/wasm/engine-relaxed.wasm'), bundle], ['--experimental-wasm-relaxed-simd']),
    ],
    ['Plume SIMD, Node', inProcess(['engine', join(ROOT, 'build/wasm/engine.wasm'), bundle])],
  ])
}

/** [what, contestant, base, must, aim]; bases other than native are compared where both run: in the same Chromium. */
const GOALS = [
  ['512×512→512', OWN_RELAXED, NATIVE, 0.45, 0.6],
  ['512×512→512', OWN_PLAIN, NATIVE, 0.35, 0.45],
  ['512×512→512', OWN_RELAXED, WEB_PAGE, 1.5, 2],
  ['512×512→512', OWN_PLAIN, WEB_PAGE, 1.2, 1.6],
  ['1×1024→1024', OWN_RELAXED, WEB_PAGE, 1, 1.5],
  [networkTask().name, OWN_RELAXED, WEB_PAGE, 3, 5],
  ...PRODUCTS.slice(2).map((shape) => [nameOf(shape), OWN_RELAXED, NATIVE, 0.5, 0.8]),
]

/** One task in turns; who throws is left out of it. */
async function race(contestants, task, rounds) {
  const times = new Map()
  for (const [name, contestant] of contestants) {
    await contestant.prepare(task)
    await contestant.time(task.name, task.iterations)
    times.set(name, [])
  }
  for (let round = 0; round < rounds; round++) {
    for (const [name, contestant] of contestants) {
      times.get(name).push(await contestant.time(task.name, task.iterations))
    }
  }
  return times
}

function rowsOf(task, times) {
  return [...times].map(([name, ms]) => {
    const rate = task.flops ? (task.flops / Math.min(...ms) / 1e6).toFixed(1) : ''
    const ratios = [NATIVE, WEB_PAGE].map((base) => {
      const { median: middle, low, high } = speedAgainst(times, base, name)
      return `${middle.toFixed(2)} (${low.toFixed(2)}–${high.toFixed(2)})`
    })
    return [task.name, name, median(ms).toFixed(3), rate, ...ratios]
  })
}

/** @param {{ rounds?: number, only?: (name: string) => boolean }} options */
export async function run({ rounds = 15, only = () => true } = {}) {
  await buildWasm()
  await bundleEngine()
  const engine = await import(pathToFileURL(join(ROOT, BUNDLE, 'engine.mjs')).href)
  const closers = []
  const rows = []
  const results = new Map()
  try {
    const contestants = await contestantsOf(closers)
    const tasks = [...PRODUCTS.map((shape) => productTask(shape, engine)), networkTask()]
    for (const task of tasks.filter(({ name }) => only(name))) {
      const times = await race(contestants, task, rounds)
      results.set(task.name, times)
      rows.push(...rowsOf(task, times))
    }
  } finally {
    for (const close of closers.reverse()) await close()
  }
  const goals = GOALS.filter(([what]) => results.has(what)).map(([what, own, base, must, aim]) => {
    const reached = speedAgainst(results.get(what), base, own).median
    const verdict = reached >= aim ? 'aim reached' : reached >= must ? 'must reached' : 'MISSED'
    return {
      reached: reached >= must,
      text: `${what}: ${own} ÷ ${base} ${reached.toFixed(2)} (must ${must}, aim ${aim}): ${verdict}.`,
    }
  })
  return {
    header: [
      'product or model',
      'who',
      'ms (median)',
      'GFLOP/s (best)',
      'speed ÷ onnxruntime-node',
      'speed ÷ onnxruntime-web, Chromium',
    ],
    rows,
    notes: [
      `One thread each, ${rounds} rounds in turns, medians of ratios within a round (quartiles).`,
      'Products: rows of A × length of the sums → columns of B, all float32, B not known beforehand; kernels alone.',
      ...goals.map(({ text }) => text),
    ],
    isMet: goals.every(({ reached }) => reached),
  }
}
