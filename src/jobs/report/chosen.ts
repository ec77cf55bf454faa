import { formatBytes, formatDb, formatMs, formatPercent } from '../../core/format-text'
import { formatBudget } from '../budget'
import type { Alternative, Report } from '../report'
import { noiseRatio } from '../search/score'
import type { Metric, SensitivityReport, TensorRange } from '../sensitivity/report'
import { countOf, section, table, withoutEmptyColumns, type Block, type Cell, type Section } from './blocks'
import { histogramChart } from './charts/histogram'
import { paretoChart, type ParetoPoint } from './charts/pareto'
import { AXIS_NAMES, formatDrop, formatNumber, METRIC_NAMES } from './numbers'

/** How the result came about: calibration, what else was tried, and what became of every layer. */
export function chosenSections(report: Report, sensitivity?: SensitivityReport): Section[] {
  return [
    ...calibrationSection(report),
    ...frontSection(report),
    ...(sensitivity ? sensitivitySection(sensitivity) : []),
    ...layerSection(report),
    ...rangeSection(report, sensitivity),
    ...tensorSection(report),
  ]
}

function calibrationSection({ calibration }: Report): Section[] {
  if (!calibration) return []
  const { samples, skipped, machine, memoryCapBytes, ms } = calibration
  const gpuText = 'webgpu: the last bits of ranges depend on the graphics card'
  return section(
    'Calibration',
    table(
      ['', ''],
      [
        ['samples that ranges were chosen on', String(samples)],
        ['samples left out', skipped === 0 ? '0' : `${skipped} (the notes say why)`],
        ['observed on', machine === 'webgpu' ? gpuText : machine],
        ['memory cap', `${formatBytes(memoryCapBytes)}; the result does not depend on it`],
        ['time', formatMs(ms)],
      ],
    ),
  )
}

/** Whether it could be made: of a search, only those that are worth it have a recipe. */
const isMade = ({ recipe, drop }: Alternative) => recipe !== undefined || drop !== undefined

/** What a trial lost, in the unit of the search; by agreement or noise where no search says more. */
function lossOf(entry: Alternative, metric: Metric): number | null {
  if (!isMade(entry)) return null
  if (metric === 'sqnr') return noiseRatio(entry.sqnrDb)
  if (entry.drop !== undefined) return entry.drop
  return entry.top1Agreement === undefined ? null : 1 - entry.top1Agreement
}

const lossCell = (loss: number | null, metric: Metric): Cell =>
  loss === null ? '' : { number: formatDrop(loss, metric) }

function frontSection(report: Report): Section[] {
  const { alternatives, search } = report
  if (alternatives.length === 0) return []
  const metric = search?.metric ?? (alternatives.some((a) => a.top1Agreement !== undefined) ? 'agreement' : 'sqnr')
  const losses = alternatives.map((entry) => lossOf(entry, metric))
  const text = search
    ? `Budget: ${formatBudget(search.budget)}. ${countOf(search.trials, 'trial')} of at most ${search.maxTrials}, scored on ` +
      `${countOf(search.scoringSamples, 'calibration sample')} with ranges from the others; the test data were not looked at.`
    : null
  const rows = alternatives.map((entry, index): Cell[] => [
    String(index + 1),
    { text: entry.isChosen ? `${entry.method} (chosen)` : entry.method, remark: entry.why },
    { number: formatBytes(entry.sizeBytes) },
    lossCell(losses[index] ?? null, metric),
    isMade(entry) ? { number: formatDb(entry.sqnrDb) } : '',
    entry.afterMs === undefined ? '' : { number: formatMs(entry.afterMs) },
    entry.isOnFront ? 'yes' : '',
  ])
  return section(
    'What else was tried',
    text === null ? null : { kind: 'text', text },
    frontChart(report, losses, metric),
    withoutEmptyColumns(
      ['#', 'method', 'size', METRIC_NAMES[metric], 'fidelity', 'a run', 'on the front'],
      rows,
      countOf(rows.length, 'trial'),
    ),
  )
}

function frontChart(report: Report, losses: readonly (number | null)[], metric: Metric): Block | null {
  const points = report.alternatives.flatMap((entry, index): ParetoPoint[] => {
    const loss = losses[index] ?? null
    if (loss === null || !Number.isFinite(loss)) return []
    const kind = entry.isChosen ? 'chosen' : entry.isOnFront ? 'front' : 'other'
    return [{ number: index + 1, sizeBytes: entry.sizeBytes, loss, kind }]
  })
  if (points.length < 2) return null
  const all: ParetoPoint[] = [{ sizeBytes: report.input.sizeBytes, loss: 0, kind: 'original' }, ...points]
  return {
    kind: 'chart',
    svg: paretoChart(all, AXIS_NAMES[metric], (loss) => formatDrop(loss, metric).replace(/ (points|nats)/, '')),
    caption: 'Square: the result. Dots on the line: no other is both smaller and better. Triangle: the original.',
  }
}

function sensitivitySection({ layers, metric, samples, baseline }: SensitivityReport): Section[] {
  const most = Math.max(0, ...layers.map(({ alone }) => alone.drop))
  const noise = layers.map(({ alone }) => noiseRatio(alone.sqnrDb))
  const mostNoise = Math.max(0, ...noise)
  // few samples see no answer change by one layer; noise is seen always
  const isNoise = most <= 0
  const rows = layers.map((layer, index): Cell[] => {
    const { alone, restored } = layer
    const share = isNoise ? (noise[index] as number) / (mostNoise || 1) : Math.max(0, alone.drop) / (most || 1)
    return [
      { name: layer.name },
      layer.opType,
      layer.to,
      { bar: share, number: isNoise ? formatPercent(noise[index] as number, 2) : formatDrop(alone.drop, metric) },
      { number: formatDb(alone.sqnrDb) },
      { number: formatDrop(restored.gain, metric) },
      { number: formatBytes(Math.max(0, layer.addedBytes)) },
    ]
  })
  const lost = isNoise ? METRIC_NAMES.sqnr : METRIC_NAMES[metric]
  return section(
    'Which layers are sensitive',
    {
      kind: 'text',
      text:
        `On ${countOf(samples, 'sample')}; with every layer quantized, ${METRIC_NAMES[metric]}: ` +
        `${formatDrop(baseline.drop, metric)}. “Alone”: this layer quantized and all others in float. “Won back”: this layer in float and all others quantized.`,
    },
    table(
      ['layer', 'operator', 'as', `alone: ${lost}`, 'alone: fidelity', 'won back in float', 'costs'],
      rows,
      countOf(rows.length, 'layer'),
    ),
  )
}

function layerSection({ layers = [] }: Report): Section[] {
  if (layers.length === 0) return []
  const floats = layers.filter(({ to }) => to === 'float')
  return section(
    'Layers',
    { kind: 'text', text: `${floats.length} of ${countOf(layers.length, 'layer')} compute in float.` },
    table(
      ['layer', 'operator', 'as', 'before', 'after'],
      layers.map((layer) => [
        { name: layer.name, ...(layer.why !== undefined && { remark: layer.why }) },
        layer.opType,
        layer.to,
        { number: formatBytes(layer.sizeBeforeBytes) },
        { number: formatBytes(layer.sizeAfterBytes) },
      ]),
      countOf(layers.length, 'layer'),
    ),
  )
}

/** Ranges of inner values, with their histograms where sensitivity was measured. */
function rangeSection({ values = [] }: Report, sensitivity?: SensitivityReport): Section[] {
  const seen = new Map<string, TensorRange>(sensitivity?.tensors.map((tensor) => [tensor.name, tensor]))
  const all = values.length > 0 ? values : (sensitivity?.tensors ?? [])
  const charts = all.map(({ name }) => {
    const tensor = seen.get(name)
    return tensor ? histogramChart(tensor) : null
  })
  const hasCharts = charts.some((chart) => chart !== null)
  const rows = all.map((value, index): Cell[] => {
    const clipped = value.clipped ?? seen.get(value.name)?.clipped
    const chart = charts[index]
    return [
      { name: value.name },
      value.to,
      { number: formatNumber(value.min) },
      { number: formatNumber(value.max) },
      { number: formatNumber(value.scale) },
      { number: String(value.zeroPoint) },
      { number: clipped === undefined ? '' : formatPercent(clipped, 3) },
      ...(hasCharts ? [chart ? { svg: chart, label: '' } : ''] : []),
    ]
  })
  const head = ['value', 'as', 'from', 'to', 'step', 'zero point', 'cut off', ...(hasCharts ? ['distribution'] : [])]
  return section('Ranges of inner values', withoutEmptyColumns(head, rows, countOf(rows.length, 'value')))
}

function tensorSection({ tensors }: Report): Section[] {
  const noise = tensors.map(({ sqnrDb }) => noiseRatio(sqnrDb))
  const most = Math.max(0, ...noise)
  return section(
    'Weights',
    table(
      ['tensor', 'from', 'to', 'before', 'after', 'fidelity', 'error'],
      tensors.map((tensor, index) => [
        { name: tensor.name },
        tensor.from,
        tensor.to,
        { number: formatBytes(tensor.sizeBeforeBytes) },
        { number: formatBytes(tensor.sizeAfterBytes) },
        { number: formatDb(tensor.sqnrDb) },
        { bar: (noise[index] as number) / (most || 1), number: formatPercent(noise[index] as number, 2) },
      ]),
      countOf(tensors.length, 'tensor'),
    ),
  )
}
