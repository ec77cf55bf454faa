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

export function measureText({ values }: LayerRow, measure: Measure, metric: Metric): string {
  const value = values[measure]
  if (measure === 'sqnr') return db(value)
  if (value === null) return ''
  if (measure === 'clipped') return percent(value, 2)
  if (measure === 'size') return `${value < 0 ? '−' : '+'}${bytes(Math.abs(value))}`
  return signed(shownLoss(metric, value), metric === 'nll' ? 3 : 2)
}

export function heatMapTable(rows: readonly LayerRow[], metric: Metric): ChartTable {
  const { layer, sqnr, drop, gain, clipped, size } = t.layers
  const columns = [{ label: layer }, ...[sqnr, drop, gain, clipped, size].map((label) => ({ label, isNumber: true }))]
  return {
    columns,
    rows: rows.map((row) => [row.name, ...MEASURES.map((measure) => measureText(row, measure, metric))]),
    plainRows: rows.map(({ name, values }) => [name, ...MEASURES.map((measure) => plain(values[measure]))]),
  }
}

const plain = (value: number | null) => (value === null ? '' : String(Number(value.toPrecision(8))))

/** One row a layer, one column a measure; the figure stands in its cell, which is darker where it is worse. */
export function drawHeatMap(rows: readonly LayerRow[], metric: Metric): Draw {
  const { layers } = t
  const cells = rows.flatMap((row) =>
    MEASURES.map((measure) => ({
      layer: row.name,
      measure: layers[measure],
      heat: row.heat[measure] * 0.55,
      text: measureText(row, measure, metric),
    })),
  )
  return (lib, width) =>
    lib.plot({
      width,
      height: heatMapHeight(rows.length),
      marginLeft: Math.min(180, width / 3),
      marginTop: 44,
      marginBottom: 8,
      style: STYLE,
      x: { type: 'band', domain: MEASURES.map((measure) => layers[measure]), axis: null },
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
