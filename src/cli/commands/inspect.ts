import { formatBytes } from '../../core/format-text'
import { oneLine } from '../../core/one-line'
import type { Coverage, Lack } from '../../engine/coverage'
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
    const report = await inspectModel(await nodeFileSet(file), terminal.signal, { withEngine: true, withStatic: true })
    terminal.print(describe(report))
    return report
  },
}

function describe(report: InspectReport): string {
  const { file, prediction } = report
  const smaller = prediction.sizeBytes < file.sizeBytes
  return [
    `${file.name}: ${file.format}, ${formatBytes(file.sizeBytes)}, ${report.parameters.toLocaleString('en')} parameters`,
    ...(report.producer ? [`made by ${oneLine(report.producer)}`] : []),
    `opsets: ${Object.entries(report.opsets ?? {})
      .map(([domain, version]) => `${oneLine(domain, 80)} ${version}`)
      .join(', ')}`,
    `inputs:  ${report.inputs.map(valueText).join(', ')}`,
    `outputs: ${report.outputs.map(valueText).join(', ')}`,
    `operators: ${Object.entries(report.operators)
      .map(([name, count]) => `${oneLine(name, 80)} ×${count}`)
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
    ...staticLine(report),
    ...(report.engine ? engineLines(report.engine) : []),
    ...report.notes.map((note) => oneLine(note.text)),
  ].join('\n')
}

function staticLine({ predictionWithData, file }: InspectReport): string[] {
  if (!predictionWithData || predictionWithData.sizeBytes >= file.sizeBytes) return []
  const { method, sizeBytes } = predictionWithData
  return [`${method} would give about ${formatBytes(sizeBytes)}, with data to choose ranges on (--calibrate DATA).`]
}

function engineLines({ isComplete, blockedBy, missing, onHost }: Coverage): string[] {
  const list = (rows: readonly Lack[]) =>
    rows.map(({ operator, count }) => `${oneLine(operator, 80)} ×${count}`).join(', ')
  return [
    isComplete ? "Plume's own engine runs it." : "Plume's own engine does not run it.",
    ...(blockedBy ? [`  blocked: ${oneLine(blockedBy)}`] : []),
    ...(missing.length > 0 ? [`  operators that it lacks: ${list(missing)}`] : []),
    ...(onHost.length > 0 ? [`  operators without WASM kernel, computed by the host: ${list(onHost)}`] : []),
  ]
}

function valueText({ name, dtype, shape }: ValueRow): string {
  return `${oneLine(name, 120)} ${dtype}${shape ? `[${shape.map((size) => (typeof size === 'string' ? oneLine(size, 40) : (size ?? '?'))).join(',')}]` : ''}`
}
