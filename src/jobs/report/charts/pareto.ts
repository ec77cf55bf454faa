import { formatBytes } from '../../../core/format-text'
import { escapeHtml } from '../escape'
import { at, ticksTo } from './axis'

export interface ParetoPoint {
  /** Number in the table beside the chart; absent for the original. */
  readonly number?: number
  readonly sizeBytes: number
  /** Less is better. */
  readonly loss: number
  readonly kind: 'original' | 'chosen' | 'front' | 'other'
}

const WIDTH = 420
const HEIGHT = 280
const BOX = { left: 54, right: 404, top: 14, bottom: 232 }

/**
 * Size against what is lost: the best are at the bottom left. Shape and number tell points apart, not colour alone.
 * @param format of the losses at the axis
 */
export function paretoChart(
  points: readonly ParetoPoint[],
  lossName: string,
  format: (loss: number) => string,
): string {
  const sizes = ticksTo(Math.max(...points.map(({ sizeBytes }) => sizeBytes)), 4)
  // where nothing is lost, an axis up to one point or 0.01 nats says so
  const losses = ticksTo(Math.max(...points.map(({ loss }) => loss), 0) || 0.01)
  const x = (size: number) => BOX.left + ((BOX.right - BOX.left) * size) / (sizes.at(-1) || 1)
  // what is better than the original lies on the axis: less than nothing is not lost
  const y = (loss: number) => BOX.bottom - ((BOX.bottom - BOX.top) * Math.max(0, loss)) / (losses.at(-1) || 1)
  const best = points.filter(({ kind }) => kind === 'chosen' || kind === 'front')
  const front = best.sort((a, b) => a.sizeBytes - b.sizeBytes || b.loss - a.loss)
  const label = `${lossName}, by size: ${points.length} models; the figures stand in the table`
  return [
    `<svg class="pareto" role="img" aria-label="${escapeHtml(label)}" viewBox="0 0 ${WIDTH} ${HEIGHT}">`,
    ...sizes.map(
      (size) =>
        `<line class="grid" x1="${at(x(size))}" x2="${at(x(size))}" y1="${BOX.top}" y2="${BOX.bottom}"/>` +
        `<text x="${at(x(size))}" y="${BOX.bottom + 16}" text-anchor="${size === sizes.at(-1) ? 'end' : 'middle'}">${escapeHtml(formatBytes(size))}</text>`,
    ),
    ...losses.map(
      (loss) =>
        `<line class="grid" x1="${BOX.left}" x2="${BOX.right}" y1="${at(y(loss))}" y2="${at(y(loss))}"/>` +
        `<text x="${BOX.left - 6}" y="${at(y(loss) + 4)}" text-anchor="end">${escapeHtml(format(loss))}</text>`,
    ),
    `<text x="${(BOX.left + BOX.right) / 2}" y="${HEIGHT - 8}" text-anchor="middle">size</text>`,
    `<text x="14" y="${(BOX.top + BOX.bottom) / 2}" text-anchor="middle" transform="rotate(-90 14 ${(BOX.top + BOX.bottom) / 2})">${escapeHtml(lossName)}</text>`,
    front.length > 1
      ? `<polyline class="front" points="${front.map((p) => `${at(x(p.sizeBytes))},${at(y(p.loss))}`).join(' ')}"/>`
      : '',
    ...points.map((point) => marker(point, x(point.sizeBytes), y(point.loss))),
    '</svg>',
  ].join('')
}

function marker({ kind, number }: ParetoPoint, x: number, y: number): string {
  const shape = {
    original: `<path d="M${at(x - 6)} ${at(y + 5)}h12l-6 -11z"/>`,
    chosen: `<rect x="${at(x - 6)}" y="${at(y - 6)}" width="12" height="12"/>`,
    front: `<circle cx="${at(x)}" cy="${at(y)}" r="5"/>`,
    other: `<circle cx="${at(x)}" cy="${at(y)}" r="4"/>`,
  }[kind]
  const text = kind === 'original' ? 'original' : String(number ?? '')
  const anchor = x > BOX.right - 40 ? 'end' : 'start'
  const dx = anchor === 'end' ? -9 : 9
  // a trial as large as the original has its number below that name
  const dy = kind === 'original' ? -20 : -7
  return `<g class="${kind}">${shape}<text x="${at(x + dx)}" y="${at(y + dy)}" text-anchor="${anchor}">${text}</text></g>`
}
