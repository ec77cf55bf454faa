/**
 * Runs the benchmarks: `npm run bench [-- NAME…] [--save]`. `--save` writes bench/RESULTS.md. Ends with status 1 when a
 * goal is missed; compare ratios only, since milliseconds belong to the machine.
 */
import { writeFile } from 'node:fs/promises'
import { cpus, loadavg } from 'node:os'
import { run } from '../scripts/run.mjs'

/** Modules give a table; scripts measure whole processes and print what they found. */
const BENCHMARKS = {
  quantize: { module: () => import('./quantize.mjs') },
  // Needs `npm install` in this folder (onnxruntime-node) and a Chromium.
  engine: { module: () => import('./engine.mjs') },
  // Needs `npm install` in this folder (jax-js), and SwiftShader beside Chromium; --device takes a real GPU instead, and
  // --peak=TFLOPS its float32 peak as its maker says it.
  webgpu: { module: () => import('./webgpu.mjs') },
  // Needs `npm install` in this folder (TF.js, jax-js) and a Chromium; PyTorch where Python has it: --python=PATH.
  training: { module: () => import('./training/index.mjs') },
  // A 500 MB file: needs 1 GB of free disk.
  csv: { module: () => import('./csv.mjs') },
  // Needs `npm run build`, the shared models, and Python with onnxruntime: --python=PATH.
  int8: { module: () => import('./int8.mjs') },
  // A 2 GB file: needs `npm run build` and 4 GB of free disk.
  'big-model': { title: 'A 2 GB model', script: 'bench/big-model.mjs' },
}

const table = (rows) => rows.map((cells) => `| ${cells.join(' | ')} |`).join('\n')

async function runModule(benchmark) {
  const { title, run: measure } = await benchmark.module()
  const { header, rows, notes, isMet } = await measure()
  const lines = table([header, header.map(() => '---'), ...rows])
  return { isMet, text: `\n## ${title}\n\n${notes.map((note) => `- ${note}`).join('\n')}\n\n${lines}\n` }
}

async function runScript({ title, script }) {
  const { code, output } = await run([process.execPath, script])
  return { isMet: code === 0, text: `\n## ${title}\n\n\`\`\`\n${output.trim()}\n\`\`\`\n` }
}

const names = process.argv.slice(2).filter((argument) => !argument.startsWith('--'))
const unknown = names.find((name) => !Object.hasOwn(BENCHMARKS, name))
if (unknown !== undefined) {
  console.error(`There is no benchmark "${unknown}". There are: ${Object.keys(BENCHMARKS).join(', ')}.`)
  process.exit(2)
}

const { model } = cpus()[0] ?? { model: 'unknown processor' }
let text = `# Measured\n\n${cpus().length} × ${model}, Node ${process.version}, load ${loadavg()[0].toFixed(1)} at the start. Ratios are medians of ratios within one round.\n`
let isMet = true
for (const name of names.length ? names : Object.keys(BENCHMARKS)) {
  const benchmark = BENCHMARKS[name]
  const section = benchmark.module ? await runModule(benchmark) : await runScript(benchmark)
  isMet &&= section.isMet
  text += section.text
}
console.log(text)
if (process.argv.includes('--save')) await writeFile('bench/RESULTS.md', text)
if (!isMet) console.error('A goal was missed.')
process.exit(isMet ? 0 : 1)
