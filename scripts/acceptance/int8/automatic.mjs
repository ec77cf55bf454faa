import { join } from 'node:path'
import { check, plume, SCRATCH } from '../plume.mjs'
import { dataFlags, MODELS } from './models.mjs'

const FIXED = [
  ['min-max', 'observer=min-max'],
  ['percentile 99.9', 'observer=percentile,percentile=99.9'],
  ['percentile 99.99', 'observer=percentile,percentile=99.99'],
  ['percentile 99.999', 'observer=percentile,percentile=99.999'],
  ['entropy', 'observer=entropy'],
  ['MSE', 'observer=mse'],
]

const percent = (rate) => (rate === undefined ? '–' : (100 * rate).toFixed(2))

async function compress(data, name, methods) {
  const output = join(SCRATCH, `${name}.onnx`)
  const start = performance.now()
  const { status, json, stderr } = await plume('compress', data.model, '-o', output, ...methods, ...dataFlags(data))
  if (status !== 0) return { why: stderr }
  return { json, seconds: (performance.now() - start) / 1000 }
}

function row(name, { why, json, seconds }) {
  if (why) return `| ${name} | ${why} |`
  const { quality, input, output, search, recipe } = json
  const { before, after, drop, ci95, mcnemar } = quality.task
  const method = recipe.steps.at(-1)
  const chosen = method ? `${method.method} ${Object.values(method.options).join(' ')}` : 'the original'
  return `| ${[
    name,
    (output.sizeBytes / input.sizeBytes).toFixed(4),
    `${percent(before)} → ${percent(after)}`,
    `${percent(drop)} (${ci95.map(percent).join(' to ')})`,
    mcnemar?.p.toFixed(3) ?? '–',
    percent(quality.top1Agreement),
    `${seconds.toFixed(0)} s`,
    search ? `${search.trials} trials; ${chosen}` : '',
  ].join(' | ')} |`
}

/** The automatic choice with no budget given, beside fixed rows of the same data. */
export async function checkAutomatic() {
  for (const name of ['resnet20', 'squeezenet', 'mnist-burn', 'mnist-cntk']) {
    const data = MODELS[name]()
    console.log(`\n| ${name} | size ÷ original | accuracy % | drop, 95 % | McNemar p | agreement % | time | |`)
    console.log('| --- | --- | --- | --- | --- | --- | --- | --- |')
    const rows = []
    for (const [label, options] of FIXED) {
      const made = await compress(data, `${name}-${label}`, ['--force', '--method', `static-int8:${options}`])
      console.log(row(label, made))
      if (!made.why) rows.push(made.json.quality.task)
    }
    const automatic = await compress(data, `${name}-automatic`, ['--force'])
    console.log(row('automatic', automatic))
    if (automatic.why) {
      check(`${name} automatic`, false, automatic.why)
      continue
    }
    const { task } = automatic.json.quality
    const isWithin = task.ci95[0] <= 0
    check(`${name} automatic within the interval of the float accuracy`, isWithin, task.ci95.map(percent).join(' to '))
    const best = Math.max(...rows.map(({ after }) => after))
    const spread = (task.ci95[1] - task.ci95[0]) / 2
    const figure = `${percent(task.after)} against ${percent(best)} ± ${percent(spread)}`
    check(`${name} automatic not worse than the best fixed row`, task.after >= best - spread, figure)
  }
}
