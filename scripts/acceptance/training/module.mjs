import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { check, DATA, plume, SCRATCH } from '../plume.mjs'
import { withSources } from '../../with-sources.mjs'

const MOST_BYTES = 40_000

/** WDBC as a JavaScript module, in float and in int8: size, and the same predictions as onnxruntime. */
export async function checkModule() {
  const data = join(DATA, 'wdbc/wdbc.data')
  const at = (name) => join(SCRATCH, name)
  const table = ['--target', '1']
  const run = async (...args) => {
    const { status, stderr } = await plume(...args)
    if (status !== 0) check(`module: ${args.slice(0, 2).join(' ')}`, false, stderr)
    return status === 0
  }
  const float = at('wdbc.onnx')
  const isTrained = await run('train', data, '-o', float, ...table, '--layers', '64,32', '--epochs', '50')
  if (!isTrained) return
  await run('compress', float, '-o', at('wdbc-weights.onnx'), '--method', 'weights-int8')
  await run('compress', float, '-o', at('wdbc-static.onnx'), '--method', 'static-int8', '--calibrate', data, ...table)
  for (const name of ['wdbc', 'wdbc-weights', 'wdbc-static']) {
    if (await run('convert', at(`${name}.onnx`), '-o', at(`${name}.mjs`))) await checkOne(name, data)
  }
}

async function checkOne(name, data) {
  const file = join(SCRATCH, `${name}.mjs`)
  const { size } = { size: readFileSync(file).length }
  check(`${name}.mjs below 40 kB`, size < MOST_BYTES, `${size} bytes`)
  const rows = readFileSync(data, 'utf8')
    .trim()
    .split('\n')
    .map((line) => line.split(','))
  const { load, columns, classes } = await import(pathToFileURL(file).href)
  const found = (await load()).predict(rows.map((row) => Object.fromEntries(Object.entries(row))))
  const expected = await runtimePredictions(name, rows, columns)
  const worst = Math.max(
    ...found.flatMap(({ probabilities }, i) =>
      probabilities.map((p, k) => Math.abs(p - expected[classes.length * i + k])),
    ),
  )
  const labels = found.filter(({ label }, i) => label === classes[Number(expected[2 * i + 1] > expected[2 * i])]).length
  check(
    `${name}.mjs predicts as onnxruntime`,
    labels === rows.length,
    `${labels} of ${rows.length} labels, |Δp| ≤ ${worst.toExponential(1)}`,
  )
}

function runtimePredictions(name, rows, columns) {
  return withSources(async (load) => {
    const { testRuntime } = await load('/src/testing/runtime.ts')
    const session = await (await testRuntime()).open(new Uint8Array(readFileSync(join(SCRATCH, `${name}.onnx`))))
    const features = Float32Array.from(rows.flatMap((row) => columns.map((column) => Number(row[column]))))
    const tensor = { dtype: 'float32', shape: [rows.length, columns.length], data: new Uint8Array(features.buffer) }
    const { outputs } = await session.run(new Map([['features', tensor]]))
    await session.release()
    const [{ data }] = outputs.values()
    return new Float32Array(data.buffer, data.byteOffset, data.byteLength / 4)
  })
}
