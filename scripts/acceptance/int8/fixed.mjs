import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { check, plume, SCRATCH } from '../plume.mjs'
import { loadParts } from './build.mjs'
import { facesOf, sameFaces } from './faces.mjs'
import { dataFlags, MODELS } from './models.mjs'

const percent = (rate) => (rate === undefined ? '–' : `${(100 * rate).toFixed(2)} %`)

/** @returns the result's path and report; null where it failed, which counts */
async function compress(name, data, method) {
  const output = join(SCRATCH, `${name}-${method.replaceAll(/\W+/g, '-')}.onnx`)
  const flags = ['--force', '--method', method, ...dataFlags(data)]
  const { status, json, stderr } = await plume('compress', data.model, '-o', output, ...flags)
  if (status !== 0 || json.output.isOriginal) {
    check(`${name} ${method}`, false, stderr || json.notes.map(({ text }) => text).join(' '))
    return null
  }
  const { task, providers } = json.quality
  console.log(
    `       ${name} ${method}: ${json.input.sizeBytes} → ${json.output.sizeBytes} bytes` +
      (task ? `, ${task.metric} ${percent(task.before)} → ${percent(task.after)}` : '') +
      `, ${json.speed.map((one) => `${one.provider} ${one.beforeMs.toFixed(2)} → ${one.afterMs.toFixed(2)} ms`).join(', ')}` +
      `, verdict: ${json.verdict?.level}`,
  )
  for (const one of providers) {
    const saturated = one.saturation ? `, ${one.saturation.saturated} of ${one.saturation.pairs} sums overflow` : ''
    console.log(
      `         ${one.name}: ${one.samples ?? json.quality.samples} samples, agreement ${percent(one.top1Agreement)}${saturated}`,
    )
  }
  return { output, json, ratio: json.output.sizeBytes / json.input.sizeBytes }
}

/** Agreement on the judge, or on each provider: each runs all test samples. */
async function checkAgreement(name, data, { output, json }, { agreement, isEverywhere }) {
  if (!isEverywhere) {
    const { top1Agreement } = json.quality
    check(
      `${name} agreement in onnxruntime-web ≥ ${percent(agreement)}`,
      top1Agreement >= agreement,
      percent(top1Agreement),
    )
    return
  }
  const flags = ['--against', data.model, '--test', data.test, ...data.flags]
  const { status, json: found, stderr } = await plume('evaluate', output, ...flags)
  if (status !== 0) return check(`${name} on every provider`, false, stderr)
  for (const { name: provider, top1Agreement, samples = found.quality.samples } of found.quality.providers) {
    const figure = `${percent(top1Agreement)} on ${samples} samples`
    check(`${name} agreement on ${provider} ≥ ${percent(agreement)}`, top1Agreement >= agreement, figure)
  }
}

async function classifiers() {
  for (const [name, target, limits] of [
    ['resnet20', 'ort-web', { ratio: 0.303, agreement: 0.98, drop: 0.005 }],
    ['resnet20', 'generic', { ratio: 0.303, agreement: 0.977, drop: 0.005, isEverywhere: true }],
    ['squeezenet', 'ort-web', { ratio: 0.271, agreement: 0.925 }],
    ['squeezenet', 'generic', { ratio: 0.271, agreement: 0.925, isEverywhere: true }],
    ['mnist-burn', 'ort-web', { agreement: 0.998 }],
    ['mnist-burn', 'generic', { agreement: 0.998, isEverywhere: true }],
    ['mnist-cntk', 'ort-web', { agreement: 0.998 }],
    ['mnist-cntk', 'generic', { agreement: 0.998, isEverywhere: true }],
  ]) {
    const data = MODELS[name]()
    const made = await compress(name, data, `static-int8:target=${target}`)
    if (!made) continue
    const { ratio, agreement, drop } = limits
    if (ratio) check(`${name} ${target} size ≤ ${ratio}`, made.ratio <= ratio, made.ratio.toFixed(4))
    const { task } = made.json.quality
    if (drop) check(`${name} ${target} drop ≤ 0.5 points`, task.drop <= drop, percent(task.drop))
    if (agreement) await checkAgreement(`${name} ${target}`, data, made, limits)
  }
}

/** The layers whose noise reaches the outputs most, by `plume sensitivity`: 4 % of the result's bytes keep them in float. */
const FACE_LAYERS = '245 248 251 254 257 260 263 266 269 272 317 278'.replaceAll(/\d+/g, '$&=float')
const PICTURE_LAYERS = '9=float 15=float'

async function faces(parts, method) {
  const data = MODELS.ultraface()
  const made = await compress('ultraface', data, method)
  if (!made) return
  const [before, after] = [await parts.runner(data.model), await parts.runner(made.output)]
  let [photos, found, same, lost, added] = [0, 0, 0, 0, 0]
  for await (const { feeds } of parts.inputsOf(data.model, data.test, data.flags[1])) {
    const expected = facesOf(await before.run(feeds))
    const got = facesOf(await after.run(feeds))
    if (expected.length + got.length === 0) continue
    const pair = sameFaces(expected, got)
    if (expected.length > 0) photos++
    ;[found, same, lost, added] = [found + expected.length, same + pair.same, lost + pair.lost, added + pair.added]
  }
  await before.release()
  await after.release()
  const figure = `${same} of ${found} faces on ${photos} photos, ${lost} lost, ${added} new, size ${made.ratio.toFixed(4)}`
  check(`ultraface ${method}: the same faces at IoU 0.5 on ≥ 20 photos`, photos >= 20 && lost + added === 0, figure)
}

async function superResolution(parts, method) {
  const data = MODELS['super-resolution']()
  const made = await compress('super-resolution', data, method)
  if (!made) return
  const [before, after] = [await parts.runner(data.model), await parts.runner(made.output)]
  const psnr = []
  for await (const { feeds } of parts.inputsOf(data.model, data.test, data.flags[1])) {
    const [[, a]] = await before.run(feeds)
    const [[, b]] = await after.run(feeds)
    const error = a.values.reduce((sum, x, i) => sum + (x - b.values[i]) ** 2, 0) / a.values.length
    psnr.push(-10 * Math.log10(error))
  }
  const mean = psnr.reduce((sum, x) => sum + x, 0) / psnr.length
  const figure = `mean ${mean.toFixed(2)} dB, least ${Math.min(...psnr).toFixed(2)} dB on ${psnr.length} photos, size ${made.ratio.toFixed(4)}`
  check(`super-resolution ${method}: PSNR against float ≥ 35 dB`, mean >= 35, figure)
}

async function speech() {
  const made = await compress('silero', MODELS.silero(), 'static-int8')
  if (!made) return
  const { decisionFlips, maxAbsError } = made.json.quality.outputs.find(({ name }) => name === 'output')
  const figure = `${decisionFlips} of ${made.json.quality.samples}, |Δp| ≤ ${maxAbsError.toFixed(4)}, size ${made.ratio.toFixed(4)}`
  check('silero: at most 3 of 600 decisions flip', decisionFlips <= 3, figure)
}

/** static-int8 with fixed options: on every Conv and Gemm, and where that costs too much, with layers in float. */
export async function checkFixed() {
  await classifiers()
  const parts = await loadParts()
  for (const method of ['static-int8', `static-int8:observer=mse,layers=${FACE_LAYERS}`]) await faces(parts, method)
  for (const method of ['static-int8', `static-int8:layers=${PICTURE_LAYERS}`]) await superResolution(parts, method)
  await speech()
}

const TARGETS = ['generic', 'ort-cpu', 'ort-web', 'webgpu', 'tensorrt', 'mobile']

/** ONNX's own checker, where PYTHON names a Python that has it. */
function checkOnnx(name, file) {
  if (!process.env.PYTHON) return
  const code = 'import onnx, sys; onnx.checker.check_model(sys.argv[1], full_check=True)'
  const { status, stderr } = spawnSync(process.env.PYTHON, ['-c', code, file], { encoding: 'utf8' })
  check(`${name} passes ONNX's checker`, status === 0, status === 0 ? 'valid' : stderr.trim().split('\n').at(-1))
}

/** Every preset, in both forms: loads and agrees in onnxruntime-web and on our engine. */
export async function checkPresets() {
  for (const name of ['resnet20', 'squeezenet', 'mnist-cntk', 'ultraface']) {
    for (const target of TARGETS) {
      for (const format of ['qdq', 'qoperator']) {
        const made = await compress(name, MODELS[name](), `static-int8:target=${target},format=${format}`)
        if (!made) continue
        const { providers } = made.json.quality
        const bad = providers
          .filter(({ ok, name: provider }) => !ok && !provider.startsWith('x86'))
          .map((one) => one.name)
        const ran = providers.map((one) => one.name).join(', ')
        check(
          `${name} ${target} ${format} runs and agrees`,
          bad.length === 0 && providers.length >= 2,
          bad.join(', ') || ran,
        )
        checkOnnx(`${name} ${target} ${format}`, made.output)
      }
    }
  }
}
