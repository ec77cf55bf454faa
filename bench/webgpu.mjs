/**
 * The kernels of the GPU: products of matrices beside jax-js on the same adapter in the same process, what only moves
 * memory beside a copy, and how long all shaders take to compile. Contestants are timed in turns, ratios within a round.
 *
 * A measurement is a chain of products of which the last is read, for both sides: jax-js computes only what is read.
 * Without --device it runs on SwiftShader, which is all that most machines have; bounds are checked as in a browser.
 */
import { createServer } from 'vite'
import { wasmFileUrls } from '../scripts/vite-wasm-file-urls.mjs'
import { median, roundRobinAsync, speedAgainst } from './round-robin.mjs'

export const title = 'WebGPU: products, memory, compiling'

const ON_DEVICE = process.argv.includes('--device')
/** Float32 peak of the GPU in TFLOP/s, as its maker says it. */
const PEAK =
  Number(process.argv.find((argument) => argument.startsWith('--peak='))?.slice('--peak='.length)) || undefined
const SIZES = ON_DEVICE ? [1024, 4096] : [256]
const CHAIN = ON_DEVICE ? 8 : 4
/** Elements that kernels of memory move. */
const COUNT = ON_DEVICE ? 1 << 26 : 1 << 20
const REPEATS = 8
const CHANNELS = 256

const OURS = 'Plume'
const PEER = 'jax-js'
const GOALS = { ratio: { must: 0.5, aim: 1 }, compileSeconds: { must: 20, aim: 5 }, peak: 0.6, copy: 0.8 }

function values(count, scale) {
  let state = 20261121
  return Float32Array.from({ length: count }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0
    return (state / 2 ** 31) * scale
  })
}

/** x·b·b·…: every product needs the one before it. */
async function ourChain(kit, gpu, size, tiles) {
  const shape = [size, size]
  const [x, b] = [kit.operand(shape), kit.operand(shape)]
  const results = Array.from({ length: CHAIN }, () => kit.operand(shape))
  const constants = new Map([
    [x, kit.floats(shape, values(size * size, 1))],
    [b, kit.floats(shape, values(size * size, 1.7 / Math.sqrt(size)))],
  ])
  const calls = results.map((output, i) => ({
    ...{ kernel: 'gemm', a: i === 0 ? x : results[i - 1], b, output, m: size, n: size, k: size },
    ...{ transposeA: false, transposeB: false, alpha: 1, batches: [{ a: 0, b: 0 }] },
  }))
  const outputs = [results.at(-1)]
  const { program } = await kit.programOf(gpu, calls, [x, b, ...results], { constants, outputs, tiles })
  return async () => (await program.run([]))[0].values
}

async function peerChain(size) {
  const { init, defaultDevice, numpy, jit } = await import('@jax-js/jax').catch(() => {
    throw new Error('jax-js is not installed: run `npm install` in bench/.')
  })
  if (!(await init()).includes('webgpu')) throw new Error('jax-js found no GPU')
  defaultDevice('webgpu')
  const product = jit((x, b) => numpy.matmul(x, b))
  const matrix = (scale) => numpy.array(values(size * size, scale)).reshape([size, size])
  const [x, b] = [matrix(1), matrix(1.7 / Math.sqrt(size))]
  return () => {
    let y = x.ref
    for (let i = 0; i < CHAIN; i++) y = product(y, b.ref)
    return y.data()
  }
}

function largestDifference(a, b) {
  return a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i])), 0)
}

/** Products of float16 precision, where the GPU has them: sums stay float32. */
function halves(kit, gpu, size) {
  const exact = kit.gemmCandidates(gpu.facts, false)
  const names = ON_DEVICE ? kit.gemmCandidates(gpu.facts, true).filter((name) => !exact.includes(name)) : []
  return Promise.all(
    names.map(async (gemm) => ({ name: `Plume, float16: ${gemm}`, run: await ourChain(kit, gpu, size, { gemm }) })),
  )
}

async function measureProducts(kit, gpu, rounds) {
  const rows = []
  const notes = []
  let isMet = true
  for (const size of SIZES) {
    const ours = await ourChain(kit, gpu, size, {})
    const plain = await ourChain(kit, gpu, size, { gemm: 'plain' })
    const peer = await peerChain(size)
    const difference = largestDifference(await ours(), await peer())
    if (difference > 1e-4) throw new Error(`the results differ by ${difference}`)
    const candidates = [
      { name: OURS, run: ours },
      { name: 'Plume, an element at a time', run: plain },
      { name: PEER, run: peer },
      ...(await halves(kit, gpu, size)),
    ]
    const times = await roundRobinAsync(candidates, { rounds })
    const ratio = speedAgainst(times, PEER, OURS).median
    isMet &&= ratio >= GOALS.ratio.must
    notes.push(`${size}³: Plume ÷ jax-js ${ratio.toFixed(2)} (must ${GOALS.ratio.must}, aim ${GOALS.ratio.aim}).`)
    for (const [name, ms] of times) {
      const gigaflops = (CHAIN * 2 * size ** 3) / median(ms) / 1e6
      const { median: middle, low, high } = speedAgainst(times, PEER, name)
      rows.push([
        ...[`product ${size}³`, name, (median(ms) / CHAIN).toFixed(2), `${gigaflops.toFixed(2)} GFLOP/s`],
        `${middle.toFixed(2)} (${low.toFixed(2)}–${high.toFixed(2)}) × jax-js`,
      ])
      if (name === OURS && PEAK && size === SIZES.at(-1)) {
        const share = gigaflops / 1000 / PEAK
        notes.push(
          `${size}³: ${(100 * share).toFixed(0)} % of the peak of ${PEAK} TFLOP/s (aim ${100 * GOALS.peak} %).`,
        )
      }
    }
  }
  return { rows, notes, isMet }
}

/** Calls that read and write memory and compute little, with the bytes of each. */
function memoryTasks(kit) {
  const [x, y, codes] = [kit.operand([COUNT]), kit.operand([COUNT]), kit.operand([COUNT], 'int8')]
  const [scale, most] = [kit.operand([CHANNELS]), kit.operand([CHANNELS])]
  const inner = COUNT / CHANNELS
  const line = {
    binary: 'add',
    left: { binary: 'mul', left: { input: 0 }, right: { constant: 2 } },
    right: { constant: 1 },
  }
  return [
    { name: '2x + 1', bytes: 8, operands: [x, y], call: { kernel: 'map', expression: line, inputs: [x], output: y } },
    {
      ...{ name: 'quantize to int8, per channel', bytes: 5, operands: [x, scale, codes] },
      call: { kernel: 'quantizeLinear', input: x, scale, output: codes, outer: 1, channels: CHANNELS, inner },
    },
    {
      ...{ name: 'maximum of each channel', bytes: 4, operands: [x, most] },
      call: { kernel: 'reduce', reduction: 'max', input: x, output: most, outer: CHANNELS, size: inner, inner: 1 },
    },
  ]
}

function bufferCopy({ device }, { copySource, copyTarget, storage }) {
  const size = 4 * COUNT
  const usage = copySource | copyTarget | storage
  const [from, to] = [device.createBuffer({ size, usage }), device.createBuffer({ size, usage })]
  return async () => {
    const encoder = device.createCommandEncoder()
    for (let i = 0; i < REPEATS; i++) encoder.copyBufferToBuffer(from, 0, to, 0, size)
    device.queue.submit([encoder.finish()])
    await device.queue.onSubmittedWorkDone()
  }
}

async function measureMemory(kit, gpu, rounds) {
  const copy = 'copy of a buffer'
  const candidates = [{ name: copy, bytes: 8, run: bufferCopy(gpu, kit.USAGE) }]
  for (const { name, bytes, call, operands } of memoryTasks(kit)) {
    const constants = new Map(
      operands
        .filter(({ shape, dtype }) => dtype === 'float32' && shape[0] === CHANNELS && call.scale)
        .map((one) => [one, kit.floats([CHANNELS], new Float32Array(CHANNELS).fill(0.02))]),
    )
    const calls = Array.from({ length: REPEATS }, () => call)
    const { program } = await kit.programOf(gpu, calls, operands, { constants, outputs: [] })
    candidates.push({ name, bytes, run: () => program.run([]) })
  }
  const times = await roundRobinAsync(candidates, { rounds })
  const rateOf = (name, round) => candidates.find((one) => one.name === name).bytes / times.get(name)[round]
  return candidates.map(({ name, bytes }) => {
    const ms = median(times.get(name)) / REPEATS
    const share = median(times.get(name).map((_, round) => rateOf(name, round) / rateOf(copy, round)))
    const rate = (bytes * COUNT) / ms / 1e6
    return [name, OURS, ms.toFixed(2), `${rate.toFixed(2)} GB/s`, `${(100 * share).toFixed(0)} % of a copy`]
  })
}

/** Every shader that the cases of all operators make, compiled at once on a new device. */
async function measureCompiling(kit) {
  const { gpu: first, source } = await kit.openGpu(ON_DEVICE)
  const wanted = new Map()
  const { device } = first
  const make = device.createComputePipelineAsync.bind(device)
  const texts = new WeakMap()
  const makeModule = device.createShaderModule.bind(device)
  device.createShaderModule = (descriptor) => {
    const module = makeModule(descriptor)
    texts.set(module, descriptor.code)
    return module
  }
  device.createComputePipelineAsync = (descriptor) => {
    wanted.set(texts.get(descriptor.compute.module), descriptor.label)
    return make(descriptor)
  }
  await kit.runAllCases(first)
  device.destroy()
  const { gpu: second, source: other } = await kit.openGpu(ON_DEVICE)
  const [started, before] = [performance.now(), process.cpuUsage()]
  await Promise.all(
    [...wanted.keys()].map((code) => {
      const module = second.device.createShaderModule({ code })
      return second.device.createComputePipelineAsync({ layout: 'auto', compute: { module, entryPoint: 'main' } })
    }),
  )
  const seconds = (performance.now() - started) / 1000
  const { user, system } = process.cpuUsage(before)
  second.device.destroy()
  return { count: wanted.size, seconds, cpuSeconds: (user + system) / 1e6, keptAlive: [source, other] }
}

/** @param {{ rounds?: number }} options */
export async function run({ rounds = 15 } = {}) {
  const server = await createServer({
    ...{ configFile: false, appType: 'custom', logLevel: 'error', plugins: [wasmFileUrls()] },
    server: { middlewareMode: true, watch: null, hmr: false, ws: false },
    optimizeDeps: { noDiscovery: true },
  })
  try {
    return await measure(await server.ssrLoadModule('/bench/lib/webgpu-entry.ts'), rounds)
  } finally {
    await server.close()
  }
}

async function measure(kit, rounds) {
  const { gpu, source } = await kit.openGpu(ON_DEVICE)
  // jax-js asks the page for its GPU
  Object.defineProperty(globalThis, 'navigator', { value: { gpu: source, userAgent: 'Node' }, configurable: true })
  if (ON_DEVICE) await kit.tune(gpu, { get: async () => undefined, set: async () => undefined })
  const products = await measureProducts(kit, gpu, rounds)
  const memory = await measureMemory(kit, gpu, rounds)
  const { count, seconds, cpuSeconds } = await measureCompiling(kit)
  const { must, aim } = GOALS.compileSeconds
  const tile = gpu.facts.tiles.gemm
  gpu.device.destroy()
  return {
    header: ['what', 'who', 'ms (median)', 'speed', 'beside'],
    rows: [...products.rows, ...memory],
    notes: [
      `${gpu.adapter.name}, ${rounds} rounds in turns, medians of ratios within a round (quartiles).${tile ? ` Tile: ${tile}.` : ''}`,
      ...products.notes,
      `All ${count} shaders of the operators' cases compile in ${seconds.toFixed(1)} s, ${cpuSeconds.toFixed(1)} s of processor time (must ${must}, aim ${aim}).`,
      `Kernels of memory: ${COUNT} float32, ${REPEATS} in one run${ON_DEVICE ? `, aim ${100 * GOALS.copy} % of a copy` : ''}.`,
    ],
    isMet: products.isMet && seconds < must,
  }
}
