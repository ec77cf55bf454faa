import type { Budget, SearchFacts } from '../../jobs/report'
import { bytes, fixed } from '../numbers'
import { t } from '../text'
import type { ChartTable, Draw } from './chart'
import { STYLE } from './chart'

export type Metric = SearchFacts['metric']

/** A way to make the model smaller; `loss` is in the metric's own unit, less is better. */
export interface Way {
  readonly id: string
  readonly name: string
  readonly sizeBytes: number
  readonly loss: number
  readonly isChosen?: boolean
  /** There is nothing to open. */
  readonly isClosed?: boolean
  /** Where it is known from more than these two figures; else they say it. */
  readonly isOnFront?: boolean
}

export type Kind = 'chosen' | 'front' | 'other'

/** Whether another one is at least as small and as good, and better in one of the two. */
export function isDominated(one: Way, all: readonly Way[]): boolean {
  return all.some(
    (other) =>
      other.sizeBytes <= one.sizeBytes &&
      other.loss <= one.loss &&
      (other.sizeBytes < one.sizeBytes || other.loss < one.loss),
  )
}

export interface Ranked extends Way {
  readonly kind: Kind
  readonly isOnFront: boolean
}

/** Smallest first. */
export function rankWays(ways: readonly Way[]): Ranked[] {
  return [...ways]
    .sort((a, b) => a.sizeBytes - b.sizeBytes || a.loss - b.loss)
    .map((way) => {
      const isOnFront = way.isOnFront ?? !isDominated(way, ways)
      return { ...way, isOnFront, kind: way.isChosen ? 'chosen' : isOnFront ? 'front' : 'other' }
    })
}

/** Fractions are shown as percentages, nats as they are. */
export const shownLoss = (metric: Metric, loss: number) => (metric === 'nll' ? loss : loss * 100)

export function lossText(metric: Metric, loss: number): string {
  const [value, digits] = [shownLoss(metric, loss), metric === 'nll' ? 3 : 2]
  const size = Number(Math.abs(value).toFixed(digits))
  const isGain = value < 0 && size > 0 && (metric === 'accuracy' || metric === 'nll')
  return isGain
    ? t.charts.gainOf[metric](fixed(size, digits), size)
    : t.charts.lossOf[metric](fixed(size, digits), size)
}

/** Beyond it, all that a chart has to say is "much too far": fractions; nats. */
const FAR: Readonly<Record<Metric, number>> = { accuracy: 0.1, agreement: 0.1, nll: 0.5, sqnr: 0.2 }

/** Top of the chart: the worst that is worth telling apart. */
export function topLoss(metric: Metric, ways: readonly Way[], budget?: Budget): number {
  const near = ways.map(({ loss }) => loss).filter((loss) => loss <= FAR[metric])
  const wanted = budget?.kind === 'drop' ? budget.drop * 1.25 : 0
  return Math.max(wanted, FAR[metric] / 10, ...near)
}

export interface ParetoFacts {
  readonly ways: readonly Ranked[]
  readonly metric: Metric
  readonly originalBytes: number
  readonly budget?: Budget | undefined
}

export const PARETO_HEIGHT = 260

interface Mark {
  readonly x: number
  readonly y: number
  readonly name: string
}

/** Size to the right, loss upwards: the best corner is at the bottom left. */
export function drawPareto({ ways, metric, originalBytes, budget }: ParetoFacts): Draw {
  const top = shownLoss(metric, topLoss(metric, ways, budget))
  const mark = ({ name, sizeBytes, loss }: Way): Mark => ({
    name,
    x: sizeBytes,
    y: Math.min(top, shownLoss(metric, loss)),
  })
  const isFar = ({ loss }: Way) => shownLoss(metric, loss) > top
  const of = (kind: Kind) => ways.filter((way) => way.kind === kind && !isFar(way)).map(mark)
  const front = ways.filter(({ isOnFront }) => isOnFront).map(mark)
  const original = [{ name: t.charts.original, x: originalBytes, y: 0 }]
  const chosen = ways.filter(({ kind }) => kind === 'chosen').map(mark)
  const [label, text] = [t.charts.axis[metric], t.charts.budget]
  const digits = top >= 4 ? 0 : top >= 0.4 ? 1 : 3
  const maxBytes = Math.max(originalBytes, ...ways.map(({ sizeBytes }) => sizeBytes))

  return (lib, width) =>
    lib.plot({
      width,
      height: PARETO_HEIGHT,
      marginLeft: 48,
      marginRight: 24,
      marginTop: 30,
      marginBottom: 42,
      style: STYLE,
      x: { domain: [0, maxBytes * 1.04], label: t.charts.size },
      // a little below zero, so that what loses nothing stands above the axis
      y: { domain: [Math.min(0, ...front.map(({ y }) => y)) - top * 0.08, top * 1.05], label },
      marks: [
        lib.gridY({ stroke: 'var(--line)', strokeOpacity: 1, ticks: 4 }),
        lib.axisY({
          ...{ color: 'var(--soft)', ticks: 4, tickSize: 0, labelAnchor: 'top', labelArrow: 'none' },
          tickFormat: (value: number) => fixed(value || 0, digits),
        }),
        lib.axisX({
          color: 'var(--soft)',
          ticks: Math.max(2, Math.round(width / 150)),
          tickFormat: (value: number) => bytes(value),
          labelArrow: 'none',
        }),
        ...budgetMarks(lib, metric, budget, text),
        ...(isFalling(front)
          ? [lib.line(front, { x: 'x', y: 'y', curve: 'step-after', stroke: 'var(--accent)', strokeDasharray: '4 4' })]
          : []),
        lib.dot(original, { x: 'x', y: 'y', symbol: 'square', r: 7, fill: 'var(--edge)' }),
        lib.dot(of('other'), {
          ...{ x: 'x', y: 'y', r: 5, fill: 'var(--card)' },
          ...{ stroke: 'var(--edge)', strokeWidth: 2, strokeDasharray: '2 2' },
        }),
        lib.dot(ways.filter(isFar).map(mark), { x: 'x', y: 'y', symbol: 'triangle', r: 5, fill: 'var(--edge)' }),
        lib.dot(of('front'), { x: 'x', y: 'y', r: 6, fill: 'var(--accent)' }),
        lib.dot(of('chosen'), {
          ...{ x: 'x', y: 'y', symbol: 'diamond', r: 10, fill: 'var(--accent)' },
          ...{ stroke: 'var(--ink)', strokeWidth: 2 },
        }),
        names(lib, original, { width, maxBytes }),
        names(lib, chosen, { width, maxBytes, fontWeight: 600, dy: areNear(chosen, original, width, top) ? -32 : -16 }),
      ],
    })
}

/** A front known from more than is drawn can go up and down; no line leads along that. */
const isFalling = (front: readonly Mark[]) => front.every(({ y }, i) => i === 0 || y <= (front[i - 1] as Mark).y)

/** On a narrow chart the names of two points at the same height would lie on each other. */
const NAMES_SIDE_BY_SIDE_PX = 480
const areNear = ([a]: readonly Mark[], [b]: readonly Mark[], width: number, top: number) =>
  a !== undefined && b !== undefined && width < NAMES_SIDE_BY_SIDE_PX && Math.abs(a.y - b.y) < top / 5

function budgetMarks(lib: Parameters<Draw>[0], metric: Metric, budget: Budget | undefined, text: string) {
  const look = { stroke: 'var(--warn)', strokeDasharray: '8 4' }
  const words = { text: () => text, fill: 'var(--warn)', dy: -9, dx: -4, textAnchor: 'end' } as const
  if (budget?.kind === 'drop' && metric !== 'sqnr') {
    const at = shownLoss(metric, budget.drop)
    return [lib.ruleY([at], look), lib.text([at], { y: (y: number) => y, frameAnchor: 'right', ...words })]
  }
  if (budget?.kind !== 'size') return []
  const { sizeBytes } = budget
  return [
    lib.ruleX([sizeBytes], look),
    lib.text([sizeBytes], { x: (x: number) => x, frameAnchor: 'top', ...words, dy: 4, dx: 4, textAnchor: 'start' }),
  ]
}

/** Above its point, turned inwards so that it stays on the chart. */
function names(
  lib: Parameters<Draw>[0],
  marks: readonly Mark[],
  {
    width,
    maxBytes,
    fontWeight = 400,
    dy = -16,
  }: { width: number; maxBytes: number; fontWeight?: number; dy?: number },
) {
  return lib.text(marks, {
    ...{ x: 'x', y: 'y', text: 'name', dy, fontWeight },
    ...{ fill: 'var(--ink)', stroke: 'var(--card)', strokeWidth: 4 },
    textAnchor: (marks[0]?.x ?? 0) > maxBytes / 2 ? 'end' : 'start',
    lineWidth: Math.min(24, width / 28),
    textOverflow: 'ellipsis',
  })
}

export function paretoTable({ ways, metric, originalBytes }: ParetoFacts): ChartTable {
  const { method, size, axis, rank, kind, original } = t.charts
  return {
    columns: [
      { label: method },
      { label: size, isNumber: true },
      { label: axis[metric], isNumber: true },
      { label: rank },
    ],
    rows: [
      ...ways.map((way) => [
        way.name,
        bytes(way.sizeBytes),
        fixed(shownLoss(metric, way.loss), metric === 'nll' ? 3 : 2),
        kind[way.kind],
      ]),
      [original, bytes(originalBytes), fixed(0, 2), kind.original],
    ],
    plainRows: [
      ...ways.map((way) => [
        way.name,
        String(way.sizeBytes),
        String(Number(shownLoss(metric, way.loss).toPrecision(6))),
        kind[way.kind],
      ]),
      [original, String(originalBytes), '0', kind.original],
    ],
  }
}

/** What the shapes mean, of those that are there. */
export function legendOf({ ways, metric, budget }: ParetoFacts): string {
  const top = topLoss(metric, ways, budget)
  const near = ways.filter(({ loss }) => loss <= top)
  const { legend } = t.charts
  return [
    near.some(({ kind }) => kind === 'chosen') && legend.chosen,
    near.some(({ kind }) => kind === 'front') && legend.front,
    near.some(({ kind }) => kind === 'other') && legend.other,
    legend.original,
    near.length < ways.length && legend.far,
  ]
    .filter((part) => part !== false)
    .join(' · ')
}
