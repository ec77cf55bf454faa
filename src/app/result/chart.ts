import type { Alternative } from '../../jobs/report'
import { bytes, whole } from '../numbers'
import { t } from '../text'

export interface ChartPoint {
  readonly name: string
  readonly x: number
  readonly y: number
  readonly labelX: number
  readonly labelY: number
  readonly anchor: 'start' | 'end'
  readonly isChosen: boolean
  readonly isOriginal: boolean
}

/** Pixels of the plot inside a chart of `width`; the height stays, so that text has one size everywhere. */
const frameOf = (width: number) => ({ width, height: 230, left: 62, right: width - 24, top: 18, bottom: 190 })
/** Identical outputs have no decibels; they stand on a line above all others. */
const LEAST_TOP_DB = 60

/** Size runs to the right, signal to noise upwards; the original is the last point, on the line "identical". */
export function chartLayout(alternatives: readonly Alternative[], originalBytes: number, width: number) {
  const frame = frameOf(width)
  const finite = alternatives.flatMap(({ sqnrDb }) => (sqnrDb === null ? [] : [sqnrDb]))
  const topDb = Math.max(LEAST_TOP_DB, Math.ceil(Math.max(0, ...finite) / 20) * 20)
  const maxBytes = Math.max(originalBytes, ...alternatives.map(({ sizeBytes }) => sizeBytes))
  const { left, right, top, bottom } = frame
  const xOf = (size: number) => left + (size / maxBytes) * (right - left - 16)
  const lineOfIdentical = top + 12
  const yOf = (sqnrDb: number | null) =>
    sqnrDb === null ? lineOfIdentical : bottom - (Math.max(0, sqnrDb) / topDb) * (bottom - top - 44)

  const points: ChartPoint[] = []
  const place = (name: string, size: number, sqnrDb: number | null, isChosen: boolean, isOriginal: boolean) => {
    const [x, y] = [xOf(size), yOf(sqnrDb)]
    const anchor = x > (left + right) / 2 ? 'end' : 'start'
    const labelX = anchor === 'end' ? x - 13 : x + 13
    let labelY = y + 5
    // labels of neighbours step down, so that no two lie on each other
    while (
      points.some((p) => p.anchor === anchor && Math.abs(p.labelY - labelY) < 15 && Math.abs(p.labelX - labelX) < 130)
    ) {
      labelY += 16
    }
    points.push({ name, x, y, labelX, labelY, anchor, isChosen, isOriginal })
  }
  for (const { method, sizeBytes, sqnrDb, isChosen } of alternatives) place(method, sizeBytes, sqnrDb, isChosen, false)
  place(t.result.chartOriginal, originalBytes, null, false, true)

  const fractions = width < 440 ? [0, 0.5, 1] : [0, 0.25, 0.5, 0.75, 1]
  return {
    ...frame,
    points,
    gridX: fractions.map((f) => ({ at: xOf(f * maxBytes), label: f === 0 ? whole(0) : bytes(f * maxBytes) })),
    gridY: [
      ...[0, 0.5, 1].map((f) => ({ at: yOf(f * topDb), label: `${whole(f * topDb)} dB` })),
      { at: lineOfIdentical, label: t.result.chartEqual },
    ],
  }
}
