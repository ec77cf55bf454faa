import { formatBytes, formatDb, formatMs, formatPercent } from '../core/format-text'
import { oneLine } from '../core/one-line'
import type { Note } from '../core/progress'
import { formatBudget } from '../jobs/budget'
import type { Report } from '../jobs/report'
import { providerName, summarize } from '../jobs/report-summary'
import { LEVELS } from '../jobs/report/content'
import { fixText } from '../jobs/report/measured'
import { formatDrop } from '../jobs/report/numbers'
import { table } from './table'

const MARK = { error: '✗', warning: '!', info: '·' }
const LEVEL_MARK = { safe: '✓', check: '!', 'not-recommended': '✗' }

/** A report for a terminal: the verdict and other bad news, before → after, what else was tried, the other notes. */
export function describeReport(report: Report): string {
  const { input, output, notes, verdict, extras = [] } = report
  const reasons = verdict?.reasons ?? []
  // what the verdict says already is not said twice
  const warnings = notes.filter(({ severity, text }) => severity !== 'info' && !reasons.includes(text))
  const remarks = notes.filter((note) => note.severity === 'info')
  const rows = summarize(report).map(({ label, before, after, remark }) => [
    label,
    before,
    before && '→',
    after,
    remark,
  ])
  const parts = [
    `${input.name} → ${output.path ?? output.name}`,
    ...extras.map(({ name, sizeBytes }) => `  beside it: ${name}, ${formatBytes(sizeBytes)}`),
    ...verdictLines(report),
    ...warnings.map(noteLine),
    '',
    table(['', 'before', '', 'after', ''], rows),
    ...providerTable(report),
    ...calibrationLine(report),
    ...triedTable(report),
  ]
  if (remarks.length > 0) parts.push('', ...remarks.map(noteLine))
  return parts.join('\n')
}

function verdictLines({ verdict }: Report): string[] {
  if (!verdict) return []
  const mark = LEVEL_MARK[verdict.level]
  return [
    `${mark} ${LEVELS[verdict.level]}`,
    ...verdict.reasons.map((reason) => `  ${oneLine(reason)}`),
    ...verdict.fixes.map((fix) => `  ${oneLine(fixText(fix))}`),
  ]
}

/** Where the result ran. One provider alone is said by the lines above. */
function providerTable({ quality }: Report): string[] {
  const { providers, samples } = quality
  if (providers.length < 2) return []
  const share = (value: number | undefined) => (value === undefined ? '' : formatPercent(value, 2))
  const rows = providers.map(({ name, samples: ran = samples, top1Agreement, accuracy, versus, saturation, ok }) => [
    `${ok ? ' ' : '✗'} ${providerName(name)}`,
    String(ran),
    share(top1Agreement),
    share(accuracy),
    versus ? formatPercent(versus.disagreement, 3) : '',
    saturation ? saturation.saturated.toLocaleString('en') : '',
  ])
  return ['', table(['runs on', 'samples', 'agrees', 'accuracy', 'off the judge', 'sums that overflow'], rows)]
}

function calibrationLine({ calibration }: Report): string[] {
  if (!calibration) return []
  const { samples, skipped, machine, memoryCapBytes, ms } = calibration
  const left = skipped > 0 ? `, ${skipped} left out` : ''
  const text = `${samples} samples${left}, on ${machine}, at most ${formatBytes(memoryCapBytes)}, ${formatMs(ms)}`
  return ['', `Ranges from ${text}`]
}

function triedTable({ alternatives, search }: Report): string[] {
  if (alternatives.length === 0) return []
  const tried = alternatives.map((a) => [
    `${a.isChosen ? '▸' : a.isOnFront ? '·' : ' '} ${a.method}`,
    formatBytes(a.sizeBytes),
    a.recipe ? formatDb(a.sqnrDb) : '',
    ...(search ? [a.drop === undefined ? '' : formatDrop(a.drop, search.metric)] : []),
    a.afterMs === undefined ? '' : formatMs(a.afterMs),
    a.why,
  ])
  const head = ['tried', 'size', 'fidelity', ...(search ? ['lost'] : []), 'per run', '']
  const facts = search
    ? `Budget ${formatBudget(search.budget)}: ${search.trials} of at most ${search.maxTrials} trials, scored on ` +
      `${search.scoringSamples} calibration samples. ▸ chosen, · no other is both smaller and better`
    : null
  return ['', ...(facts ? [facts] : []), table(head, tried)]
}

export function noteLine({ severity, node, text }: Note): string {
  return `${MARK[severity]} ${oneLine(`${node ? `${node}: ` : ''}${text}`)}`
}
