import { formatBytes, formatDb, formatPercent } from '../../core/format-text'
import { recipeOfMethods } from '../../jobs/recipe-forms/recipe-of-methods'
import type { SensitivityReport } from '../../jobs/sensitivity/report'
import { DEFAULT_SENSITIVITY_SAMPLES, sensitivity as measure } from '../../jobs/sensitivity/sensitivity'
import { sensitivityCsv } from '../../jobs/sensitivity/csv'
import { asFlag, FlagError, wholeNumber, type ParsedArgs } from '../args'
import type { Command } from '../command'
import { CALIBRATION_FLAGS, calibrationMemory, DATA_FLAGS, dataFromArgs } from '../data'
import { createPorts } from '../environment'
import { nodeFileSet } from '../files'
import { noteLine } from '../report-text'
import { table } from '../table'

export const sensitivity: Command = {
  name: 'sensitivity',
  usage: 'MODEL --test DATA',
  help: 'which layers a method costs most: each quantized alone, and each restored alone',
  flags: {
    method: { type: 'text', value: 'ID[:key=value,…]', help: 'a method with rules for layers (default static-int8)' },
    'no-tidy': { type: 'switch', help: 'do not run tidy first' },
    ...DATA_FLAGS,
    ...CALIBRATION_FLAGS,
    samples: { type: 'text', value: 'N', help: `most samples to score on (default ${DEFAULT_SENSITIVITY_SAMPLES})` },
    csv: { type: 'switch', help: 'print a table of comma-separated values' },
  },
  async run(args, terminal) {
    const [file, ...rest] = args.files
    if (!file || rest.length > 0) throw new FlagError('plume sensitivity takes one MODEL.')
    if (args.has('csv') && args.has('json')) throw new FlagError('Give --csv or --json, not both.')
    const recipe = recipeFrom(args)
    const samples = wholeNumber(args, 'samples', DEFAULT_SENSITIVITY_SAMPLES)
    if (samples < 1) throw new FlagError('--samples takes a whole number from 1 on, not "0".')
    const test = await dataFromArgs(args, terminal.signal)
    const calibrate = await dataFromArgs(args, terminal.signal, 'calibrate')
    const report = await measure(
      {
        files: await nodeFileSet(file),
        recipe,
        samples,
        ...calibrationMemory(args),
        ...(test && { test }),
        ...(calibrate && { calibrate }),
      },
      await createPorts(args, terminal),
    )
    terminal.print(args.has('csv') ? sensitivityCsv(report).trimEnd() : describe(report))
    return { ...report, notes: [...report.notes, ...terminal.notes] }
  },
}

function recipeFrom(args: ParsedArgs) {
  const options = { seed: wholeNumber(args, 'seed', 0), isTidyOff: args.has('no-tidy') }
  return asFlag(() => recipeOfMethods([args.text('method') ?? 'static-int8'], options))
}

function describe({ model, method, metric, samples, baseline, layers, notes }: SensitivityReport): string {
  const amount = (value: number) => (metric === 'nll' ? `${value.toFixed(4)} nats` : formatPercent(value, 2))
  const rows = layers.map(({ name, opType, alone, restored, addedBytes }) => [
    name,
    opType,
    formatDb(alone.sqnrDb),
    amount(alone.drop),
    formatDb(restored.sqnrDb),
    amount(restored.gain),
    `${addedBytes < 0 ? '−' : '+'}${formatBytes(Math.abs(addedBytes))}`,
  ])
  const head = ['layer', 'operator', 'alone', 'loss', 'restored', 'gain', 'in float']
  return [
    `${model.name}, ${method.id}: ${formatDb(baseline.sqnrDb)}, ${METRIC[metric]} ${amount(baseline.drop)}, ${samples} samples`,
    '',
    table(head, rows),
    ...(notes.length > 0 ? ['', ...notes.map(noteLine)] : []),
  ].join('\n')
}

const METRIC = {
  accuracy: 'loss of accuracy',
  nll: 'rise of the mean NLL',
  agreement: 'changed answers',
  sqnr: 'noise over signal',
}
