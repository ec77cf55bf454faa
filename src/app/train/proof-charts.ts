import type { Curves } from '../../jobs/train/report'
import { STYLE, type ChartTable, type Draw } from '../charts/chart'
import { fixed, percent, plainNumber, whole } from '../numbers'
import { t } from '../text'

export type Confusion = NonNullable<Curves['confusion']>
export type Roc = NonNullable<Curves['roc']>
export type Predictions = NonNullable<Curves['predictions']>

const CELL = 34
export const confusionHeight = (classes: number) => Math.max(2, classes) * CELL + 78
/** Narrower, and the figures would lie on each other. */
export const confusionWidth = (classes: number) => (classes > 5 ? classes * 44 + 130 : 0)

/** Actual classes down, predicted ones to the right; as dark as the share of its row, the diagonal in green. */
export function drawConfusion(confusion: Confusion, classes: readonly string[]): Draw {
  const names = distinct(classes)
  const cells = confusion.flatMap((row, actual) => {
    const total = row.reduce((sum, count) => sum + count, 0)
    return row.map((count, predicted) => ({
      actual: names[actual],
      predicted: names[predicted],
      count,
      text: whole(count),
      isRight: actual === predicted,
      heat: total === 0 ? 0 : 0.06 + 0.34 * (count / total),
    }))
  })
  return (lib, width) => {
    const marginLeft = Math.min(160, 28 + 7.5 * Math.max(...names.map((name) => name.length)), width / 3)
    const side = Math.min(width - marginLeft - 8, Math.max(220, names.length * 64))
    return lib.plot({
      ...{ width, height: confusionHeight(names.length), marginTop: 58, marginBottom: 10, style: STYLE },
      ...{ marginLeft, marginRight: Math.max(8, width - marginLeft - side) },
      x: { type: 'band', domain: names, axis: null },
      y: { type: 'band', domain: names, axis: null },
      opacity: { type: 'identity' },
      marks: [
        lib.axisX({
          ...{ anchor: 'top', tickSize: 0, lineWidth: Math.max(3, side / names.length / 14) },
          ...{ textOverflow: 'ellipsis', label: null, color: 'var(--soft)' },
        }),
        lib.axisY({
          ...{ tickSize: 0, lineWidth: marginLeft / 14, textOverflow: 'ellipsis' },
          ...{ label: null, color: 'var(--soft)' },
        }),
        lib.cell(
          cells.filter(({ isRight }) => isRight),
          { ...place, fill: 'var(--accent)', fillOpacity: 'heat', inset: 1, rx: 4 },
        ),
        lib.cell(
          cells.filter(({ isRight }) => !isRight),
          { ...place, fill: 'var(--warn)', fillOpacity: 'heat', inset: 1, rx: 4 },
        ),
        ...[true, false].map((isNone) =>
          lib.text(
            cells.filter(({ count }) => (count === 0) === isNone),
            { ...place, text: 'text', fill: isNone ? 'var(--soft)' : 'var(--ink)', fontWeight: isNone ? 400 : 650 },
          ),
        ),
        lib.text([t.train.confusion.predicted], { ...corner, dx: 0, dy: -36 }),
        lib.text([t.train.confusion.actual], { ...corner, dx: -marginLeft, dy: -14 }),
      ],
    })
  }
}

const place = { x: 'predicted', y: 'actual' } as const
const corner = { frameAnchor: 'top-left', textAnchor: 'start', fill: 'var(--soft)', fontWeight: 600 } as const

/** A band scale would put two classes of one name together. */
const distinct = (names: readonly string[]) =>
  names.map((name, i) => (names.indexOf(name) === i ? name : `${name} (${i + 1})`))

export function confusionTable(confusion: Confusion, classes: readonly string[]): ChartTable {
  const { actual, predicted } = t.train.confusion
  return {
    columns: [
      { label: `${actual} / ${predicted}` },
      ...distinct(classes).map((name) => ({ label: name, isNumber: true })),
    ],
    rows: confusion.map((row, i) => [classes[i] ?? '', ...row.map(whole)]),
    plainRows: confusion.map((row, i) => [classes[i] ?? '', ...row.map(String)]),
  }
}

export const SQUARE_HEIGHT = 280

/** Found against false alarms, with the diagonal of guessing. */
export function drawRoc(roc: Roc): Draw {
  const ends = [
    { falsePositives: 0, truePositives: 0 },
    { falsePositives: 1, truePositives: 1 },
  ]
  const rates = { x: 'falsePositives', y: 'truePositives' } as const
  return (lib, width) =>
    lib.plot({
      ...square(width),
      x: { domain: [0, 1], label: t.train.roc.falsePositives },
      y: { domain: [0, 1], label: t.train.roc.truePositives },
      marks: [
        lib.gridY({ stroke: 'var(--line)', strokeOpacity: 1, ticks: 4 }),
        lib.axisY({ ...axis, ticks: 4, tickSize: 0, tickFormat: (value: number) => percent(value, 0) }),
        lib.axisX({ ...axis, ticks: 4, tickFormat: (value: number) => percent(value, 0) }),
        lib.line(ends, { ...rates, stroke: 'var(--edge)', strokeDasharray: '4 4' }),
        lib.line(roc, { ...rates, stroke: 'var(--accent)', strokeWidth: 2.5 }),
      ],
    })
}

const axis = { color: 'var(--soft)', labelArrow: 'none' } as const

/** Wider than high helps nobody here. */
const square = (width: number) => ({
  ...{ width: Math.min(width, 440), height: SQUARE_HEIGHT, style: STYLE },
  ...{ marginLeft: 56, marginRight: 20, marginTop: 28, marginBottom: 42 },
})

export function rocTable(roc: Roc): ChartTable {
  const { falsePositives, truePositives } = t.train.roc
  return {
    columns: [
      { label: falsePositives, isNumber: true },
      { label: truePositives, isNumber: true },
    ],
    rows: roc.map((point) => [percent(point.falsePositives), percent(point.truePositives)]),
    plainRows: roc.map((point) => [point.falsePositives, point.truePositives].map(String)),
  }
}

/** Predicted against actual values; what is right lies on the diagonal. */
export function drawScatter(predictions: Predictions, target: string): Draw {
  const values = predictions.flatMap(({ actual, predicted }) => [actual, predicted])
  const [low, high] = [Math.min(...values), Math.max(...values)]
  const pad = (high - low || 1) * 0.05
  const domain = [low - pad, high + pad]
  const ends = domain.map((value) => ({ actual: value, predicted: value }))
  const places = { x: 'actual', y: 'predicted' } as const
  return (lib, width) =>
    lib.plot({
      ...square(width),
      x: { domain, label: `${t.train.confusion.actual}: ${target}` },
      y: { domain, label: t.train.confusion.predicted },
      marks: [
        lib.gridY({ stroke: 'var(--line)', strokeOpacity: 1, ticks: 4 }),
        lib.axisY({ ...axis, ticks: 4, tickSize: 0, tickFormat: (value: number) => plainNumber(value) }),
        lib.axisX({ ...axis, ticks: 4, tickFormat: (value: number) => plainNumber(value) }),
        lib.line(ends, { ...places, stroke: 'var(--edge)', strokeDasharray: '4 4' }),
        lib.dot(predictions, { ...places, r: 3.5, fill: 'var(--accent)', fillOpacity: 0.55 }),
      ],
    })
}

export function scatterTable(predictions: Predictions): ChartTable {
  const { actual, predicted } = t.train.confusion
  return {
    columns: [
      { label: actual, isNumber: true },
      { label: predicted, isNumber: true },
    ],
    rows: predictions.map((one) => [plainNumber(one.actual), fixed(one.predicted, 3)]),
    plainRows: predictions.map((one) => [one.actual, one.predicted].map(String)),
  }
}
