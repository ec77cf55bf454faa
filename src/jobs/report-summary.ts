import { formatBytes, formatDb, formatMs, formatPercent } from '../core/format-text'
import type { Report } from './report'

/** One line of a report: what was measured, before, after, and how. Terminal, HTML and page show the same lines. */
export interface SummaryRow {
  readonly label: string
  readonly before: string
  readonly after: string
  readonly remark: string
}

/** The before → after lines of a report, most important first. */
export function summarize(report: Report): SummaryRow[] {
  const { input, output, quality, speed } = report
  const rows: SummaryRow[] = [
    {
      label: 'Size',
      before: formatBytes(input.sizeBytes),
      after: formatBytes(output.sizeBytes),
      remark: output.isOriginal ? originalText(report) : changeText(input.sizeBytes, output.sizeBytes),
    },
  ]
  if (input.gzipBytes !== undefined && output.gzipBytes !== undefined) {
    rows.push({
      label: 'Size, gzip',
      before: formatBytes(input.gzipBytes),
      after: formatBytes(output.gzipBytes),
      remark: changeText(input.gzipBytes, output.gzipBytes),
    })
  }
  if (output.isOriginal) return rows
  if (quality.task) rows.push(...taskRows(report))
  if (quality.top1Agreement !== undefined) {
    rows.push({
      label: 'Same answer',
      before: '',
      after: formatPercent(quality.top1Agreement, 2),
      remark: samplesText(report),
    })
  }
  rows.push({ label: 'Output fidelity', before: '', after: formatDb(quality.sqnrDb), remark: fidelityText(report) })
  for (const { provider, beforeMs, afterMs, runs } of speed) {
    rows.push({
      label: 'Time per run',
      before: formatMs(beforeMs),
      after: formatMs(afterMs),
      remark: `median of ${runs} runs, ${providerName(provider)}, on this machine`,
    })
  }
  return rows
}

/** Of a provider as reports name it: 'wasm' is onnxruntime's. */
export function providerName(name: string): string {
  if (name.startsWith('plume-')) return `Plume’s own engine (${name.slice('plume-'.length)})`
  return name.includes('simulated') ? name : `onnxruntime ${name}`
}

function taskRows({ quality }: Report): SummaryRow[] {
  const { task } = quality
  if (!task) return []
  const [low, high] = task.ci95
  const isAccuracy = task.metric === 'accuracy'
  const show = (value: number) => (isAccuracy ? formatPercent(value, 2) : `${value.toFixed(4)} nats`)
  const points = (value: number) => signed(isAccuracy ? `${(value * 100).toFixed(2)} points` : value.toFixed(4))
  const rows: SummaryRow[] = [
    {
      label: isAccuracy ? 'Accuracy' : 'Loss (mean NLL)',
      before: show(task.before),
      after: show(task.after),
      remark: `${quality.samples} samples; loss ${points(task.drop)}, 95% interval ${points(low)} to ${points(high)}`,
    },
  ]
  if (isAccuracy && task.nll) {
    rows.push({
      label: 'Loss (mean NLL)',
      before: `${task.nll.before.toFixed(4)} nats`,
      after: `${task.nll.after.toFixed(4)} nats`,
      remark: '',
    })
  }
  return rows
}

/** With the sign that is as wide as a digit. */
const signed = (text: string): string => text.replace(/^-/, '−')

/** '−74.5 %' */
export function changeText(before: number, after: number): string {
  if (before === 0) return ''
  const change = after / before - 1
  return `${change <= 0 ? '−' : '+'}${formatPercent(Math.abs(change))}`
}

function samplesText({ quality }: Report): string {
  const kind = { user: 'samples of yours', synthetic: 'made-up inputs', 'weights-only': '' }[quality.data]
  const how = quality.preprocess ? `, preprocessing ${quality.preprocess}` : ''
  return `${quality.samples} ${kind}${how}`
}

function fidelityText(report: Report): string {
  if (report.quality.data === 'weights-only') return 'error of the weights; accuracy not measured'
  return `worst output, signal to noise, on ${samplesText(report)}`
}

/** An original whose weights lay in other files comes back as one file, its parts unchanged. */
function originalText({ input, output }: Report): string {
  return output.sha256 === input.sha256 ? 'the original, unchanged' : 'the original, in one file'
}
