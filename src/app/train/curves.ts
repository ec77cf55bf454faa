import type { EpochResult } from '../../engine/train/trainer'
import { STYLE, type ChartTable, type Draw, type PlotLib } from '../charts/chart'
import { fixed, percent, plainNumber, significant, whole } from '../numbers'
import { t } from '../text'
import { metricText } from './metrics'

export const CURVES_HEIGHT = 220

export interface CurveFacts {
  readonly history: readonly EpochResult[]
  /** Epochs at most: the axis stands still while it runs. */
  readonly epochs: number
  readonly metric: 'accuracy' | 'r2'
}

/** The epoch with the least validation loss. */
export function bestOf(history: readonly EpochResult[]): EpochResult | null {
  return history.reduce<EpochResult | null>(
    (best, one) => (best === null || one.validationLoss < best.validationLoss ? one : best),
    null,
  )
}

export const lossText = (loss: number) => significant(loss, 3)

/** As many epochs as there are, or a few more while few are over: a curve that grows into its frame. */
const lastEpoch = ({ history, epochs }: CurveFacts) => Math.max(2, Math.min(epochs, Math.ceil(history.length * 1.25)))

function frame(lib: PlotLib, facts: CurveFacts, width: number, tickFormat: (value: number) => string) {
  const ticks = Math.min(lastEpoch(facts) - 1, Math.max(2, Math.round(width / 90)))
  return [
    lib.gridY({ stroke: 'var(--line)', strokeOpacity: 1, ticks: 4 }),
    lib.axisY({ color: 'var(--soft)', ticks: 4, tickSize: 0, label: null, tickFormat }),
    lib.axisX({
      ...{ color: 'var(--soft)', ticks, labelArrow: 'none' as const },
      tickFormat: (value: number) => (Number.isInteger(value) ? whole(value) : ''),
    }),
  ]
}

const layout = (facts: CurveFacts, width: number) => ({
  ...{ width, height: CURVES_HEIGHT, marginLeft: 58, marginRight: 14, marginTop: 14, marginBottom: 38, style: STYLE },
  x: { domain: [1, lastEpoch(facts)], label: t.train.curves.epoch },
})

/** Loss on training samples (dashed) and on validation samples, on a logarithmic axis where it falls far. */
export function drawLoss(facts: CurveFacts): Draw {
  const { history } = facts
  const values = history.flatMap(({ loss, validationLoss }) => [loss, validationLoss]).filter((value) => value > 0)
  const [low, high] = [Math.min(...values), Math.max(...values)]
  const isFar = values.length > 2 && high / low > 20
  const best = bestOf(history)
  return (lib, width) =>
    lib.plot({
      ...layout(facts, width),
      y: isFar ? { type: 'log', domain: [low, high] } : { domain: [0, high * 1.05], nice: true },
      marks: [
        ...frame(lib, facts, width, (value) => plainNumber(value)),
        lib.line(history, { x: 'epoch', y: 'loss', stroke: 'var(--soft)', strokeWidth: 2, strokeDasharray: '5 4' }),
        lib.line(history, { x: 'epoch', y: 'validationLoss', stroke: 'var(--accent)', strokeWidth: 2.5 }),
        ...points(lib, history, 'validationLoss'),
        ...bestMark(lib, best, 'validationLoss'),
      ],
    })
}

/** Accuracy or R² on the validation samples. */
export function drawMetric(facts: CurveFacts): Draw {
  const measured = facts.history.filter(({ validationMetric }) => validationMetric !== undefined)
  const values = measured.map(({ validationMetric = 0 }) => validationMetric)
  const low = Math.max(facts.metric === 'r2' ? -1 : 0, Math.min(...values))
  const best = bestOf(measured)
  const digits = low > 0.9 ? 1 : 0
  const format = (value: number) => (facts.metric === 'r2' ? fixed(value, 2) : percent(value, digits))
  return (lib, width) =>
    lib.plot({
      ...layout(facts, width),
      y: { domain: [Math.min(low - 0.05 * (1 - low), 0.99), 1], clamp: true },
      marks: [
        ...frame(lib, facts, width, format),
        lib.line(measured, { x: 'epoch', y: 'validationMetric', stroke: 'var(--accent)', strokeWidth: 2.5 }),
        ...points(lib, measured, 'validationMetric'),
        ...bestMark(lib, best, 'validationMetric'),
      ],
    })
}

/** One epoch is no line; few are seen better with points. */
const points = (lib: PlotLib, history: readonly EpochResult[], y: 'validationLoss' | 'validationMetric') =>
  history.length <= 12 ? [lib.dot(history, { x: 'epoch', y, r: 2.5, fill: 'var(--accent)' })] : []

const bestMark = (lib: PlotLib, best: EpochResult | null, y: 'validationLoss' | 'validationMetric') =>
  best
    ? [
        lib.dot([best], {
          ...{ x: 'epoch', y, symbol: 'diamond' as const, r: 7 },
          ...{ fill: 'var(--accent)', stroke: 'var(--card)', strokeWidth: 2 },
        }),
      ]
    : []

export function curvesTable({ history, metric }: CurveFacts): ChartTable {
  const { curves, metrics } = t.train
  const hasMetric = history.some(({ validationMetric }) => validationMetric !== undefined)
  const columns = [
    { label: curves.epoch, isNumber: true },
    { label: `${curves.loss}, ${curves.training}`, isNumber: true },
    { label: `${curves.loss}, ${curves.validation}`, isNumber: true },
    ...(hasMetric ? [{ label: metrics.names[metric], isNumber: true }] : []),
    { label: curves.rate, isNumber: true },
  ]
  return {
    columns,
    rows: history.map(({ epoch, loss, validationLoss, validationMetric, rate }) => [
      whole(epoch),
      lossText(loss),
      lossText(validationLoss),
      ...(hasMetric ? [validationMetric === undefined ? '' : metricText(metric, validationMetric)] : []),
      plainNumber(rate),
    ]),
    plainRows: history.map(({ epoch, loss, validationLoss, validationMetric, rate }) =>
      [epoch, loss, validationLoss, ...(hasMetric ? [validationMetric ?? ''] : []), rate].map(String),
    ),
  }
}

export function curvesSummary({ history }: CurveFacts): string {
  const [last, best] = [history.at(-1), bestOf(history)]
  if (!last || !best) return t.train.curves.none
  return t.train.curves.summary(
    whole(last.epoch),
    lossText(last.loss),
    lossText(last.validationLoss),
    whole(best.epoch),
  )
}
