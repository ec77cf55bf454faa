/**
 * Runs the shared models on our own engine beside onnxruntime-web (one thread each, same process) and writes
 * docs/engine-models.md. Exit status 1 when one differs too much.
 *
 *   npm run build:wasm && node scripts/acceptance/engine.mjs [PART…] [--write]
 *
 * PART: only files whose path holds it.
 */
import { existsSync } from 'node:fs'
import { readdir, writeFile } from 'node:fs/promises'
import { cpus } from 'node:os'
import { format, resolveConfig } from 'prettier'
import { createServer } from 'vite'
import { wasmFileUrls } from '../vite-wasm-file-urls.mjs'
import { DATA } from './plume.mjs'

/** Of the output's range. */
const LIMIT = 1e-3
/** Models in float16 round after every operator; onnxruntime keeps float32 between some of them. */
const LIMIT_FLOAT16 = 1e-2

const args = process.argv.slice(2)
const parts = args.filter((one) => !one.startsWith('--'))

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
    process.exitCode = await main(server)
  } finally {
    await server.close()
  }
}

async function main(server) {
  const { compareOnEngine } = await server.ssrLoadModule('/src/testing/engine-models.ts')
  const { wasmLevels } = await server.ssrLoadModule('/src/testing/wasm-machines.ts')
  const level = wasmLevels.at(-1)
  const machine = await level.make()
  const files = (await readdir(DATA, { recursive: true }))
    .filter((path) => path.endsWith('.onnx') && !path.startsWith('malformed'))
    .filter((path) => parts.length === 0 || parts.some((part) => path.includes(part)))
    .sort()
  const rows = []
  for (const file of files) {
    const row = await compareOnEngine(DATA, file, machine)
    rows.push({ ...row, isMet: isMet(row) })
    console.log(`${isMet(row) ? 'ok    ' : 'MISSED'} ${cellsOf(row).join('  ')}`)
  }
  const timed = rows.filter(({ refused }) => !refused)
  const mean = Math.exp(
    timed.reduce((sum, row) => sum + Math.log(row.onnxruntimeMs / row.oursMs), 0) / Math.max(1, timed.length),
  )
  console.log(`onnxruntime-web ÷ ours, geometric mean over ${timed.length} models: ${mean.toFixed(2)}`)
  if (args.includes('--write')) await writeFile('docs/engine-models.md', await page(rows, level.name, mean))
  return rows.every((row) => row.isMet) ? 0 : 1
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

async function page(rows, level, mean) {
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
  const text = [
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
  return format(text, { ...(await resolveConfig('package.json')), parser: 'markdown' })
}
