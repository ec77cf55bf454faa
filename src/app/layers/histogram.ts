import type { TensorRange } from '../../jobs/sensitivity/report'
import { STYLE, type ChartTable, type Draw } from '../charts/chart'
import { percent, plainNumber, significant } from '../numbers'
import { t } from '../text'

/** A tensor whose values were counted. */
export type Counted = TensorRange & { readonly histogram: NonNullable<TensorRange['histogram']> }

export const isCounted = (tensor: TensorRange): tensor is Counted => tensor.histogram !== undefined

/** A stretch of values, and what share of all lies in it. */
export interface Bin {
  readonly from: number
  readonly to: number
  readonly share: number
}

export interface Binned {
  readonly before: readonly Bin[]
  /** One for each level that holds something. */
  readonly after: readonly Bin[]
  /** Values that integers can hold, ascending. */
  readonly levels: readonly number[]
}

/** Lowest and highest integer of a type such as 'uint8', 'int4', 'int16'. */
export function limitsOf(type: string): readonly [number, number] {
  const bits = Number(/\d+/.exec(type)?.[0] ?? 8)
  return type.startsWith('u') ? [0, 2 ** bits - 1] : [-(2 ** (bits - 1)), 2 ** (bits - 1) - 1]
}

/** Levels inside of the chosen range; a type of 16 bits has more than anybody can see. */
export function levelsOf({ to, min, max, scale, zeroPoint }: TensorRange): number[] {
  if (!(scale > 0)) return []
  const [low, high] = limitsOf(to)
  const first = Math.max(low, Math.round(min / scale) + zeroPoint)
  const last = Math.min(high, Math.round(max / scale) + zeroPoint)
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => (first + i - zeroPoint) * scale)
}

/**
 * The values before, in the bins in which they were counted, and after, on the levels of the grid. What lay in a bin is
 * spread over the levels that it covers; what lies outside of the grid goes to its ends.
 */
export function binned(tensor: Counted): Binned {
  const { low, width, counts } = tensor.histogram
  const total = counts.reduce((sum, count) => sum + count, 0) || 1
  const before = counts.map((count, i) => ({
    from: low + i * width,
    to: low + (i + 1) * width,
    share: count / total,
  }))
  const levels = levelsOf(tensor)
  const shares = new Float64Array(levels.length)
  for (const bin of before) if (bin.share > 0) spread(bin, tensor.scale, levels, shares)
  const half = tensor.scale / 2
  const after = levels.map((level, i) => ({ from: level - half, to: level + half, share: shares[i] as number }))
  return { before, after: after.filter(({ share }) => share > 0), levels }
}

function spread({ from, to, share }: Bin, scale: number, levels: readonly number[], shares: Float64Array): void {
  const last = levels.length - 1
  const [lowest] = levels
  if (lowest === undefined) return
  const at = (value: number) => Math.min(last, Math.max(0, Math.round((value - lowest) / scale)))
  const [first, end] = [at(from), at(to)]
  if (first === end) {
    shares[first] = (shares[first] as number) + share
    return
  }
  for (let i = first; i <= end; i++) {
    // a level at the end of the grid takes all that lies beyond
    const left = i === 0 ? -Infinity : (levels[i] as number) - scale / 2
    const right = i === last ? Infinity : (levels[i] as number) + scale / 2
    const covered = Math.min(to, right) - Math.max(from, left)
    shares[i] = (shares[i] as number) + share * Math.max(0, covered / (to - from))
  }
}

export const HISTOGRAM_HEIGHT = 240

/** At most a third of the way to the next one, so that they stay apart. */
const tickWidth = (width: number, count: number) => Math.min(1, width / count / 3)

/** More levels than this are a grey area. */
const MOST_TICKS = 300

export function drawHistogram(tensor: Counted): Draw {
  const { before, after, levels } = binned(tensor)
  // as heights that can be compared, whatever the widths: the share that a bin as wide as those before would hold
  const dense = ({ from, to, share }: Bin) => ({
    at: (from + to) / 2,
    share: (share * tensor.histogram.width) / (to - from),
  })
  const top = Math.max(...before.map(({ share }) => share), 1e-9)
  const outside = before.filter(({ from, to }) => to <= tensor.min || from >= tensor.max)
  const { value, share } = t.layers
  return (lib, width) =>
    lib.plot({
      width,
      height: HISTOGRAM_HEIGHT,
      ...{ marginLeft: 56, marginRight: 16, marginTop: 28, marginBottom: 42 },
      style: STYLE,
      x: { label: value },
      y: { type: 'sqrt', domain: [0, top * 1.1], label: share },
      marks: [
        lib.gridY({ stroke: 'var(--line)', strokeOpacity: 1, ticks: 4 }),
        lib.axisY({
          ...{ color: 'var(--soft)', ticks: 4, tickSize: 0, labelArrow: 'none' },
          tickFormat: (share: number) => percent(share, top < 0.01 ? 2 : 1),
        }),
        lib.axisX({
          ...{ color: 'var(--soft)', ticks: Math.max(3, Math.round(width / 110)), labelArrow: 'none' },
          tickFormat: (value: number) => plainNumber(value),
        }),
        lib.rectY(before, { x1: 'from', x2: 'to', y: 'share', fill: 'var(--before)' }),
        lib.rectY(outside, { x1: 'from', x2: 'to', y: 'share', fill: 'var(--bad)' }),
        lib.line(after.map(dense), { x: 'at', y: 'share', curve: 'step', stroke: 'var(--accent)', strokeWidth: 2 }),
        ...(levels.length <= MOST_TICKS
          ? [
              lib.ruleX(levels, {
                y1: 0,
                y2: top * 0.0015,
                stroke: 'var(--ink)',
                strokeWidth: tickWidth(width, levels.length),
              }),
            ]
          : []),
        lib.ruleX([tensor.min, tensor.max], { stroke: 'var(--warn)', strokeWidth: 2, strokeDasharray: '3 3' }),
      ],
    })
}

export function histogramTable(tensor: Counted): ChartTable {
  const { before, after } = binned(tensor)
  const { from, to } = t.layers
  const number = (value: number) => String(Number(value.toPrecision(6)))
  const rowsOf = (name: string, bins: readonly Bin[]) =>
    bins
      .filter(({ share }) => share > 0)
      .map((bin) => [name, number(bin.from), number(bin.to), number(bin.share * 100)])
  const rows = [...rowsOf(t.layers.before, before), ...rowsOf(t.layers.after, after)]
  return {
    columns: [
      { label: t.layers.histogram },
      { label: from, isNumber: true },
      { label: to, isNumber: true },
      { label: t.layers.share, isNumber: true },
    ],
    rows: rows.map(([name = '', low, high, share]) => [
      name,
      significant(Number(low), 4),
      significant(Number(high), 4),
      percent(Number(share) / 100, 3),
    ]),
    plainRows: rows,
  }
}
