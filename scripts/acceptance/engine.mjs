/**
 * Runs the shared models on our own engine beside onnxruntime-web (one thread each, same process) and writes
 * docs/engine-models.md. Exit status 1 when one differs too much.
 *
 *   npm run build:wasm && node scripts/acceptance/engine.mjs [PART…] [--backend wasm|webgpu] [--limit SECONDS] [--write]
 *
 * PART: only files whose path holds it. On webgpu (SwiftShader) a model has --limit seconds, 60 by default; one of which
 * no run ends within them is listed as left out.
 */
import { existsSync } from 'node:fs'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { cpus } from 'node:os'
import { parseArgs } from 'node:util'
import { format, resolveConfig } from 'prettier'
import { createServer } from 'vite'
import { wasmFileUrls } from '../vite-wasm-file-urls.mjs'
import { DATA } from './plume.mjs'

/** Of the output's range. */
const LIMIT = 1e-3
/** Models in float16 round after every operator; onnxruntime keeps float32 between some of them. */
const LIMIT_FLOAT16 = 1e-2

/** Begins the part of the page that is about WebGPU. */
const DEVICE_TITLE = '## On WebGPU'
const PAGE = 'docs/engine-models.md'

const { values: options, positionals: parts } = parseArgs({
  allowPositionals: true,
  options: {
    backend: { type: 'string', default: 'wasm' },
    limit: { type: 'string', default: '60' },
    write: { type: 'boolean', default: false },
  },
})

if (!existsSync(DATA)) {
  console.log(`engine: not run, the shared models are absent (${DATA})`)
} else {
  const server = await createServer({
    configFile: false,
    server: { middlewareMode: true, watch: null, hmr: false, ws: false },
    appType: 'custom',
    logLevel: 'error',
    plugins: [wasmFileUrls()],
    optimizeDeps: { noDiscovery: true },
  })
  try {
    process.exitCode = await (options.backend === 'webgpu' ? onDevice(server) : main(server))
  } finally {
    await server.close()
  }
}

async function main(server) {
  const { compareOnEngine } = await server.ssrLoadModule('/src/testing/engine-models.ts')
  const { wasmLevels } = await server.ssrLoadModule('/src/testing/wasm-machines.ts')
  const level = wasmLevels.at(-1)
  const machine = await level.make()
  const rows = []
  for (const file of await files()) {
    const row = await compareOnEngine(DATA, file, machine)
    rows.push({ ...row, isMet: isMet(row) })
    console.log(`${isMet(row) ? 'ok    ' : 'MISSED'} ${cellsOf(row).join('  ')}`)
  }
  const timed = rows.filter(({ refused }) => !refused)
  const mean = Math.exp(
    timed.reduce((sum, row) => sum + Math.log(row.onnxruntimeMs / row.oursMs), 0) / Math.max(1, timed.length),
  )
  console.log(`onnxruntime-web ÷ ours, geometric mean over ${timed.length} models: ${mean.toFixed(2)}`)
  if (options.write) await writeFile(PAGE, await formatted(`${page(rows, level.name, mean)}\n${(await oldPage())[1]}`))
  return rows.every((row) => row.isMet) ? 0 : 1
}

async function onDevice(server) {
  const { compareOnDevice } = await server.ssrLoadModule('/src/testing/engine-models.ts')
  const { webgpuMachine } = await server.ssrLoadModule('/src/testing/webgpu-machine.ts')
  const machine = await webgpuMachine()
  const rows = []
  for (const file of await files()) {
    const row = await compareOnDevice(DATA, file, machine, 1000 * options.limit)
    rows.push(row)
    console.log(`${isMetOnDevice(row) ? 'ok    ' : 'MISSED'} ${deviceCells(row).join('  ')}`)
  }
  if (options.write) await writeFile(PAGE, await formatted(`${(await oldPage())[0]}\n${devicePage(rows)}`))
  return rows.every(isMetOnDevice) ? 0 : 1
}

async function files() {
  return (await readdir(DATA, { recursive: true }))
    .filter((path) => path.endsWith('.onnx') && !path.startsWith('malformed'))
    .filter((path) => parts.length === 0 || parts.some((part) => path.includes(part)))
    .sort()
}

/** The page as it stands: what is about WASM, and what is about WebGPU. */
async function oldPage() {
  const text = await readFile(PAGE, 'utf8').catch(() => '')
  const at = text.indexOf(DEVICE_TITLE)
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at)]
}

async function formatted(text) {
  return format(text, { ...(await resolveConfig('package.json')), parser: 'markdown' })
}

function isMetOnDevice(row) {
  return row.isLeftOut || isMet({ ...row, referenceWorst: null })
}

function deviceCells({ file, refused, isLeftOut, flops, samples, worst, top1, firstMs, host }) {
  if (refused) return [file, '', '', '', '', '', `${refused.by}: ${refused.why.replaceAll('|', '\\|').slice(0, 160)}`]
  if (isLeftOut) return [file, '', '', '', '', '', `left out: no run ended within ${options.limit} s`]
  const answers = top1 === undefined ? '' : `${(100 * top1).toFixed(0)} %`
  return [
    file,
    (flops / 1e9).toFixed(3),
    samples,
    number(worst),
    answers,
    (firstMs / 1000).toPrecision(2),
    host.join('; ') || 'none',
  ]
}

function devicePage(rows) {
  const head = ['file', 'GFLOP', 'samples', 'webgpu', 'same answer', 'first run, s', 'nodes on the host']
  return [
    DEVICE_TITLE,
    '',
    'The same models on SwiftShader, Vulkan on the processor: results are what counts there, times say nothing about a GPU. ' +
      `Each model has ${options.limit} seconds, for as many samples as fit. Differences and limits as above.`,
    '',
    'Made with `node scripts/acceptance/engine.mjs --backend webgpu --write`.',
    '',
    ...[head, head.map(() => '---'), ...rows.map(deviceCells)].map((row) => `| ${row.join(' | ')} |`),
    '',
  ].join('\n')
}

function isHalf(file) {
  return /fp16|half/.test(file)
}

function isMet({ file, refused, worst, top1, referenceWorst }) {
  // tree ensembles are outside of what the engine covers
  if (refused) return refused.by === 'onnxruntime' || refused.why.startsWith('ai.onnx.ml::')
  const limit = isHalf(file) ? LIMIT_FLOAT16 : LIMIT
  return worst <= limit && (top1 === undefined || top1 === 1) && (referenceWorst === null || referenceWorst <= limit)
}

function number(value) {
  return Number.isFinite(value) ? value.toPrecision(2) : '–'
}

function cellsOf({ file, refused, flops, samples, worst, top1, referenceWorst, oursMs, onnxruntimeMs }) {
  if (refused)
    return [file, '', '', '', '', '', '', '', `${refused.by}: ${refused.why.replaceAll('|', '\\|').slice(0, 160)}`]
  return [
    file,
    `${(flops / 1e9).toFixed(3)}`,
    samples,
    number(worst),
    top1 === undefined ? '' : `${(100 * top1).toFixed(0)} %`,
    referenceWorst === null ? 'not run' : number(referenceWorst),
    oursMs.toPrecision(3),
    onnxruntimeMs.toPrecision(3),
    (onnxruntimeMs / oursMs).toFixed(2),
  ]
}

function page(rows, level, mean) {
  const { model } = cpus()[0] ?? { model: 'unknown processor' }
  const head = [
    'file',
    'GFLOP',
    'samples',
    'wasm',
    'same answer',
    'reference',
    'ours, ms',
    'onnxruntime-web, ms',
    'ratio',
  ]
  const cells = [head, head.map(() => '---'), ...rows.map(cellsOf)]
  return [
    '# Real models on our own engine',
    '',
    'The shared models on Plume’s engine (WASM, ' +
      `${level}) and its references, held against onnxruntime-web: largest difference of any output as a share of that ` +
      `output’s range (at most ${LIMIT}, and ${LIMIT_FLOAT16} where the network itself is in float16), and for classifiers the ` +
      'share of samples with the same answer, on seeded made-up inputs. References run models below 5 GFLOP.',
    '',
    `Times are medians of single runs taken by turns in one process, one thread each, ${model}, Node ${process.version}; ` +
      `ratio is onnxruntime-web ÷ ours, its geometric mean ${mean.toFixed(2)}.`,
    '',
    'Made with `node scripts/acceptance/engine.mjs --write`.',
    '',
    ...cells.map((row) => `| ${row.join(' | ')} |`),
    '',
  ].join('\n')
}
