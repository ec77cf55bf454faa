import { ruleFor } from '../../core/layer-rules'
import type { Recipe } from '../../jobs/recipe'
import type { SensitivityReport } from '../../jobs/sensitivity/report'
import { methodMetas } from '../../methods'

/** The measures of a layer, in the order of the columns. */
export const MEASURES = ['sqnr', 'drop', 'gain', 'clipped', 'size'] as const
export type Measure = (typeof MEASURES)[number]
export type Column = 'layer' | Measure

export interface LayerRow {
  readonly name: string
  readonly opType: string
  readonly to: string
  /** Plain numbers; null where there is none (identical outputs, an unknown share). */
  readonly values: Readonly<Record<Measure, number | null>>
  /** 0..1: how bad each is among all layers; the darkness of its cell. */
  readonly heat: Readonly<Record<Measure, number>>
}

/** The most sensitive first, as the report has them. */
export function layerRows({ layers, tensors }: SensitivityReport): LayerRow[] {
  const plain = layers.map(({ name, opType, to, alone, restored, addedBytes }) => {
    const shares = tensors.flatMap(({ layer, clipped }) => (layer === name && clipped !== undefined ? [clipped] : []))
    return {
      ...{ name, opType, to },
      values: {
        sqnr: alone.sqnrDb,
        drop: alone.drop,
        gain: restored.gain,
        clipped: shares.length > 0 ? Math.max(...shares) : null,
        size: addedBytes,
      },
    }
  })
  const heats = Object.fromEntries(
    MEASURES.map((measure) => [
      measure,
      heatOf(
        measure,
        plain.map(({ values }) => values[measure]),
      ),
    ]),
  ) as Record<Measure, number[]>
  return plain.map((row, index) => ({
    ...row,
    heat: Object.fromEntries(MEASURES.map((measure) => [measure, heats[measure][index] ?? 0])) as LayerRow['heat'],
  }))
}

/** Few decibels are bad; of all others, much is. Nothing below zero is bad at all. */
function heatOf(measure: Measure, values: readonly (number | null)[]): number[] {
  const known = values.filter((value) => value !== null)
  const [least, most] = [Math.min(...known), Math.max(...known)]
  if (measure === 'sqnr') return values.map((db) => (db === null || most === least ? 0 : (most - db) / (most - least)))
  return values.map((value) => (value === null || most <= 0 ? 0 : Math.max(0, value) / most))
}

/** @param isUp smallest first; what has no number comes last either way */
export function sortRows(rows: readonly LayerRow[], column: Column, isUp: boolean): LayerRow[] {
  const sign = isUp ? 1 : -1
  return [...rows].sort((a, b) => {
    if (column === 'layer') return sign * a.name.localeCompare(b.name, undefined, { numeric: true })
    const [x, y] = [a.values[column], b.values[column]]
    if (x === null || y === null) return Number(x === null) - Number(y === null)
    return sign * (x - y)
  })
}

/** What the layers would cost and bring in float, if each acted alone. */
export function predicted(rows: readonly LayerRow[], names: ReadonlySet<string>) {
  const chosen = rows.filter(({ name }) => names.has(name))
  const sum = (of: (row: LayerRow) => number | null) => chosen.reduce((total, row) => total + (of(row) ?? 0), 0)
  return { count: chosen.length, addedBytes: sum(({ values }) => values.size), gain: sum(({ values }) => values.gain) }
}

/**
 * The recipe with these layers in float: their rules go before those that it has.
 * @param hasData ranges are chosen again; without data the recipe's own go on holding
 */
export function withFloatLayers(recipe: Recipe, method: string, names: readonly string[], hasData: boolean): Recipe {
  const rules = names.map((name) => ruleFor(name, 'float')).join(' ')
  const { version, seed } = recipe
  return {
    version,
    seed,
    steps: recipe.steps.map((step) => {
      const { ranges, ...plain } = step
      const kept = ranges && !hasData ? { ...plain, ranges } : plain
      if (step.method !== method) return kept
      const before = typeof step.options['layers'] === 'string' ? step.options['layers'] : ''
      return { ...kept, options: { ...step.options, layers: [rules, before].filter((part) => part !== '').join(' ') } }
    }),
  }
}

/** Methods that treat layers one by one. */
const isRuled = ({ method }: Recipe['steps'][number]) =>
  methodMetas.some(({ id, options }) => id === method && 'layers' in options)

/** Where a recipe has no such step, its layers are looked at as they would be in integers throughout. */
const INTEGERS: Recipe['steps'] = [
  { method: 'tidy', options: {} },
  { method: 'static-int8', options: {} },
]

/** The recipe whose layers can be ruled, and its step; null where that would need data and there is none. */
export function ruledRecipe(recipe: Recipe, hasData: boolean): { recipe: Recipe; method: string } | null {
  const step = recipe.steps.findLast(isRuled)
  if (step) return { recipe, method: step.method }
  return hasData ? { recipe: { ...recipe, steps: INTEGERS }, method: 'static-int8' } : null
}

/**
 * The recipe up to the step whose layers are measured.
 * @param hasData ranges are chosen again, which also counts values for histograms
 */
export function upToLayers({ version, seed, steps }: Recipe, hasData: boolean): Recipe {
  const last = steps.findLastIndex(isRuled)
  const given = steps.slice(0, last + 1)
  return { version, seed, steps: hasData ? given.map(({ method, options }) => ({ method, options })) : given }
}
