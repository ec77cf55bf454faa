import { readdirSync, statSync } from 'node:fs'
import { basename, join } from 'node:path'
import { check, DATA, plume, SCRATCH } from './plume.mjs'

/** Models that onnxruntime cannot run, with what its sentence must name. */
const NOT_RUNNABLE = {
  'three_layer_bn_keras.onnx': /BatchNormalization/,
  'qkeras_jettagging_qonnx.onnx': /Quant/,
  'supres_contrib_ops.onnx': /SuperResolutionPreProcess/,
}
const TREES = 'treecl.onnx'
const METHODS = ['tidy', 'weights-int8', 'float16']

export function modelFiles() {
  return readdirSync(DATA, { recursive: true })
    .map(String)
    .filter((path) => path.endsWith('.onnx') && statSync(join(DATA, path)).isFile())
    .sort()
}

/** Every model: convert keeps outputs, the automatic choice exits 0, and the table of file × method. */
export async function checkFiles() {
  const rows = []
  let smaller = 0
  const kept = []
  for (const path of modelFiles()) {
    const name = basename(path)
    const file = join(DATA, path)
    const tag = path.replaceAll(/[/.]/g, '-')
    const inspected = await plume('inspect', file)
    check(`${path}: inspect`, inspected.status === 0, inspected.stderr || `${inspected.json.tensors.length} tensors`)
    const auto = await plume('compress', file, '-o', join(SCRATCH, `${tag}-auto.onnx`))
    const sentence = NOT_RUNNABLE[name]
    if (sentence) {
      check(`${path}: refused with the node`, auto.status === 1 && sentence.test(auto.stderr), auto.stderr)
      continue
    }
    check(`${path}: compress`, auto.status === 0, auto.stderr || describe(auto.json))
    if (auto.status !== 0) continue
    if (auto.json.output.isOriginal) kept.push(`${path}: ${auto.json.notes[0]?.text}`)
    else smaller++
    if (name === TREES) {
      check(`${path}: untouched`, auto.json.output.sha256 === auto.json.input.sha256, auto.json.notes[0]?.text)
      continue
    }
    const converted = join(SCRATCH, `${tag}-converted.onnx`)
    await plume('convert', file, '-o', converted)
    const same = await plume('evaluate', converted, '--against', file)
    check(
      `${path}: convert keeps outputs`,
      same.json?.quality.outputs.every((o) => o.isIdentical),
      same.stderr || 'identical',
    )
    for (const method of METHODS) rows.push(await row(path, file, method, tag))
  }
  check('at least 14 are smaller', smaller >= 14, String(smaller))
  console.log(`\nkept as they are:\n${kept.map((line) => `- ${line}`).join('\n')}\n`)
  console.log(
    '| file | method | size | ratio | SQNR dB | agreement | ms before → after |\n|---|---|---|---|---|---|---|',
  )
  console.log(rows.join('\n'))
}

function describe({ input, output, recipe }) {
  const methods = recipe.steps.map((step) => step.method).join(' + ') || 'original kept'
  return `${input.sizeBytes} → ${output.sizeBytes} (${methods})`
}

async function row(path, file, method, tag) {
  const { status, json, stderr } = await plume(
    'compress',
    file,
    '-o',
    join(SCRATCH, `${tag}-${method}.onnx`),
    '--method',
    method,
  )
  if (status !== 0) return `| ${path} | ${method} | | | | | ${stderr} |`
  const { input, output, quality, speed } = json
  if (output.isOriginal) return `| ${path} | ${method} | ${output.sizeBytes} | 1 | | | kept: ${json.notes[0]?.text} |`
  const ratio = (output.sizeBytes / input.sizeBytes).toFixed(3)
  const agreement = quality.top1Agreement === undefined ? '' : `${(100 * quality.top1Agreement).toFixed(1)} %`
  const ms = speed[0] ? `${speed[0].beforeMs.toPrecision(3)} → ${speed[0].afterMs.toPrecision(3)}` : ''
  return `| ${path} | ${method} | ${output.sizeBytes} | ${ratio} | ${quality.sqnrDb?.toFixed(1) ?? 'identical'} | ${agreement} | ${ms} |`
}
