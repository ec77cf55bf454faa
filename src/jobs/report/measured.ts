import { formatBytes, formatDb, formatMs, formatPercent } from '../../core/format-text'
import type { ClassResult, ProviderResult, Quality, Speed } from '../../evaluate/quality'
import type { Fix, Report } from '../report'
import { providerName, summarize } from '../report-summary'
import { countOf, section, table, withoutEmptyColumns, type Cell, type Section } from './blocks'
import { formatNumber, formatPoints } from './numbers'

/** What was found out by running the result: whether it may be used, and every figure that says so. */
export function measuredSections(report: Report): Section[] {
  const { verdict, quality, speed, notes, output } = report
  const warnings = notes.filter(({ severity }) => severity !== 'info').map(noteText)
  return [
    ...section(
      'Verdict',
      verdict ? { kind: 'verdict', level: verdict.level, reasons: verdict.reasons } : null,
      verdict ? { kind: 'list', items: verdict.fixes.map(fixText) } : null,
    ),
    // what a verdict says already is not said twice
    ...section('To know', {
      kind: 'list',
      items: warnings.filter((text) => !verdict?.reasons.includes(text)),
    }),
    ...section(
      'Before and after',
      table(
        ['', 'before', 'after'],
        summarize(report).map(({ label, before, after, remark }) => [
          { text: label, remark },
          { number: before },
          { number: after },
        ]),
      ),
      { kind: 'list', items: intervalTexts(quality) },
    ),
    ...(output.isOriginal ? [] : [...providerSection(quality, speed), ...classSection(quality.classes ?? [])]),
    ...section(
      'Outputs',
      withoutEmptyColumns(
        ['output', 'fidelity', 'cosine', 'largest difference', 'decisions that changed'],
        quality.outputs.map((o) => [
          { name: o.name },
          { number: formatDb(o.sqnrDb) },
          { number: o.cosine.toFixed(6) },
          { number: formatNumber(o.maxAbsError) },
          { number: o.decisionFlips === undefined ? '' : String(o.decisionFlips) },
        ]),
      ),
    ),
  ]
}

export function noteText({ node, text }: { node?: string; text: string }): string {
  return node ? `${node}: ${text}` : text
}

/** 'Keep conv1 in float: +40.0 kB, +1.30 points expected' */
export function fixText({ text, addedBytes, gain }: Fix): string {
  const effects = [
    ...(addedBytes === undefined ? [] : [`${addedBytes < 0 ? '−' : '+'}${formatBytes(Math.abs(addedBytes))}`]),
    ...(gain === undefined ? [] : [`${gain < 0 ? '−' : '+'}${formatPoints(Math.abs(gain))} expected`]),
  ]
  return effects.length > 0 ? `What would help: ${text} (${effects.join(', ')})` : `What would help: ${text}`
}

/** How sure the difference is: both ways of telling chance from loss. */
function intervalTexts({ task, samples, top1Agreement, agreement95 }: Quality): string[] {
  const texts: string[] = []
  if (agreement95 && top1Agreement !== undefined) {
    const [low, high] = agreement95.map((share) => formatPercent(share, 2))
    texts.push(`The same answer: ${formatPercent(top1Agreement, 2)}, by Wilson’s interval ${low} to ${high} (95%).`)
  }
  if (!task) return texts
  const { bootstrap95, mcnemar, metric } = task
  const show = (value: number) => (metric === 'accuracy' ? formatPoints(value) : `${value.toFixed(4)} nats`)
  if (bootstrap95) {
    const { interval, resamples, seed } = bootstrap95
    texts.push(
      `Loss by a paired bootstrap over ${countOf(samples, 'sample')}: ${show(interval[0])} to ${show(interval[1])} ` +
        `(95%, ${resamples.toLocaleString('en')} resamples, seed ${seed}).`,
    )
  }
  if (mcnemar) {
    const { lost, gained, p } = mcnemar
    texts.push(
      `${countOf(lost, 'answer')} right before and wrong after, ${gained.toLocaleString('en')} the other way round: ` +
        `by McNemar’s exact test p = ${p < 0.001 ? p.toExponential(1) : p.toFixed(3)}.`,
    )
  }
  return texts
}

function providerSection({ providers, samples }: Quality, speed: readonly Speed[]): Section[] {
  const [judge] = providers
  if (!judge) return []
  const rows = providers.map((provider): Cell[] => {
    const timed = speed.find((entry) => entry.provider === provider.name)
    const share = (value: number | undefined) => ({ number: value === undefined ? '' : formatPercent(value, 2) })
    return [
      { text: providerName(provider.name), remark: provider.ok ? '' : 'its outputs are too far from the original’s' },
      { number: String(provider.samples ?? samples) },
      share(provider.top1Agreement),
      share(provider.accuracy),
      { number: provider.cosine.toFixed(6) },
      provider.versus ? { number: `${formatPercent(provider.versus.disagreement, 3)}` } : '',
      saturationText(provider),
      timed ? { number: `${formatMs(timed.beforeMs)} → ${formatMs(timed.afterMs)}` } : '',
    ]
  })
  const head = [
    'runs on',
    'samples',
    'agrees with the original',
    'accuracy',
    'cosine',
    'off the judge',
    'sums that overflow',
    'a run, before → after',
  ]
  const saturated = providers
    .flatMap(({ saturation }) => saturation?.layers ?? [])
    .filter((layer) => layer.saturated > 0)
  return section(
    'On every provider',
    { kind: 'text', text: PROVIDERS_TEXT },
    withoutEmptyColumns(head, rows),
    table(
      ['layer whose sums overflow', 'pairs', 'overflow'],
      saturated
        .sort((a, b) => b.saturated / b.pairs - a.saturated / a.pairs)
        .map(({ node, pairs, saturated: count }) => [
          { name: node },
          { number: pairs.toLocaleString('en') },
          { number: `${count.toLocaleString('en')} (${formatPercent(count / pairs, 3)})` },
        ]),
      countOf(saturated.length, 'layer'),
    ),
  )
}

const PROVIDERS_TEXT =
  'The first is the judge: the runtime that web pages use. The others ran the same file; “off the judge” is the largest difference, as a share of the output’s range.'

function saturationText({ saturation }: ProviderResult): Cell {
  if (!saturation) return ''
  const { pairs, saturated } = saturation
  if (saturated === 0) return 'none'
  return { number: `${saturated.toLocaleString('en')} of ${pairs.toLocaleString('en')}` }
}

/** Those that lose most come first; classes of no loss stay in the table, since rare ones have to be seen. */
function classSection(classes: readonly ClassResult[]): Section[] {
  const rows = classes
    .filter(({ samples }) => samples > 0)
    .map((entry) => ({ ...entry, lost: (entry.before - entry.after) / entry.samples }))
    .sort((a, b) => b.lost - a.lost || b.samples - a.samples || a.class - b.class)
  if (rows.length === 0) return []
  const most = Math.max(...rows.map(({ lost }) => lost), Number.EPSILON)
  const worst = rows.filter(({ lost }) => lost > 0).length
  return section(
    'By class',
    {
      kind: 'text',
      text: `${countOf(worst, 'class loses', 'classes lose')} answers, of ${rows.length}; those that lose most come first.`,
    },
    table(
      ['class', 'samples', 'right before', 'right after', 'lost'],
      rows.map((row) => [
        String(row.class),
        { number: String(row.samples) },
        { number: `${row.before} (${formatPercent(row.before / row.samples, 1)})` },
        { number: `${row.after} (${formatPercent(row.after / row.samples, 1)})` },
        { bar: Math.max(0, row.lost) / most, number: formatPoints(row.lost, 1) },
      ]),
      countOf(rows.length, 'class', 'classes'),
    ),
  )
}
