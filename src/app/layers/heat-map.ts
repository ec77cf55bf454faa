import type { Metric } from '../charts/pareto'
import { shownLoss } from '../charts/pareto'
import { STYLE, type ChartTable, type Draw } from '../charts/chart'
import { bytes, db, percent, signed } from '../numbers'
import { t } from '../text'
import { MEASURES, type LayerRow, type Measure } from './layer-rows'

const LINE = 26
export const heatMapHeight = (rows: number) => rows * LINE + 70

/** A loss or gain in its own unit: points, nats, or percent of the signal. */
export const changeText = (metric: Metric, value: number) =>
  metric === 'nll' ? t.result.nats(signed(value, 3), value) : t.layers.points(signed(shownLoss(metric, value), 2))

/** More or fewer bytes, with a sign where it is not zero. */
export const sizeChange = (value: number) => `${value < 0 ? '−' : value > 0 ? '+' : ''}${bytes(Math.abs(value))}`

/** What a column holds, with its unit where the figures have none. */
export const measureLabel = (measure: Measure, metric: Metric) =>
  measure === 'drop' || measure === 'gain' ? t.layers.inUnit(t.layers[measure], metric) : t.layers[measure]

export function measureText({ values }: LayerRow, measure: Measure, metric: Metric): string {
  const value = values[measure]
  if (measure === 'sqnr') return db(value)
  if (value === null) return ''
  if (measure === 'clipped') return percent(value, 2)
  if (measure === 'size') return sizeChange(value)
  return signed(shownLoss(metric, value), metric === 'nll' ? 3 : 2)
}

export function heatMapTable(rows: readonly LayerRow[], metric: Metric): ChartTable {
  const columns = [
    { label: t.layers.layer },
    ...MEASURES.map((measure) => ({ label: measureLabel(measure, metric), isNumber: true })),
  ]
  return {
    columns,
    rows: rows.map((row) => [row.name, ...MEASURES.map((measure) => measureText(row, measure, metric))]),
    plainRows: rows.map(({ name, values }) => [name, ...MEASURES.map((measure) => plain(values[measure]))]),
  }
}

const plain = (value: number | null) => (value === null ? '' : String(Number(value.toPrecision(8))))

/** Narrower, and the figures would lie on each other. */
export const HEAT_MAP_WIDTH = 560

/** One row a layer, one column a measure; the figure stands in its cell, which is darker where it is worse. */
export function drawHeatMap(rows: readonly LayerRow[], metric: Metric): Draw {
  const cells = rows.flatMap((row) =>
    MEASURES.map((measure) => ({
      layer: row.name,
      measure: measureLabel(measure, metric),
      // as dark as the figure in it can bear
      heat: row.heat[measure] * 0.4,
      text: measureText(row, measure, metric),
    })),
  )
  return (lib, width) =>
    lib.plot({
      width,
      height: heatMapHeight(rows.length),
      marginLeft: Math.min(180, width / 5),
      marginTop: 44,
      marginBottom: 8,
      style: STYLE,
      x: { type: 'band', domain: MEASURES.map((measure) => measureLabel(measure, metric)), axis: null },
      y: { type: 'band', domain: rows.map(({ name }) => name), label: null, tickSize: 0 },
      opacity: { type: 'identity' },
      marks: [
        lib.axisX({ anchor: 'top', label: null, tickSize: 0, lineWidth: 7, color: 'var(--soft)' }),
        lib.axisY({ label: null, tickSize: 0, lineWidth: 16, textOverflow: 'ellipsis', color: 'var(--ink)' }),
        lib.cell(cells, { x: 'measure', y: 'layer', fill: 'var(--warn)', fillOpacity: 'heat', inset: 1 }),
        lib.text(cells, { x: 'measure', y: 'layer', text: 'text', fill: 'var(--ink)' }),
      ],
    })
}
