import { formatBytes, formatDb, formatMs, formatPercent } from '../../core/format-text'
import { gridOf, sweep as sweepModel, type SweepReport, type SweepRow } from '../../jobs/sweep'
import { asFlag, FlagError, wholeNumber } from '../args'
import type { Command } from '../command'
import { CALIBRATION_FLAGS, calibrationMemory, DATA_FLAGS, dataFromArgs } from '../data'
import { createPorts } from '../environment'
import { nodeFileSet } from '../files'
import { noteLine } from '../report-text'
import { table } from '../table'

/** What a person who names nothing wants to see. */
const DEFAULT_METHODS = [
  'weights-int8',
  'float16',
  'static-int8:observer=min-max/entropy/mse',
  'static-int8:observer=percentile,percentile=99.9/99.99/99.999',
]

export const sweep: Command = {
  name: 'sweep',
  usage: 'MODEL --calibrate DATA --test DATA',
  help: 'a table of many ways to make a model smaller: size, loss, agreement, time',
  flags: {
    method: {
      type: 'text',
      many: true,
      value: 'ID[:key=a/b,…]',
      help: 'a method, or a grid of its options; each is made by itself, after tidy (default: the usual rows)',
    },
    ...DATA_FLAGS,
    ...CALIBRATION_FLAGS,
  },
  async run(args, terminal) {
    const [file, ...rest] = args.files
    if (!file || rest.length > 0) throw new FlagError('plume sweep takes one MODEL.')
    const given = args.texts('method')
    const methods = given.length > 0 ? given : DEFAULT_METHODS
    asFlag(() => methods.map(gridOf))
    const test = await dataFromArgs(args, terminal.signal)
    const calibrate = await dataFromArgs(args, terminal.signal, 'calibrate')
    const report = await sweepModel(
      {
        files: await nodeFileSet(file),
        methods,
        seed: wholeNumber(args, 'seed', 0),
        ...calibrationMemory(args),
        ...(test && { test }),
        ...(calibrate && { calibrate }),
      },
      await createPorts(args, terminal),
    )
    terminal.print(describe(report))
    return { ...report, notes: [...report.notes, ...terminal.notes] }
  },
}

function describe(report: SweepReport): string {
  const { model, samples, rows, notes } = report
  const head = ['', 'size', lossName(report), 'same answer', 'fidelity', 'per run', 'method']
  const cells = rows.map((row) => [
    row.isOnFront ? '★' : ' ',
    row.sizeBytes === undefined ? '–' : formatBytes(row.sizeBytes),
    loss(report, row),
    row.top1Agreement === undefined ? '–' : formatPercent(row.top1Agreement, 2),
    row.sqnrDb === undefined ? '–' : formatDb(row.sqnrDb),
    row.afterMs === undefined ? '–' : formatMs(row.afterMs),
    row.error === undefined ? row.method : `${row.method}: not possible: ${row.error}`,
  ])
  const before = rows.find(({ beforeMs }) => beforeMs !== undefined)?.beforeMs
  return [
    `${model.name}: ${formatBytes(model.sizeBytes)}${before === undefined ? '' : `, ${formatMs(before)} per run`}, ${samples} samples`,
    '',
    table(head, cells),
    '',
    '★ nothing here is both smaller and better',
    ...notes.map(noteLine),
  ].join('\n')
}

const LOSS = { accuracy: 'loss of accuracy', nll: 'rise of NLL', agreement: 'changed answers', sqnr: 'noise' }

const lossName = ({ metric }: SweepReport) => LOSS[metric]

function loss({ metric }: SweepReport, { drop }: SweepRow): string {
  if (drop === undefined) return '–'
  return metric === 'nll' ? `${drop.toFixed(4)} nats` : formatPercent(drop, 2)
}
