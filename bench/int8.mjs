/**
 * Static quantization beside onnxruntime's Python tool: the same calibration pixels, both tools' files judged by the same
 * providers on the same test data.
 *
 *   npm run bench -- int8 [--python=PATH] [--models=resnet20,squeezenet]
 *
 * Needs `npm run build:cli`, the shared models, and Python with onnxruntime (`--python`); without Python only our rows.
 */
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { zipSync } from 'fflate'
import { MODELS } from '../scripts/acceptance/int8/models.mjs'
import { loadParts } from '../scripts/acceptance/int8/build.mjs'
import { CLI, plume, SCRATCH } from '../scripts/acceptance/plume.mjs'

export const title = 'Static int8 beside onnxruntime’s quantize_static'

const flag = (name, other) => process.argv.find((text) => text.startsWith(`--${name}=`))?.split('=')[1] ?? other
const PEER = join(import.meta.dirname, 'lib/quantize_static.py')
const CALIBRATORS = ['minmax', 'entropy', 'percentile']
/** Ours of the same kind. */
const OURS = {
  minmax: 'observer=min-max',
  entropy: 'observer=entropy',
  percentile: 'observer=percentile,percentile=99.999',
}

/** The calibration inputs as .npz, made by the product's own reader. */
async function inputsFile(parts, name, { model, calibrate, flags }) {
  const rows = []
  let input
  let shape
  for await (const { feeds } of parts.inputsOf(model, calibrate, flags[1])) {
    const [[key, value]] = feeds
    input = key
    shape = value.shape
    rows.push(Buffer.from(value.data.slice().buffer))
  }
  const sizes = [rows.length, ...shape.slice(1)]
  const text = `{'descr': '<f4', 'fortran_order': False, 'shape': (${sizes.join(', ')}), }`
  const length = Math.ceil((10 + text.length + 1) / 64) * 64 - 10
  const head = Buffer.from([0x93, ...Buffer.from('NUMPY'), 1, 0, length & 255, length >> 8])
  const data = Buffer.concat([head, Buffer.from(`${text.padEnd(length - 1)}\n`), ...rows])
  const file = join(SCRATCH, `${name}-inputs.npz`)
  writeFileSync(file, zipSync({ [`${input}.npy`]: data }, { level: 0 }))
  return { file, samples: rows.length }
}

/** Our command in a process of its own, watched for its peak memory. */
function ours(name, data, calibrator, isReduced) {
  const output = join(SCRATCH, `${name}-plume-${calibrator}-${isReduced}.onnx`)
  const target = isReduced ? 'generic' : 'ort-web'
  const start = performance.now()
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [
      ...['--import', join(import.meta.dirname, 'lib/peak.mjs'), CLI],
      ...['compress', data.model, '-o', output, '--method', `static-int8:target=${target},${OURS[calibrator]}`],
      ...['--calibrate', data.calibrate],
      ...data.flags,
      '--json',
      '--quiet',
    ],
    { encoding: 'utf8', maxBuffer: 2 ** 28 },
  )
  if (status !== 0) throw new Error(stderr)
  const report = JSON.parse(stdout)
  const peakMb = Number(/peak-kilobytes (\d+)/.exec(stderr)?.[1]) / 1024
  return { output, seconds: (performance.now() - start) / 1000, peakMb, calibrationMs: report.calibration?.ms }
}

function theirs(python, name, data, inputs, calibrator, isReduced) {
  const output = join(SCRATCH, `${name}-ort-${calibrator}-${isReduced}.onnx`)
  const { status, stdout, stderr } = spawnSync(
    python,
    [PEER, data.model, inputs, output, '--calibrator', calibrator, ...(isReduced ? ['--reduce-range'] : [])],
    { encoding: 'utf8' },
  )
  if (status !== 0) return { why: stderr.trim().split('\n').at(-1) }
  return { output, ...JSON.parse(stdout.trim().split('\n').at(-1)) }
}

async function judged(output, { model, test, flags }) {
  const { status, json, stderr } = await plume('evaluate', output, '--against', model, '--test', test, ...flags)
  return status === 0 ? json.quality : { why: stderr }
}

const percent = (rate) => (rate === undefined ? '–' : (100 * rate).toFixed(2))

function row(name, tool, calibrator, isReduced, made, quality, original) {
  if (made.why || quality.why) return [name, tool, calibrator, isReduced ? 'on' : 'off', made.why ?? quality.why]
  const byName = Object.fromEntries(quality.providers.map((provider) => [provider.name, provider]))
  const of = (provider) => percent(byName[provider]?.top1Agreement)
  const { task } = quality
  return [
    ...[name, tool, calibrator, isReduced ? 'on' : 'off'],
    task ? `${percent(task.after)} (${percent(task.drop)}: ${task.ci95.map(percent).join(' to ')})` : '–',
    ...[of('wasm'), of('plume-wasm'), of('x86-no-vnni (simulated)')],
    (statSync(made.output).size / statSync(original).size).toFixed(4),
    made.seconds.toFixed(1),
    (made.addedMb ?? made.peakMb).toFixed(0),
  ]
}

export async function run() {
  const python = flag('python', process.env.PYTHON)
  const names = flag('models', 'resnet20,squeezenet').split(',')
  const hasPython = python && spawnSync(python, ['-c', 'import onnxruntime']).status === 0
  const version = hasPython
    ? execFileSync(python, ['-c', 'import onnxruntime; print(onnxruntime.__version__)'], { encoding: 'utf8' }).trim()
    : 'absent'
  const parts = await loadParts()
  const rows = []
  for (const name of names) {
    const data = MODELS[name]()
    if (!existsSync(data.model)) continue
    const inputs = await inputsFile(parts, name, data)
    for (const calibrator of CALIBRATORS) {
      for (const isReduced of [false, true]) {
        const made = ours(name, data, calibrator, isReduced)
        rows.push(row(name, 'Plume', calibrator, isReduced, made, await judged(made.output, data), data.model))
        if (!hasPython) continue
        const other = theirs(python, name, data, inputs.file, calibrator, isReduced)
        const quality = other.why ? other : await judged(other.output, data)
        rows.push(row(name, 'onnxruntime', calibrator, isReduced, other, quality, data.model))
      }
    }
  }
  return {
    header: [
      ...['model', 'tool', 'calibrator', '7-bit weights', 'accuracy % (drop, 95 %)'],
      ...['agreement % ORT-web', 'our engine', 'x86 without VNNI (simulated)', 'size ÷ original', 's', 'MB'],
    ],
    rows,
    notes: [
      `onnxruntime (Python) ${version}. MB: peak of the whole process for Plume, above model and inputs for onnxruntime.`,
      'Both tools’ files were judged by the same providers on the same samples.',
    ],
    isMet: true,
  }
}
