import { formatDb, formatMs, formatPercent } from '../../core/format-text'
import type { ProviderResult } from '../../evaluate/quality'
import { evaluate as evaluateModels, type EvaluateReport } from '../../jobs/evaluate'
import { FlagError, wholeNumber } from '../args'
import type { Command } from '../command'
import { DATA_FLAGS, dataFromArgs } from '../data'
import { createPorts } from '../environment'
import { nodeFileSet } from '../files'
import { noteLine } from '../report-text'
import { table } from '../table'

export const evaluate: Command = {
  name: 'evaluate',
  usage: 'MODEL [--against MODEL2]',
  help: 'accuracy, fidelity and speed of a model, or of one against another',
  flags: {
    against: { type: 'text', value: 'MODEL2', help: 'the model to hold it against, usually the original' },
    ...DATA_FLAGS,
  },
  async run(args, terminal) {
    const [file, ...rest] = args.files
    if (!file || rest.length > 0) throw new FlagError('plume evaluate takes one MODEL.')
    const against = args.text('against')
    const test = await dataFromArgs(args, terminal.signal)
    const report = await evaluateModels(
      {
        files: await nodeFileSet(file),
        seed: wholeNumber(args, 'seed', 0),
        ...(against !== undefined && { against: await nodeFileSet(against) }),
        ...(test && { test }),
      },
      await createPorts(args, terminal),
    )
    terminal.print(describe(report))
    return { ...report, notes: [...report.notes, ...terminal.notes] }
  },
}

function describe({ model, against, quality, speed, notes }: EvaluateReport): string {
  const rows: string[][] = []
  const { task } = quality
  const add = (label: string, before: string, after: string) =>
    rows.push(against ? [label, before, after] : [label, after])
  if (task?.metric === 'accuracy') add('accuracy', formatPercent(task.before, 2), formatPercent(task.after, 2))
  const nll = task?.metric === 'nll' ? task : task?.nll
  if (nll) add('mean NLL, nats', nll.before.toFixed(4), nll.after.toFixed(4))
  if (against && quality.top1Agreement !== undefined) add('same answer', '', formatPercent(quality.top1Agreement, 2))
  for (const { name, sqnrDb, maxAbsError } of against ? quality.outputs : []) {
    add(name, '', `${formatDb(sqnrDb)}, largest difference ${maxAbsError.toPrecision(3)}`)
  }
  for (const provider of against ? quality.providers : []) add(`on ${provider.name}`, '', providerText(provider))
  for (const { provider, beforeMs, afterMs } of speed)
    add(`per run (${provider})`, formatMs(beforeMs), formatMs(afterMs))
  const head = against
    ? [`${quality.samples} samples`, against.name, model.name]
    : [`${quality.samples} samples`, model.name]
  return [table(head, rows), ...notes.map(noteLine)].join('\n')
}

function providerText({ samples, top1Agreement, accuracy, cosine, saturation }: ProviderResult): string {
  const parts = [
    ...(top1Agreement === undefined
      ? [`cosine ${cosine.toFixed(6)}`]
      : [`same answer ${formatPercent(top1Agreement, 2)}`]),
    ...(accuracy === undefined ? [] : [`accuracy ${formatPercent(accuracy, 2)}`]),
    ...(saturation ? [`${saturation.saturated} of ${saturation.pairs} sums overflow`] : []),
    ...(samples === undefined ? [] : [`${samples} samples`]),
  ]
  return parts.join(', ')
}
