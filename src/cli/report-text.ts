import { formatBytes, formatDb, formatMs } from '../core/format-text'
import { oneLine } from '../core/one-line'
import type { Note } from '../core/progress'
import type { Report } from '../jobs/report'
import { summarize } from '../jobs/report-summary'
import { table } from './table'

const MARK = { error: '✗', warning: '!', info: '·' }

/** A report for a terminal: bad news, before → after, what else was tried, the other notes. */
export function describeReport(report: Report): string {
  const { input, output, alternatives } = report
  const warnings = report.notes.filter((note) => note.severity !== 'info')
  const remarks = report.notes.filter((note) => note.severity === 'info')
  const rows = summarize(report).map(({ label, before, after, remark }) => [
    label,
    before,
    before && '→',
    after,
    remark,
  ])
  const parts = [
    `${input.name} → ${output.path ?? output.name}`,
    ...warnings.map(noteLine),
    '',
    table(['', 'before', '', 'after', ''], rows),
  ]
  if (alternatives.length > 0) {
    const tried = alternatives.map((a) => [
      `${a.isChosen ? '▸' : ' '} ${a.method}`,
      formatBytes(a.sizeBytes),
      a.recipe ? formatDb(a.sqnrDb) : '',
      a.afterMs === undefined ? '' : formatMs(a.afterMs),
      a.why,
    ])
    parts.push('', table(['tried', 'size', 'fidelity', 'per run', ''], tried))
  }
  if (remarks.length > 0) parts.push('', ...remarks.map(noteLine))
  return parts.join('\n')
}

export function noteLine({ severity, node, text }: Note): string {
  return `${MARK[severity]} ${oneLine(`${node ? `${node}: ` : ''}${text}`)}`
}
