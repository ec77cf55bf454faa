import { join } from 'node:path'
import { check, DATA, plume, SCRATCH } from '../plume.mjs'

const percent = (rate) => `${(100 * rate).toFixed(2)} %`

/** The mean of a metric on the test split over so many seeds, the slowest run, and the last report. */
async function overSeeds(name, file, { metric = 'accuracy', seeds = 10, flags = [] } = {}) {
  const values = []
  let [slowest, last] = [0, null]
  for (let seed = 0; seed < seeds; seed++) {
    const output = join(SCRATCH, `${name}-${seed}.onnx`)
    const { status, json, stderr } = await plume(
      'train',
      join(DATA, file),
      '-o',
      output,
      '--seed',
      `${seed}`,
      '--force',
      ...flags,
    )
    if (status !== 0) {
      check(`${name}, seed ${seed}`, false, stderr)
      return null
    }
    values.push(json.metrics.test[metric])
    slowest = Math.max(slowest, json.timing.totalMs)
    last = json
  }
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  const sd = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / Math.max(1, values.length - 1))
  return { mean, sd, slowest, last }
}

/** Tables that train without any option, and what an ordinary network reaches. */
const TABLES = [
  { name: 'WDBC with a ragged header', file: 'wdbc/wdbc-ragged-header.csv', least: 0.965 },
  { name: 'penguins', file: 'penguins/penguins.csv', least: 0.98 },
  { name: 'titanic', file: 'titanic/titanic.csv', least: 0.81 },
  { name: 'mpg', file: 'mpg/mpg.csv', metric: 'r2', least: 0.86 },
  { name: 'pulsar', file: 'pulsar/pulsar_stars.csv', metric: 'f1', least: 0.87 },
  { name: 'digits', file: 'digits/optdigits.tra', least: 0.965 },
  { name: 'iris', file: 'iris/iris.csv', least: 0.94 },
]

export async function checkTables() {
  const wdbc = ['wdbc', 'wdbc/wdbc.data']
  const common = ['--target', '1', '--test-share', '0.2']
  for (const [what, least, flags] of [
    ['64,32', 0.965, [...common, '--layers', '64,32', '--epochs', '50']],
    ['automatic', 0.97, common],
  ]) {
    const found = await overSeeds(...wdbc, { flags })
    if (!found) continue
    const { mean, sd, slowest, last } = found
    check(`WDBC, ${what}: test accuracy ≥ ${percent(least)}`, mean >= least, `${percent(mean)} ± ${percent(sd)}`)
    check(`WDBC, ${what}: each run under 3 s`, slowest < 3000, `${slowest.toFixed(0)} ms`)
    const ignored = last.data.ignored.map(({ column }) => column)
    check(`WDBC, ${what}: the id is left out`, ignored.includes('0'), ignored.join(', '))
  }
  for (const { name, file, least, metric = 'accuracy' } of TABLES) {
    const found = await overSeeds(name, file, { metric })
    if (!found) continue
    const { mean, sd, slowest, last } = found
    const figure = `${mean.toFixed(4)} ± ${sd.toFixed(4)}, baseline ${last.baseline[metric]?.toFixed(4)}, ${slowest.toFixed(0)} ms`
    check(`${name}: ${metric} ≥ ${least} (target ${last.data.target})`, mean >= least, figure)
    if (name === 'titanic') {
      const leak = last.data.ignored.find(({ column }) => column === 'alive')
      check('titanic: the leak is told', leak !== undefined, leak?.why ?? 'alive is used')
    }
    if (name === 'pulsar') check('pulsar: PR-AUC is told', last.metrics.test.prAuc > 0, last.metrics.test.prAuc)
  }
}
