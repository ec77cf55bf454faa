import { formatBytes } from '../../core/format-text'
import { inspectModel, type InspectReport, type ValueRow } from '../../jobs/inspect'
import { FlagError } from '../args'
import type { Command } from '../command'
import { nodeFileSet } from '../files'
import { table } from '../table'

export const inspect: Command = {
  name: 'inspect',
  usage: 'FILE',
  help: 'what a model holds, and what would happen to each tensor',
  flags: {},
  async run(args, terminal) {
    const [file, ...rest] = args.files
    if (!file || rest.length > 0) throw new FlagError('plume inspect takes one FILE.')
    const report = await inspectModel(await nodeFileSet(file), terminal.signal)
    terminal.print(describe(report))
    return report
  },
}

function describe(report: InspectReport): string {
  const { file, prediction } = report
  const smaller = prediction.sizeBytes < file.sizeBytes
  return [
    `${file.name}: ${file.format}, ${formatBytes(file.sizeBytes)}, ${report.parameters.toLocaleString('en')} parameters`,
    ...(report.producer ? [`made by ${report.producer}`] : []),
    `opsets: ${Object.entries(report.opsets ?? {})
      .map(([domain, version]) => `${domain} ${version}`)
      .join(', ')}`,
    `inputs:  ${report.inputs.map(valueText).join(', ')}`,
    `outputs: ${report.outputs.map(valueText).join(', ')}`,
    `operators: ${Object.entries(report.operators)
      .map(([name, count]) => `${name} ×${count}`)
      .join(', ')}`,
    '',
    table(
      ['tensor', 'type', 'shape', 'bytes', 'after', 'why'],
      [...prediction.decisions]
        .sort((a, b) => b.sizeBeforeBytes - a.sizeBeforeBytes)
        .map((d) => [d.tensor, d.dtype, d.shape.join('×'), d.sizeBeforeBytes, d.sizeAfterBytes, d.why]),
    ),
    '',
    smaller
      ? `${prediction.method} would give about ${formatBytes(prediction.sizeBytes)} instead of ${formatBytes(file.sizeBytes)}.`
      : `${prediction.method} would not make it smaller.`,
    ...report.notes.map((note) => note.text),
  ].join('\n')
}

function valueText({ name, dtype, shape }: ValueRow): string {
  return `${name} ${dtype}${shape ? `[${shape.map((size) => size ?? '?').join(',')}]` : ''}`
}
